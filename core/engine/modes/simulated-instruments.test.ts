import { expect, it } from 'vitest';
import { type Candle, SILENT_LOGGER, type StateStore } from '../../domain/index.ts';
import { MemoryStateStore } from '../../storage/index.ts';
import { simulatedInstruments } from './simulated-instruments.ts';

const BTC = 'BTC/USDT';
const GONE = 'GONE/USDT';

const closedAt = (symbol: string, close: number): ReadonlyMap<string, readonly Candle[]> =>
  new Map([[symbol, [{ openTime: 0, open: close, high: close, low: close, close, volume: 1 }]]]);

/** What is listed, and what was said on the way. */
function listed(warmUp: ReadonlyMap<string, readonly Candle[]>, state: StateStore) {
  const faults: unknown[] = [];
  const log = { ...SILENT_LOGGER, warn: ({ fault }: { fault?: unknown }) => faults.push(fault) };
  const instruments = simulatedInstruments(warmUp, state, log);
  return { instruments, symbols: [...instruments.keys()], faults };
}

it('has the filters of a symbol’s first price, whatever it costs later', () => {
  const state = new MemoryStateStore();
  const first = listed(closedAt(BTC, 40_000), state).instruments.get(BTC);
  const later = listed(closedAt(BTC, 4), state).instruments.get(BTC);
  expect(JSON.stringify(later)).toBe(JSON.stringify(first));
});

it('knows first prices from before documents had versions', () => {
  const state = new MemoryStateStore();
  state.write('reference-prices', { [BTC]: 40_000 });
  const [old, fresh] = [state, new MemoryStateStore()].map((each) =>
    JSON.stringify(listed(closedAt(BTC, 4), each).instruments.get(BTC)),
  );
  expect(old).toBe(
    JSON.stringify(listed(closedAt(BTC, 40_000), new MemoryStateStore()).instruments.get(BTC)),
  );
  expect(old).not.toBe(fresh);
});

it('goes on with symbols of old trades, after those that are traded', () => {
  const state = new MemoryStateStore();
  listed(closedAt(GONE, 3), state);
  expect(listed(closedAt(BTC, 40_000), state).symbols).toEqual([BTC, GONE]);
});

it('leaves out what has no price, and prices that are none', () => {
  const state = new MemoryStateStore();
  state.write('reference-prices', { [GONE]: -1, nonsense: 5, 'ETH/USDT': 'dear', 'XRP/USDT': null });
  const none = new Map([...closedAt(BTC, 40_000), ['SOL/USDT', []] as const]);
  expect(listed(none, state)).toMatchObject({ symbols: [BTC], faults: [] });
});

it('derives filters anew, and says so, when what was kept is damaged', () => {
  const state = new MemoryStateStore();
  state.write('reference-prices', 'x');
  expect(listed(closedAt(BTC, 1), state)).toMatchObject({
    symbols: [BTC],
    faults: ['the stored reference-prices cannot be used: it is damaged'],
  });
});
