import { beforeAll, describe, expect, test } from 'vitest';
import {
  type Candle,
  type HistoryStore,
  type MarketEvent,
  TIMEFRAME_MS,
  type Timeframe,
} from '../../domain/index.ts';
import { MemoryStateStore } from '../../storage/index.ts';
import { SimulatedFeed, type SimulatedFeedOptions } from '../index.ts';
import { candle, HOUR_MS, START } from '../testing/candles.ts';
import { WatchedHistory } from '../testing/watched-history.ts';

const SYMBOLS = ['BTC/USDT', 'ETH/USDT'];
/** 60 steps and a bar of each symbol. */
const EVENTS_PER_BAR = 61 * SYMBOLS.length;

/** A machine with its disk: feeds come and go, the stores stay. */
class Desk {
  readonly history = new WatchedHistory();
  readonly state = new MemoryStateStore();

  async start(
    options: Partial<Omit<SimulatedFeedOptions, 'history' | 'state'>> = {},
  ): Promise<SimulatedFeed> {
    const { history, state } = this;
    const feed = new SimulatedFeed({
      symbols: SYMBOLS,
      timeframe: '1h',
      seed: 9,
      startTime: START,
      history,
      state,
      ...options,
    });
    await feed.open();
    return feed;
  }

  stored(symbol: string, timeframe: Timeframe = '1h'): readonly Candle[] {
    return this.history.candles(symbol, timeframe, {});
  }
}

const take = (feed: SimulatedFeed, count: number): MarketEvent[] =>
  Array.from({ length: count }, () => feed.next()).flatMap((event) => (event === undefined ? [] : [event]));
const barsOf = (events: readonly MarketEvent[]): Candle[] =>
  events.flatMap((event) => (event.kind === 'bar' ? [event.candle] : []));
const bytes = (value: unknown): string => JSON.stringify(value);

function expectContinuous(candles: readonly Candle[], spacingMs: number): void {
  for (const [index, { openTime }] of candles.entries()) {
    expect(openTime).toBe((candles[0]?.openTime ?? 0) + index * spacingMs);
  }
}

describe('the first start', () => {
  test('stores 1,000 bars before the start time without delivering them', async () => {
    const desk = new Desk();
    const feed = await desk.start({ startTime: START + 1_234 });
    for (const symbol of SYMBOLS) {
      const warmUp = feed.warmUp(symbol);
      expect(warmUp).toHaveLength(1_000);
      expectContinuous(warmUp, HOUR_MS);
      expect(warmUp.at(-1)?.openTime).toBe(START - HOUR_MS);
      expect(warmUp).toEqual(desk.stored(symbol));
    }
    expect(feed.startTime).toBe(START);
    expect(feed.next()).toMatchObject({
      kind: 'step',
      symbol: 'BTC/USDT',
      durationMs: 60_000,
      candle: { openTime: START },
    });
    await feed.close();
  });

  test('goes on where the warm-up ended', async () => {
    const feed = await new Desk().start();
    const [step] = take(feed, 1);
    expect(step?.kind === 'step' && step.candle.open).toBe(feed.warmUp('BTC/USDT').at(-1)?.close);
  });

  test('never begins before bars that are in the history already, and goes on at their price', async () => {
    const desk = new Desk();
    const imported = { ...candle(START + 5 * HOUR_MS), open: 200, high: 200, low: 200, close: 200 };
    desk.history.append('BTC/USDT', '1h', [imported]);
    const feed = await desk.start();
    expect(feed.startTime).toBe(START + 6 * HOUR_MS);
    const [step] = take(feed, 1);
    expect(step?.kind === 'step' && step.candle.open).toBeCloseTo(200, 0);
    expect(feed.warmUp('BTC/USDT').at(-1)).toEqual(imported);
    expect(desk.history.rewritten).toEqual([]);
  });
});

test('of each bar come the steps of all symbols in time order, then each symbol', async () => {
  const events = take(await new Desk().start(), 3 * EVENTS_PER_BAR);
  for (let bar = 0; bar < 3; bar += 1) {
    const own = events.slice(bar * EVENTS_PER_BAR, (bar + 1) * EVENTS_PER_BAR);
    const shape = own.map((event) => [
      event.kind,
      event.symbol,
      event.kind === 'gap' ? 0 : event.candle.openTime,
    ]);
    const openTime = START + bar * HOUR_MS;
    const steps = Array.from({ length: 60 }, (_, minute) =>
      SYMBOLS.map((symbol) => ['step', symbol, openTime + minute * 60_000]),
    );
    expect(shape).toEqual([...steps.flat(), ...SYMBOLS.map((symbol) => ['bar', symbol, openTime])]);
  }
});

