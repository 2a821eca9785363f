import { describe, expect, test } from 'vitest';
import { marketFeedContract } from '../../../../tests/contracts/market-feed-contract.ts';
import type { MarketFeed } from '../../../domain/index.ts';
import { bar, MINUTE_MS } from './testing/fake-candle-venue.ts';
import { BTC, FeedScene, minute } from './testing/feed-scene.ts';

const ETH = 'ETH/USDT';

marketFeedContract('a venue through ccxt', () => {
  const symbols = [BTC, ETH];
  const scene = new FeedScene(symbols);
  const { feed, venue, timers } = scene;
  const ends = new AbortController();
  for (const symbol of symbols) {
    venue.addHistory(symbol, 50);
    void venue.tradeEvery(symbol, 700, ends.signal);
  }
  // Time passes while somebody waits.
  const living: MarketFeed = {
    symbols,
    open: (options) => scene.during(feed.open(options)),
    next: (signal) => scene.during(feed.next(signal)),
    warmUp: (symbol) => feed.warmUp(symbol),
    connection: (symbol) => feed.connection(symbol),
    async close() {
      ends.abort();
      await feed.close();
      await timers.pass(0);
    },
  };
  return { feed: living, symbols };
});

describe('opening', () => {
  test('loads the last 1,000 closed bars in pages, telling how far it is', async () => {
    const scene = new FeedScene();
    scene.venue.addHistory(BTC, 1_500);
    scene.venue.trade(BTC, 100);
    await scene.open();
    const warmUp = scene.feed.warmUp(BTC);
    expect(warmUp).toHaveLength(1_000);
    expect(warmUp[0]?.openTime).toBe(minute(-1_000));
    expect(warmUp.at(-1)?.openTime).toBe(minute(-1));
    expect(scene.progress).toContain('Fake: asking what is traded there');
    expect(scene.progress.filter((line) => line.startsWith(BTC)).length).toBeGreaterThan(3);
  });

  test('a symbol that is not listed has no bars, says so, and does not stop the others', async () => {
    const scene = new FeedScene();
    scene.venue.addHistory(BTC, 10);
    await scene.open([BTC, 'GONE/USDT']);
    expect(scene.feed.warmUp('GONE/USDT')).toEqual([]);
    expect(scene.feed.connection('GONE/USDT')).toEqual({
      state: 'closed',
      message: 'Fake does not list GONE/USDT',
    });
    expect(scene.feed.connection(BTC).state).toBe('connected');
    expect(scene.progress).toContain('Fake does not list GONE/USDT: no market data of it');
  });

  test('bars that the venue does not have are not invented', async () => {
    const scene = new FeedScene();
    scene.venue.addHistory(BTC, 100, (back) => back < 40 || back > 60);
    scene.venue.trade(BTC, 100);
    await scene.open();
    expect(scene.feed.warmUp(BTC)).toHaveLength(79);
  });

  test('a cut answer is asked for again', async () => {
    const scene = new FeedScene();
    scene.venue.addHistory(BTC, 10);
    let cuts = 2;
    scene.venue.answer = (rows) => {
      cuts -= 1;
      return cuts >= 0 ? rows.map(() => [undefined, undefined]) : rows;
    };
    await scene.open();
    expect(scene.feed.warmUp(BTC)).toHaveLength(10);
    expect(scene.progress.some((line) => line.includes('cannot be read'))).toBe(true);
  });

  test('a venue that never answers fails the opening, in its words', async () => {
    const scene = new FeedScene();
    scene.venue.answer = () => {
      throw new Error('no route to host');
    };
    await expect(scene.during(scene.feed.open({ symbols: [BTC] }))).rejects.toThrow('no route to host');
  });

  test('is given up when the program is', async () => {
    const scene = new FeedScene();
    scene.venue.answer = () => new Promise(() => undefined);
    const stop = new AbortController();
    const opening = scene.feed.open({ symbols: [BTC], signal: stop.signal });
    const failed = expect(opening).rejects.toThrow('aborted');
    await scene.timers.pass(1_000);
    stop.abort();
    await failed;
  });

  test('a timeframe that the venue does not have is refused with those it has', async () => {
    const scene = new FeedScene();
    Object.assign(scene.venue, { timeframes: { '5m': '5m', '1h': '1h' } });
    await expect(scene.feed.open({ symbols: [BTC] })).rejects.toThrow(
      'timeframe: Fake has no 1m candles: choose one of 5m, 1h',
    );
  });
});

