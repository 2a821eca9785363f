import { describe, expect, it } from 'vitest';
import { MODES, SettingsSchema } from '../../contract/index.ts';
import {
  type Candle,
  type MarketFeed,
  SILENT_LOGGER,
  type StateStore,
  TraderError,
} from '../../domain/index.ts';
import { MemoryHistoryStore, MemoryStateStore } from '../../storage/index.ts';
import { openFeed, profileOf, type ReplayedBar, rememberReplay } from './mode.ts';

const HOUR = 3_600_000;
const BTC = 'BTC/USDT';
const ETH = 'ETH/USDT';
const GONE = 'GONE/USDT';
const settings = SettingsSchema.parse({ mode: 'replay', symbols: [BTC] });

function bar(index: number): Candle {
  return { openTime: index * HOUR, open: 100, high: 100, low: 100, close: 100, volume: 1 };
}

function replayed(symbol: string, index: number): ReplayedBar {
  return { symbol, openTime: index * HOUR, durationMs: HOUR };
}

/** The next bars of a feed: whose, and which. */
async function barsOf(feed: MarketFeed, count: number): Promise<(readonly [string, number])[]> {
  const bars: (readonly [string, number])[] = [];
  while (bars.length < count) {
    const event = await feed.next(new AbortController().signal);
    if (event === undefined) break;
    if (event.kind === 'bar') bars.push([event.symbol, event.candle.openTime / HOUR]);
  }
  return bars;
}

/** The feed of a replay over stored hours, of which half warm up, and what was said on the way. */
async function replay(given: { symbols?: readonly string[]; hours?: number; state?: StateStore } = {}) {
  const { symbols = [BTC], hours = 100, state = new MemoryStateStore() } = given;
  const history = new MemoryHistoryStore();
  for (const symbol of symbols.filter((each) => each !== GONE)) {
    history.append(
      symbol,
      '1h',
      Array.from({ length: hours }, (_, index) => bar(index)),
    );
  }
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
    rememberReplay(state, replayed(BTC, 69));
    expect(await replay({ state })).toMatchObject({ warmUpBars: 70, faults: [] });
  });

  it('that ended between two bars of one moment goes on with the bar that is missing', async () => {
    const state = new MemoryStateStore();
    const moment = [...[BTC, ETH].map((symbol) => replayed(symbol, 69)), replayed(BTC, 70)];
    for (const done of moment) rememberReplay(state, done);
    const { feed, warmUpBars } = await replay({ symbols: [BTC, ETH], state });
    expect(warmUpBars).toBe(71);
    expect(feed.warmUp(ETH)).toHaveLength(70);
    expect(await barsOf(feed, 3)).toEqual([
      [ETH, 70],
      [BTC, 71],
      [ETH, 71],
    ]);
  });

  it.each([
    ['in its first moment', [replayed(BTC, 69)]],
    ['after a symbol was added', [replayed(BTC, 68), replayed(BTC, 69)]],
  ])('goes on, %s, with what has not come', async (_, moment) => {
    const state = new MemoryStateStore();
    for (const done of moment) rememberReplay(state, done);
    const { feed } = await replay({ symbols: [BTC, ETH], state });
    expect(await barsOf(feed, 2)).toEqual([
      [ETH, 69],
      [BTC, 70],
    ]);
  });

  it.each([
    ['before documents had versions', 70 * HOUR],
    ['when one time was kept for all symbols', { documentVersion: 1, value: 70 * HOUR }],
  ])('goes on where it had come to %s', async (_, stored) => {
    const state = new MemoryStateStore();
    state.write('replay-position', stored);
    const { feed, warmUpBars, faults } = await replay({ symbols: [BTC, ETH], state });
    expect([warmUpBars, feed.warmUp(ETH).length, faults]).toEqual([70, 70, []]);
  });

  it('begins anew where it had come to nothing', async () => {
    const state = new MemoryStateStore();
    state.write('replay-position', { documentVersion: 1, value: null });
    expect(await replay({ state })).toMatchObject({ warmUpBars: 50, faults: [] });
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
  it('has a letter of its own for its orders', () => {
    const letters = MODES.map((mode) => profileOf(mode).orderIdLetter);
    expect(new Set(letters).size).toBe(MODES.length);
  });

  it('trades at a venue of ours, at a real one, or on paper', () => {
    expect(MODES.map((mode) => profileOf(mode).market)).toEqual([
      { simulatedAt: 3_600 },
      { simulatedAt: 3_600 },
      'paper',
      'venue',
      'venue',
    ]);
  });
});
