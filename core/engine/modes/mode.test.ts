import { describe, expect, it } from 'vitest';
import { SettingsSchema } from '../../contract/index.ts';
import { type Candle, SILENT_LOGGER, type StateStore, TraderError } from '../../domain/index.ts';
import { MemoryHistoryStore, MemoryStateStore } from '../../storage/index.ts';
import { openFeed, profileOf, rememberReplay } from './mode.ts';

const HOUR = 3_600_000;
const BTC = 'BTC/USDT';
const GONE = 'GONE/USDT';
const settings = SettingsSchema.parse({ mode: 'replay', symbols: [BTC] });

function bar(index: number): Candle {
  return { openTime: index * HOUR, open: 100, high: 100, low: 100, close: 100, volume: 1 };
}

/** The feed of a replay over stored hours, of which half warm up, and what was said on the way. */
async function replay(given: { symbols?: readonly string[]; hours?: number; state?: StateStore } = {}) {
  const { symbols = [BTC], hours = 100, state = new MemoryStateStore() } = given;
  const history = new MemoryHistoryStore();
  history.append(
    BTC,
    '1h',
    Array.from({ length: hours }, (_, index) => bar(index)),
  );
  const faults: unknown[] = [];
  const log = { ...SILENT_LOGGER, warn: ({ fault }: { fault?: unknown }) => faults.push(fault) };
  const feed = openFeed({ settings, symbols, history, state, log, replayFiles: [] });
  await feed.open({ symbols });
  return { feed, warmUpBars: feed.warmUp(BTC).length, faults };
}

describe('a replay', () => {
  it('begins in the middle of a short history', async () => {
    expect(await replay()).toMatchObject({ warmUpBars: 50, faults: [] });
  });

  it('goes on after a restart where it had come to', async () => {
    const state = new MemoryStateStore();
    rememberReplay(state, 70 * HOUR);
    expect(await replay({ state })).toMatchObject({ warmUpBars: 70, faults: [] });
  });

  it('goes on where it had come to before documents had versions', async () => {
    const state = new MemoryStateStore();
    state.write('replay-position', 70 * HOUR);
    expect(await replay({ state })).toMatchObject({ warmUpBars: 70, faults: [] });
  });

  it('begins anew, and says so, when where it had come to cannot be read', async () => {
    const state = new MemoryStateStore();
    state.write('replay-position', 'yesterday');
    expect(await replay({ state })).toMatchObject({
      warmUpBars: 50,
      faults: ['the stored replay-position cannot be used: it is damaged'],
    });
  });

  it('starts although there is no history of a symbol that is still held, and says that nothing will come of it', async () => {
    const { feed } = await replay({ symbols: [BTC, GONE] });
    expect(feed.symbols).toEqual([BTC]);
    expect(feed.connection(GONE)).toEqual({
      state: 'closed',
      message: 'there is no market data of GONE/USDT',
    });
    expect(feed.warmUp(GONE)).toEqual([]);
    expect(feed.warmUp(BTC)).toHaveLength(50);
  });

  it('is refused when there is no history of what is to be traded', async () => {
    await expect(replay({ hours: 0 })).rejects.toThrow(TraderError);
    await expect(replay({ hours: 0 })).rejects.toThrow('no 1h history of BTC/USDT is stored');
  });
});

describe('a mode', () => {
  it('that this version cannot run is refused with what to do', () => {
    expect(() => profileOf('live')).toThrow(TraderError);
    expect(() => profileOf('live')).toThrow('use demo, replay or sandbox');
    expect(profileOf('demo').market).toEqual({ simulatedAt: 1_800 });
    expect(profileOf('sandbox').market).toBe('venue');
  });
});