describe('bars', () => {
  test('a bar is delivered as soon as the stream begins a later one, without asking', async () => {
    const scene = await opened();
    await scene.trading(61);
    expect(scene.bars).toEqual([0]);
    expect(scene.candles[0]).toEqual(scene.venue.bar(BTC, minute(0)));
    expect(asksOf(scene)).toBe(0);
  });

  test('a bar during which the stream broke is taken by REST, with what was missed', async () => {
    const scene = await opened();
    await scene.trading(30);
    scene.venue.drop();
    scene.venue.trade(BTC, 150);
    await scene.passTo(1, 1);
    scene.venue.trade(BTC, 100);
    await scene.pass(5);
    expect(scene.bars).toEqual([0]);
    expect(scene.candles[0]?.high).toBe(150);
  });

  test('a bar whose last moments the stream missed is not closed by it, however soon it is back', async () => {
    const scene = await opened();
    await scene.trading(56);
    scene.venue.drop();
    scene.venue.trade(BTC, 150);
    await scene.trading(1);
    await scene.passTo(1, 1);
    scene.venue.trade(BTC, 100);
    await scene.pass(4);
    expect(scene.candles).toEqual([scene.venue.bar(BTC, minute(0))]);
    expect(scene.candles[0]?.high).toBe(150);
  });

  test('C26 bars that were missed while the line was down come in order, each once, with no gap', async () => {
    const scene = await opened();
    await scene.trading(30);
    scene.venue.isStreaming = false;
    scene.venue.answer = () => {
      throw new Error('no route to host');
    };
    scene.venue.drop();
    await scene.trading(200);
    expect(scene.bars).toEqual([]);
    expect(scene.feed.connection(BTC)).toMatchObject({ state: 'disconnected' });
    expect(scene.feed.connection(BTC).message).toContain('no route to host');
    scene.venue.isStreaming = true;
    scene.venue.answer = null;
    await scene.trading(80);
    expect(scene.bars).toEqual([0, 1, 2, 3, 4]);
    expect(scene.gaps).toEqual([]);
    expect(scene.feed.connection(BTC)).toEqual({ state: 'connected', message: '' });
    for (const candle of scene.candles) expect(candle).toEqual(scene.venue.bar(BTC, candle.openTime));
  });

  test('a bar that nobody follows is closed by two answers that agree, after its end has settled', async () => {
    const scene = await opened();
    await scene.trading(50);
    await scene.passTo(1, 1);
    expect(scene.bars).toEqual([]);
    await scene.passTo(1, 6);
    expect(scene.bars).toEqual([0]);
  });

  test('a bar that the venue still corrects is not closed before two answers agree', async () => {
    const scene = await opened();
    await scene.trading(50);
    scene.venue.isStreaming = false;
    await scene.passTo(1, 3);
    scene.venue.put(BTC, { ...bar(minute(0), 100), volume: 77 });
    await scene.passTo(1, 10);
    expect(scene.candles).toEqual([{ ...bar(minute(0), 100), volume: 77 }]);
  });

  test('a bar that is still corrected where nothing is streamed is not closed before it has settled', async () => {
    const scene = new FeedScene();
    scene.venue.has = { fetchOHLCV: true, fetchTime: true };
    scene.venue.addHistory(BTC, 10);
    scene.venue.trade(BTC, 100);
    await scene.open();
    await scene.trading(55);
    await scene.passTo(1, 3);
    scene.venue.put(BTC, { ...bar(minute(0), 100), volume: 77 });
    await scene.passTo(1, 10);
    expect(scene.candles).toEqual([{ ...bar(minute(0), 100), volume: 77 }]);
  });

  test('a bar that is yet to come is not believed', async () => {
    const scene = await opened();
    await scene.trading(10);
    scene.venue.aheadMs = 600_000;
    scene.venue.trade(BTC, 100);
    scene.venue.aheadMs = 0;
    await scene.trading(60);
    expect(scene.candles).toEqual([scene.venue.bar(BTC, minute(0))]);
  });

  test('bars that the venue does not have are a gap, and nothing is invented', async () => {
    const scene = await opened();
    await scene.trading(59);
    await scene.passTo(4, 0);
    await scene.trading(70);
    expect(scene.events.filter(({ kind }) => kind !== 'step').map(({ kind }) => kind)).toEqual([
      'bar',
      'gap',
      'bar',
    ]);
    expect(scene.gaps).toEqual([{ from: 1, missingBars: 3 }]);
    expect(scene.bars).toEqual([0, 4]);
  });

  test('an answer that lags, without bars that are there, makes no gap', async () => {
    const scene = await opened();
    await scene.trading(30);
    scene.venue.drop();
    scene.venue.isStreaming = false;
    let lagging = 1;
    scene.venue.answer = (rows) => {
      if (scene.timers.now() < 2 * MINUTE_MS) return rows;
      lagging -= 1;
      return lagging >= 0 ? rows.filter(([time]) => time !== minute(1)) : rows;
    };
    await scene.trading(100);
    scene.venue.isStreaming = true;
    await scene.trading(60);
    expect(scene.gaps).toEqual([]);
    expect(scene.bars).toEqual([0, 1, 2]);
  });

  test.each<[string, (rows: readonly unknown[]) => unknown]>([
    ['empty', () => []],
    ['no list', () => ({})],
    ['rows of undefined', (rows) => rows.map(() => [undefined, undefined])],
    ['without the bar before', (rows) => rows.slice(2)],
  ])('an answer that is %s is no answer', async (_, cut) => {
    const scene = await opened();
    await scene.trading(30);
    scene.venue.drop();
    scene.venue.isStreaming = false;
    scene.venue.answer = cut;
    await scene.trading(90);
    expect(scene.events.filter(({ kind }) => kind !== 'step')).toEqual([]);
    scene.venue.answer = null;
    await scene.trading(30);
    expect(scene.bars).toEqual([0, 1]);
    expect(scene.gaps).toEqual([]);
  });

  test('a bar at the venue is closed by the venue’s clock, not by ours', async () => {
    const scene = new FeedScene();
    scene.venue.aheadMs = -40_000;
    scene.venue.addHistory(BTC, 10);
    scene.venue.trade(BTC, 100);
    await scene.open();
    await scene.passTo(0, 41);
    await scene.trading(15);
    // By ours the minute has been over for long.
    await scene.passTo(1, 38);
    expect(scene.bars).toEqual([-1]);
    await scene.passTo(1, 48);
    expect(scene.bars).toEqual([-1, 0]);
  });

  test('a symbol without any bar yet begins with its first', async () => {
    const scene = new FeedScene();
    await scene.open();
    await scene.pass(30);
    expect(scene.feed.connection(BTC).message).toContain('no candles of it yet');
    await scene.trading(40);
    expect(scene.bars).toEqual([0]);
    expect(scene.feed.connection(BTC).state).toBe('connected');
  });
});

