import { describe, expect, it } from 'vitest';
import type { Candle, OrderBook } from '../domain/index.ts';
import { type FeatureNameOf, featureNames } from './catalogue.ts';
import { FeatureStream } from './feature-stream.ts';
import { orderBookFeatures } from './microstructure.ts';
import { depthSlope, takingCostBps } from './order-book-measures.ts';
import { flatCandles, HOUR_MS } from './testing/generated-candles.ts';

const BARS = 30;
/** 60 units of base at 100 an hour: 100 quote a minute. */
const candles = flatCandles(BARS, 100, 60);
const [last] = candles.slice(-1);
if (last === undefined) throw new Error('there are no candles');
const close = last.openTime + HOUR_MS;

/** Middle 100, spread 2 bps; 3 against 1 at the best prices, 1 a level beyond, 2 bps apart. */
function book(over: Partial<OrderBook> = {}): OrderBook {
  const bids = Array.from({ length: 25 }, (_, i) => [99.99 - 0.02 * i, i === 0 ? 3 : 1] as const);
  const asks = Array.from({ length: 25 }, (_, i) => [100.01 + 0.02 * i, 1] as const);
  return { time: close, bids, asks, ...over };
}

function features(books: readonly OrderBook[], taken: Partial<Candle> = {}) {
  const options = { timeframeMs: HOUR_MS, isBtc: true, groups: ['microstructure'], warmUp: 'raw' } as const;
  const stream = new FeatureStream(options);
  candles.forEach((candle, index) => {
    if (index === BARS - 1) stream.update({ ...candle, ...taken }, { books });
    else stream.update(candle);
  });
  return (name: FeatureNameOf<'microstructure'>) => stream.row.get(name);
}

describe('microstructure of a hand-made book', () => {
  const of = features([book()]);

  it.each([
    ['ob_available', 1],
    ['ob_spread_bps', Math.log(1 + 2)],
    // Half the spread, 1 bp, times the imbalance at the best prices.
    ['ob_microprice_bps', 0.5],
    ['ob_imb_1', 0.5],
    ['ob_imb_5', 2 / 12],
    ['ob_imb_20', 2 / 42],
    // Five levels lie within 10 bps on each side.
    ['ob_depth_10bps', Math.log((7 * 99.96 + 5 * 100.05 + 0.09) / 100)],
    ['ob_imb_5_mean_60s', 2 / 12],
  ] as const)('%s', (name, expected) => {
    expect(of(name)).toBeCloseTo(expected, 3);
  });

  it('weighs depth near the middle in quote currency', () => {
    expect(of('ob_imb_10bps')).toBeCloseTo(2 / 12, 2);
    expect(of('ob_imb_50bps')).toBeCloseTo(2 / 52, 2);
    expect(of('ob_depth_50bps')).toBeGreaterThan(of('ob_depth_10bps'));
  });

  it('costs half the spread to trade less than the best level holds', () => {
    expect(of('ob_cost_buy_bps')).toBeCloseTo(1, 9);
    expect(of('ob_cost_sell_bps')).toBeCloseTo(1, 9);
  });

  it('has no depth and no cost while the volume of a day is not known', () => {
    const columns = new Float64Array(16);
    const moment = { closeTime: close, books: [book()], volume: 1, takerBuyVolume: 1 };
    orderBookFeatures({ ...moment, minuteVolume: Number.NaN }, columns);
    const names = featureNames(['microstructure']);
    const without = names.filter((_, column) => Number.isNaN(columns[column]));
    expect(without).toEqual(['ob_depth_10bps', 'ob_depth_50bps', 'ob_cost_buy_bps', 'ob_cost_sell_bps']);
  });

  it('thickens evenly where every level holds the same', () => {
    expect(of('ob_slope_ask')).toBeGreaterThan(0.7);
    expect(of('ob_slope_ask')).toBeLessThan(1.3);
  });
});

describe('which book counts', () => {
  const crossed = book({ bids: [[100.02, 1]] });
  it.each<[string, readonly OrderBook[], 0 | 1]>([
    ['none', [], 0],
    ['one at the close', [book()], 1],
    ['one five seconds before', [book({ time: close - 5000 })], 1],
    ['one older than that', [book({ time: close - 5001 })], 0],
    ['one after the close: it is the future', [book({ time: close + 1 })], 0],
    ['one before and one after', [book({ time: close - 10 }), book({ time: close + 10 })], 1],
    ['a crossed one', [crossed], 0],
    ['a locked one', [book({ bids: [[100.01, 1]] })], 0],
    ['an empty side', [book({ asks: [] })], 0],
    ['a crossed one after a sound one', [book({ time: close - 10 }), crossed], 1],
  ])('%s', (_, books, available) => {
    const of = features(books);
    expect(of('ob_available')).toBe(available);
    expect(Number.isNaN(of('ob_imb_5'))).toBe(available === 0);
  });

  it('takes the mean of the last minute over all its snapshots, and only those', () => {
    const leaning = (time: number, bid: number) => book({ time, bids: [[99.99, bid]], asks: [[100.01, 1]] });
    const books = [
      leaning(close - 60_001, 100),
      leaning(close - 60_000, 3),
      leaning(close, 1),
      leaning(close + 1, 100),
    ];
    expect(features(books)('ob_imb_5_mean_60s')).toBeCloseTo((0.5 + 0) / 2, 12);
  });
});

describe('taker flow', () => {
  it.each([
    ['all buyers', { takerBuyVolume: 60 }, 1],
    ['half', { takerBuyVolume: 30 }, 0],
    ['all sellers', { takerBuyVolume: 0 }, -1],
    ['no trades at all', { volume: 0, takerBuyVolume: 0 }, 0],
    ['not told by the venue', {}, NaN],
  ])('%s', (_, taken, expected) => {
    expect(features([], taken)('flow_taker_imb')).toBe(expected);
  });
});

describe('measures of one side', () => {
  it('walks the levels for a larger trade', () => {
    // 100 quote at 100 and 105 quote at 105: 2 base for 205.
    const asks = [[100, 1] as const, [105, 5] as const];
    expect(takingCostBps(asks, 99, 205)).toBeCloseTo((1e4 * (102.5 - 99)) / 99, 9);
  });

  it('has no cost for more than the side holds', () => {
    expect(takingCostBps([[100, 1]], 99, 101)).toBeNaN();
  });

  it('has slope 2 where the cumulative amount grows with the square of the distance', () => {
    const side = [1, 2, 3, 4, 5].map((i) => [100 + i, 2 * i - 1] as const);
    expect(depthSlope(side, 100, 20)).toBeCloseTo(2, 9);
    expect(depthSlope(side.slice(0, 1), 100, 20)).toBeNaN();
  });
});
