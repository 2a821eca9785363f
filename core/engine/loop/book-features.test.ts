import { describe, expect, it } from 'vitest';
import { type OrderBook, type Position, simulatedInstrument, ZERO_BASE } from '../../domain/index.ts';
import { CANDLE_GROUPS, FeatureStream, featuresOf, orderBookFeatures } from '../../features/index.ts';
import { generatedCandles, HOUR_MS } from '../../features/testing/generated-candles.ts';
import { RecentMarket } from '../../market/index.ts';
import { BOOK_FEATURES, BookFeatures } from './book-features.ts';
import { SymbolDesk } from './symbol-desk.ts';

const SYMBOL = 'ETH/USDT';
const COSTS = { makerFeeBps: 1, takerFeeBps: 2, spreadBps: 7, slippageBps: 3, source: 'venue' } as const;
const bars = generatedCandles(5, 60).map(({ takerBuyVolume: _, ...bar }) => bar);
const last = bars.at(-1);
if (last === undefined) throw new TypeError('no bars');
const closeTime = last.openTime + HOUR_MS;

const bookAt = (time: number, bid = 99.99, ask = 100.01): OrderBook => ({
  time,
  bids: [
    [bid, 300],
    [bid - 0.01, 1e9],
  ],
  asks: [
    [ask, 100],
    [ask + 0.01, 1e9],
  ],
});

function scene(since = 0) {
  const recent = new RecentMarket({ timeframeMs: HOUR_MS, since });
  const book = new BookFeatures(SYMBOL, '1h', recent);
  const desk = new SymbolDesk({
    instrument: simulatedInstrument(SYMBOL, 100),
    timeframe: '1h',
    features: new FeatureStream({ timeframeMs: HOUR_MS, isBtc: false }),
    book,
    costs: () => COSTS,
    wayIn: 'take',
    notTradable: () => null,
  });
  const close = () => {
    for (const bar of bars) desk.close(bar);
    return desk.brief(last as (typeof bars)[number], 'ranging', FLAT, null);
  };
  const trade = (amount: number, takerSide: 'buy' | 'sell' | null) =>
    recent.showTrade(SYMBOL, { time: closeTime - 1, price: 100, amount, takerSide });
  return { recent, book, close, trade };
}

const FLAT = { quantity: ZERO_BASE } as Position; // nothing else is read of a position that holds nothing

describe('the order book at a close', () => {
  it('gives its features to the brief, which keeps them over the next bar', () => {
    const { recent, close, book } = scene();
    recent.showBook(SYMBOL, bookAt(closeTime - 30_000, 95, 105));
    recent.showBook(SYMBOL, bookAt(closeTime - 100));
    recent.showBook(SYMBOL, bookAt(closeTime + 1, 10, 20));
    const brief = close();
    const day = bars
      .slice(-24)
      .map(({ high, low, close: price, volume }) => ((high + low + price) / 3) * volume);
    const expected = new Float64Array(BOOK_FEATURES.length);
    orderBookFeatures(
      {
        closeTime,
        books: recent.books(SYMBOL),
        minuteVolume: day.reduce((sum, each) => sum + each, 0) / day.length / 60,
        volume: last.volume,
        takerBuyVolume: Number.NaN,
      },
      expected,
    );
    const told = () => BOOK_FEATURES.map((name) => brief.feature(name));
    const nine = (values: Iterable<number>) => Array.from(values, (value) => value.toPrecision(9));
    expect(nine(told())).toEqual(nine(expected));
    expect(told().filter(Number.isNaN)).toHaveLength(1);
    expect(brief.feature('ob_spread_bps')).toBeCloseTo(Math.log1p(2), 9);
    expect(brief.feature('ob_imb_1')).toBe(0.5);
    const before = told();
    brief.keep();
    book.close({ ...last, openTime: closeTime });
    expect(told()).toEqual(before);
  });

  it.each([
    ['none was told', () => []],
    ['it is older than 5 s', () => [bookAt(closeTime - 5_001)]],
    ['it is crossed', () => [bookAt(closeTime - 100, 101, 99)]],
    ['it came after the close', () => [bookAt(closeTime + 1)]],
  ])('is said to be missing when %s', (_, books) => {
    const { recent, close } = scene();
    for (const book of books()) recent.showBook(SYMBOL, book);
    const brief = close();
    expect(brief.feature('ob_available')).toBe(0);
    for (const name of BOOK_FEATURES.slice(1)) expect(brief.feature(name)).toBeNaN();
  });

  it('is no part of the models’ window', () => {
    const features = new FeatureStream({ timeframeMs: HOUR_MS, isBtc: false });
    const { close } = scene();
    close();
    expect(features.row.names).toEqual(featuresOf(CANDLE_GROUPS).map(({ name }) => name));
    expect(features.row.names).not.toContain('ob_available');
  });
});

describe('what takers bought of a bar', () => {
  it('is told by the trades, when all of them were heard', () => {
    const { trade, close } = scene();
    trade(last.volume * 0.75, 'buy');
    trade(last.volume * 0.25, 'sell');
    expect(close().feature('flow_taker_imb')).toBeCloseTo(0.5, 9);
  });

  it.each([
    ['too few were heard', 0, 0.9, 'buy'],
    ['too many were heard', 0, 1.1, 'buy'],
    ['a taker is not told', 0, 1, null],
    ['the bar had begun before', last.openTime + 1, 1, 'buy'],
  ] as const)('is not known when %s', (_, since, share, side) => {
    const { trade, close } = scene(since);
    trade(last.volume * share, side);
    expect(close().feature('flow_taker_imb')).toBeNaN();
  });

  it('is the candle’s own where that says it', () => {
    const { book, trade } = scene();
    trade(last.volume, 'buy');
    book.close({ ...last, takerBuyVolume: 0 });
    expect(book.row.get('flow_taker_imb')).toBe(-1);
  });
});

describe('the spread of what trading costs', () => {
  it('is the book’s while that is fresh, else the one that was told', () => {
    const { recent, book } = scene();
    expect(book.costs(COSTS, closeTime)).toEqual(COSTS);
    recent.showBook(SYMBOL, bookAt(closeTime, 99.9, 100.1));
    const { spreadBps, ...rest } = book.costs(COSTS, closeTime + 5_000);
    expect(spreadBps).toBeCloseTo(20, 9);
    expect({ ...rest, spreadBps: 7 }).toEqual({ ...COSTS, spreadSeen: true });
    expect(book.costs(COSTS, closeTime + 5_001)).toEqual(COSTS);
  });
});