describe('a silent line', () => {
  test('B5 a stream that has gone deaf is noticed within 20 s, told by REST and opened anew', async () => {
    const scene = await opened();
    await scene.trading(10);
    scene.venue.isStreaming = false;
    const told = scene.steps.length;
    await scene.trading(19, (second) => 120 + second);
    expect(scene.steps.length).toBeGreaterThan(told);
    expect(scene.steps.at(-1)?.candle.close).toBeGreaterThan(120);
    expect(scene.venue.closings).toBe(1);
    expect(scene.feed.connection(BTC).state).toBe('connected');
  });

  test('a stream that never answers and no REST is told within 20 s', async () => {
    const scene = await opened();
    await scene.trading(10);
    scene.venue.isStreaming = false;
    scene.venue.answer = () => new Promise(() => undefined);
    await scene.pass(21);
    expect(scene.feed.connection(BTC).state).toBe('disconnected');
  });

  test('a subscription that was forgotten without a word is given up for a new one', async () => {
    const scene = await opened();
    await scene.trading(10);
    scene.venue.tellsOfClosing = false;
    scene.venue.isStreaming = false;
    await scene.trading(20);
    scene.venue.isStreaming = true;
    const asked = scene.venue.asked.length;
    await scene.trading(25);
    expect(scene.venue.asked).toHaveLength(asked);
    expect(scene.steps.length).toBeGreaterThan(25);
  });

  test('an answer that never comes is not waited for for ever', async () => {
    const scene = await opened();
    await scene.trading(10);
    scene.venue.isStreaming = false;
    let count = 0;
    scene.venue.answer = (rows) => {
      count += 1;
      return count === 1 ? new Promise(() => undefined) : rows;
    };
    await scene.trading(80);
    expect(scene.bars).toEqual([0]);
    expect(scene.feed.connection(BTC).state).toBe('connected');
  });

  test('a market that has no bar at all of this time is asked for it now and then only', async () => {
    const scene = await opened();
    await scene.trading(50);
    await scene.passTo(2, 10);
    scene.venue.asked.length = 0;
    await scene.passTo(4, 10);
    expect(scene.bars).toEqual([0]);
    expect(scene.venue.asked.length).toBeLessThanOrEqual(18);
    expect(scene.feed.connection(BTC).state).toBe('connected');
  });

  test('a market without trades is not taken for a dead line, and said to be quiet', async () => {
    const scene = await opened();
    await scene.trading(10);
    const told = scene.steps.length;
    await scene.pass(40);
    expect(scene.feed.connection(BTC).state).toBe('connected');
    expect(scene.venue.closings).toBe(0);
    const quiet = scene.steps.slice(told);
    expect(quiet.length).toBeGreaterThanOrEqual(2);
    expect(quiet.every(({ candle }) => candle.volume === 0 && candle.close === 100)).toBe(true);
  });

  test('what a stream says after a silence about which nobody could be asked closes no bar', async () => {
    const scene = await opened();
    await scene.trading(45);
    scene.venue.isStreaming = false;
    scene.venue.answer = () => {
      throw new Error('no route to host');
    };
    scene.venue.trade(BTC, 140);
    await scene.passTo(1, 1);
    scene.venue.isStreaming = true;
    scene.venue.trade(BTC, 100);
    await scene.pass(3);
    expect(scene.bars).toEqual([]);
    scene.venue.answer = null;
    await scene.trading(20);
    expect(scene.candles).toEqual([scene.venue.bar(BTC, minute(0))]);
  });

  test('a stream that spoke again after a silence is not believed about the bar before', async () => {
    const scene = await opened();
    await scene.trading(40);
    scene.venue.isStreaming = false;
    scene.venue.trade(BTC, 140);
    await scene.passTo(1, 1);
    scene.venue.isStreaming = true;
    scene.venue.trade(BTC, 100);
    await scene.pass(4);
    expect(scene.candles).toEqual([scene.venue.bar(BTC, minute(0))]);
    expect(scene.candles[0]?.high).toBe(140);
  });

  test('V10 waits for nobody: the next event is nothing as soon as the signal aborts', async () => {
    const scene = await opened();
    const stop = new AbortController();
    const next = scene.feed.next(stop.signal);
    stop.abort();
    expect(await next).toBeUndefined();
  });
});