test('a bar has the book at its close where books are asked for', async () => {
  const books = async (asked: boolean) =>
    take(await new Desk().start({ books: asked }), EVENTS_PER_BAR).flatMap((event) =>
      event.kind === 'bar' ? [event.book?.time] : [],
    );
  expect(await books(true)).toEqual([START + HOUR_MS, START + HOUR_MS]);
  expect(await books(false)).toEqual([undefined, undefined]);
});

describe('a restart', () => {
  let uninterrupted: string;
  beforeAll(async () => {
    uninterrupted = bytes(take(await new Desk().start(), 4 * EVENTS_PER_BAR));
  });

  test.each([
    ['before the first event', 0, 0],
    ['within the first bar', 30, 0],
    ['within the second bar', EVENTS_PER_BAR + 30, 1],
    ['after the last event of a bar', 2 * EVENTS_PER_BAR, 1],
    ['after the first event of the following bar', 2 * EVENTS_PER_BAR + 1, 2],
  ])(
    '%s delivers again from the beginning of the bar that was not stored, byte for byte',
    async (_, delivered, barsStored) => {
      const desk = new Desk();
      const before = take(await desk.start(), delivered);
      const resumed = await desk.start();
      expect(resumed.startTime).toBe(START + barsStored * HOUR_MS);
      expect(desk.stored('BTC/USDT')).toHaveLength(1_000 + barsStored);
      const after = take(resumed, 4 * EVENTS_PER_BAR - barsStored * EVENTS_PER_BAR);
      expect(bytes([...before.slice(0, barsStored * EVENTS_PER_BAR), ...after])).toBe(uninterrupted);
      expect(desk.history.rewritten).toEqual([]);
    },
  );

  test('after any number of crashes has the same history as none', async () => {
    const desk = new Desk();
    for (let run = 0; run < 8; run += 1) take(await desk.start(), EVENTS_PER_BAR + 7 * run);
    const calm = new Desk();
    take(await calm.start(), 8 * EVENTS_PER_BAR + 1);
    expect(bytes(desk.stored('ETH/USDT').slice(0, 1_007))).toBe(
      bytes(calm.stored('ETH/USDT').slice(0, 1_007)),
    );
    expect(desk.history.rewritten).toEqual([]);
  });

  test('between the two writes of a bar stores the same bar once more', async () => {
    const desk = new Desk();
    const feed = await desk.start();
    take(feed, EVENTS_PER_BAR);
    const write = desk.state.write;
    desk.state.write = () => {
      throw new Error('power cut');
    };
    expect(() => feed.next()).toThrow('power cut');
    desk.state.write = write;
    expect(desk.stored('BTC/USDT')).toHaveLength(1_001);
    const resumed = await desk.start();
    expect(resumed.warmUp('BTC/USDT').at(-1)?.openTime).toBe(START - HOUR_MS);
    take(resumed, EVENTS_PER_BAR + 1);
    expect(desk.stored('BTC/USDT')).toHaveLength(1_001);
    expect(desk.history.rewritten).toEqual([]);
  });

  test('gives the last 1,000 stored bars for warming up', async () => {
    const desk = new Desk();
    take(await desk.start(), 3 * EVENTS_PER_BAR + 1);
    expect((await desk.start()).warmUp('BTC/USDT')).toEqual(desk.stored('BTC/USDT').slice(3));
  });
});

test('a bar that could not be stored is stored when the next event is asked for again', async () => {
  const desk = new Desk();
  const feed = await desk.start();
  const delivered = take(feed, EVENTS_PER_BAR);
  const append = desk.history.append;
  desk.history.append = (): void => {
    throw new Error('disk full');
  };
  expect(() => feed.next()).toThrow('disk full');
  desk.history.append = append;
  expect(feed.next()).toMatchObject({ kind: 'step', candle: { openTime: START + HOUR_MS } });
  expect(desk.stored('ETH/USDT').at(-1)).toEqual(barsOf(delivered).at(-1));
});

