import { describe, expect, it } from 'vitest';
import { SettingsSchema } from '../../contract/index.ts';
import { generatedCandles } from '../../features/testing/generated-candles.ts';
import { MemoryHistoryStore, MemoryStateStore } from '../../storage/index.ts';
import { openFeed, profileOf } from './mode.ts';
import { simulatedInstruments } from './simulated-instruments.ts';

const BTC = 'BTC/USDT';
const GONE = 'GONE/USDT';

function scene(mode: 'demo' | 'replay') {
  const history = new MemoryHistoryStore();
  const state = new MemoryStateStore();
  const settings = SettingsSchema.parse({ mode, symbols: [BTC] });
  const bars = generatedCandles(1, 900);
  history.append(BTC, '1h', bars);
  const open = (...symbols: readonly string[]) =>
    openFeed({ settings, symbols, history, state, replayFiles: [] });
  return { history, state, bars, open };
}

describe('a replay', () => {
  it('starts although there is no history of a symbol that is still held, and says that nothing will come of it', async () => {
    const feed = scene('replay').open(BTC, GONE);
    await feed.open({ symbols: [BTC, GONE] });
    expect(feed.symbols).toEqual([BTC]);
    expect(feed.connection(GONE)).toEqual({
      state: 'closed',
      message: 'there is no market data of GONE/USDT',
    });
    expect(feed.warmUp(GONE)).toEqual([]);
    expect(feed.warmUp(BTC)).toHaveLength(450);
  });

  it('is refused when there is no history of what is to be traded', () => {
    const { history, state } = { history: new MemoryHistoryStore(), state: new MemoryStateStore() };
    const settings = SettingsSchema.parse({ mode: 'replay', symbols: [BTC] });
    expect(() => openFeed({ settings, symbols: [BTC], history, state, replayFiles: [] })).toThrow(
      'no 1h history of BTC/USDT is stored',
    );
  });
});

describe('a mode', () => {
  it('that needs an exchange is refused in one line', () => {
    expect(() => profileOf('live')).toThrow('live needs the connection to an exchange');
    expect(profileOf('demo').defaultSpeed).toBeGreaterThan(1);
  });
});

describe('what a simulated venue lists', () => {
  const warmUp = (symbol: string, close: number) =>
    new Map([[symbol, [{ openTime: 0, open: close, high: close, low: close, close, volume: 1 }]]]);

  it('has the filters of a symbol’s first price, whatever it costs later', () => {
    const state = new MemoryStateStore();
    const first = simulatedInstruments(warmUp(BTC, 40_000), state).get(BTC);
    const later = simulatedInstruments(warmUp(BTC, 4), state).get(BTC);
    expect(JSON.stringify(later)).toBe(JSON.stringify(first));
  });

  it('goes on with symbols of old trades, after those that are traded', () => {
    const state = new MemoryStateStore();
    simulatedInstruments(warmUp(GONE, 3), state);
    expect([...simulatedInstruments(warmUp(BTC, 40_000), state).keys()]).toEqual([BTC, GONE]);
  });

  it('leaves out what has no price, and prices that are none', () => {
    const state = new MemoryStateStore();
    state.write('reference-prices', { [GONE]: -1, nonsense: 5, 'ETH/USDT': 'dear' });
    const none = new Map([...warmUp(BTC, 40_000), ['SOL/USDT', []] as const]);
    expect([...simulatedInstruments(none, state).keys()]).toEqual([BTC]);
    state.write('reference-prices', 'x');
    expect([...simulatedInstruments(warmUp(BTC, 1), state).keys()]).toEqual([BTC]);
  });
});