describe('without WebSocket', () => {
  test.each(['emulated', false, undefined] as const)('polls where streaming is %s', async (watchOHLCV) => {
    const scene = new FeedScene();
    scene.venue.has = { fetchOHLCV: true, watchOHLCV, fetchTime: true };
    scene.venue.addHistory(BTC, 10);
    scene.venue.trade(BTC, 100);
    await scene.open();
    await scene.trading(200);
    expect(scene.venue.sockets).toBe(0);
    expect(scene.bars).toEqual([0, 1, 2]);
    expect(scene.gaps).toEqual([]);
    expect(scene.steps.length).toBeGreaterThan(30);
    for (const candle of scene.candles) expect(candle).toEqual(scene.venue.bar(BTC, candle.openTime));
  });
});

describe('steps', () => {
  test('come at most once a second, when something happened', async () => {
    const scene = await opened();
    for (let trade = 0; trade < 100; trade += 1) {
      scene.venue.trade(BTC, 100 + (trade % 9));
      await scene.timers.pass(100);
    }
    expect(scene.steps.length).toBeGreaterThanOrEqual(8);
    expect(scene.steps.length).toBeLessThanOrEqual(11);
  });

  test('put together they are the bar', async () => {
    const scene = await opened();
    await scene.trading(200, (second) => 100 + ((second * 7) % 23));
    for (const candle of scene.candles) {
      const pieces = scene.steps.filter(
        (step) =>
          step.candle.openTime >= candle.openTime && step.candle.openTime < candle.openTime + MINUTE_MS,
      );
      const [first] = pieces;
      const last = pieces.at(-1);
      expect(first?.candle.open).toBe(candle.open);
      expect(first?.candle.openTime).toBe(candle.openTime);
      expect(Math.max(...pieces.map((piece) => piece.candle.high))).toBe(candle.high);
      expect(Math.min(...pieces.map((piece) => piece.candle.low))).toBe(candle.low);
      expect(last?.candle.close).toBe(candle.close);
      expect(pieces.reduce((sum, piece) => sum + piece.candle.volume, 0)).toBe(candle.volume);
      expect((last?.candle.openTime ?? 0) + (last?.durationMs ?? 0)).toBe(candle.openTime + MINUTE_MS);
    }
  });
});

test('nothing waits and nothing is asked once it is closed', async () => {
  const scene = await opened();
  await scene.trading(5);
  await scene.feed.close();
  await scene.pass(1);
  expect(scene.timers.waiting).toBe(0);
  const asked = scene.venue.asked.length;
  await scene.pass(120);
  expect(scene.venue.asked).toHaveLength(asked);
  expect(scene.feed.connection(BTC).state).toBe('closed');
});

async function opened(): Promise<FeedScene> {
  const scene = new FeedScene();
  scene.venue.addHistory(BTC, 30);
  scene.venue.trade(BTC, 100);
  await scene.open();
  // What was asked for the warm-up is not what is looked at.
  scene.venue.asked.length = 0;
  return scene;
}

const asksOf = ({ venue }: FeedScene): number => venue.asked.length;