describe('a change', () => {
  /** A desk that ran three bars, with what it had then. */
  async function ranBefore(): Promise<{ desk: Desk; closes: ReadonlyMap<string, number>; stored: string }> {
    const desk = new Desk();
    take(await desk.start(), 3 * EVENTS_PER_BAR + 1);
    const closes = new Map(
      SYMBOLS.map((symbol) => [symbol, desk.stored(symbol).at(-1)?.close ?? Number.NaN]),
    );
    return { desk, closes, stored: bytes(SYMBOLS.map((symbol) => desk.stored(symbol))) };
  }
  const now = START + 3 * HOUR_MS;

  function expectGoesOn(
    feed: SimulatedFeed,
    closes: ReadonlyMap<string, number>,
    timeframe: Timeframe,
  ): void {
    const firstOpens = new Map<string, number>();
    for (const event of take(feed, feed.symbols.length))
      if (event.kind === 'step') firstOpens.set(event.symbol, event.candle.open);
    for (const symbol of feed.symbols) {
      const warmUp = feed.warmUp(symbol);
      expect(warmUp.length).toBe(1_000);
      expectContinuous(warmUp, TIMEFRAME_MS[timeframe]);
      expect(warmUp.at(-1)?.openTime).toBe(feed.startTime - TIMEFRAME_MS[timeframe]);
      expect(warmUp.at(-1)?.close).toBe(firstOpens.get(symbol));
      if (closes.has(symbol)) expect(firstOpens.get(symbol)).toBe(closes.get(symbol));
    }
  }

  test('a new symbol gets its own history; the others go on untouched', async () => {
    const { desk, closes, stored } = await ranBefore();
    const feed = await desk.start({ symbols: ['SOL/USDT', ...SYMBOLS] });
    expect(feed.startTime).toBe(now);
    expectGoesOn(feed, closes, '1h');
    expect(bytes(SYMBOLS.map((symbol) => desk.stored(symbol)))).toBe(stored);
  });

  test('a symbol that comes back goes on at its last price, after a hole', async () => {
    const { desk, closes } = await ranBefore();
    take(await desk.start({ symbols: ['ETH/USDT'] }), 5 * 61 + 1);
    const feed = await desk.start();
    expect(feed.startTime).toBe(now + 5 * HOUR_MS);
    const [step] = take(feed, 1);
    expect(step?.kind === 'step' && step.candle.open).toBe(closes.get('BTC/USDT'));
    expect(desk.history.rewritten).toEqual([]);
    expectContinuous(feed.warmUp('BTC/USDT'), HOUR_MS);
  });

  test.each<[Timeframe, number]>([
    ['5m', now],
    ['4h', START + 4 * HOUR_MS],
    ['1d', START + 24 * HOUR_MS],
  ])('the timeframe %s gets its own history; time and prices go on', async (timeframe, startTime) => {
    const { desk, closes, stored } = await ranBefore();
    const feed = await desk.start({ timeframe });
    expect(feed.startTime).toBe(startTime);
    expectGoesOn(feed, closes, timeframe);
    expect(bytes(SYMBOLS.map((symbol) => desk.stored(symbol)))).toBe(stored);
  });

  test('back to the first timeframe after a while, no stored bar is written again', async () => {
    const { desk } = await ranBefore();
    take(await desk.start({ timeframe: '5m' }), 30 * EVENTS_PER_BAR + 1);
    const feed = await desk.start();
    expect(feed.startTime).toBe(now + 3 * HOUR_MS);
    expectContinuous(feed.warmUp('BTC/USDT'), HOUR_MS);
    expect(desk.history.rewritten).toEqual([]);
  });

  test('the seed: prices go on, the future is another', async () => {
    const { desk, closes, stored } = await ranBefore();
    const same = take(await desk.start(), EVENTS_PER_BAR);
    const feed = await desk.start({ seed: 10 });
    expect(feed.startTime).toBe(now);
    expect(bytes(SYMBOLS.map((symbol) => desk.stored(symbol)))).toBe(stored);
    expectGoesOn(feed, closes, '1h');
    expect(bytes(take(await desk.start({ seed: 10 }), EVENTS_PER_BAR))).not.toBe(bytes(same));
  });

  test.each<[string, unknown]>([
    ['of an older version', { seed: 9, bars: [] }],
    ['that is no document', 'x'],
  ])('a state %s is not used: it begins after the stored history, at its prices', async (_, state) => {
    const { desk, closes } = await ranBefore();
    desk.state.write('simulated-market', state);
    const feed = await desk.start();
    expect(feed.startTime).toBe(now);
    const [step] = take(feed, 1);
    expect(step?.kind === 'step' && step.candle.open).toBe(closes.get('BTC/USDT'));
    expect(desk.history.rewritten).toEqual([]);
  });
});

test('a history that was emptied is generated anew', async () => {
  const desk = new Desk();
  take(await desk.start(), EVENTS_PER_BAR + 1);
  const history: HistoryStore = new WatchedHistory();
  const feed = new SimulatedFeed({
    symbols: SYMBOLS,
    timeframe: '1h',
    seed: 9,
    startTime: START,
    history,
    state: desk.state,
  });
  await feed.open();
  expect(feed.startTime).toBe(START + HOUR_MS);
  expect(feed.warmUp('ETH/USDT')).toHaveLength(1_000);
});

test('a symbol that is none is refused', async () => {
  await expect(new Desk().start({ symbols: ['bitcoin'] })).rejects.toThrow(
    'bitcoin is not a symbol such as BTC/USDT',
  );
});
