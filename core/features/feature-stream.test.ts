import { describe, expect, it } from 'vitest';
import type { Candle } from '../domain/index.ts';
import { CANDLE_GROUPS, FEATURE_GROUPS, featureNames, READY_AFTER_BARS } from './catalogue.ts';
import { bitcoinContext, computeFeatures } from './feature-matrix.ts';
import { FeatureStream } from './feature-stream.ts';
import { columnOf } from './testing/column-of.ts';
import { generatedCandles, HOUR_MS } from './testing/generated-candles.ts';

const OPTIONS = { timeframeMs: HOUR_MS, isBtc: true } as const;
const RAW = { ...OPTIONS, warmUp: 'raw' } as const;
const candles = generatedCandles(1, 1000);

function candleAt(index: number): Candle {
  const candle = candles[index];
  if (candle === undefined) throw new Error(`there is no candle ${index}`);
  return candle;
}

function streamAfter(
  count: number,
  options: ConstructorParameters<typeof FeatureStream>[0] = OPTIONS,
): FeatureStream {
  const stream = new FeatureStream(options);
  for (const candle of candles.slice(0, count)) stream.update(candle);
  return stream;
}

/** Both streams give the same features for the next hundred candles, bitcoin moving as they do. */
function expectSameFuture(actual: FeatureStream, expected: FeatureStream, from: number): void {
  for (const candle of candles.slice(from, from + 100)) {
    const context = { btcCandle: candle };
    expect(actual.update(candle, context).values).toEqual(expected.update(candle, context).values);
  }
}

describe('a feature stream', () => {
  it('says nothing before bar 800', () => {
    const stream = streamAfter(READY_AFTER_BARS - 1);
    expect(stream.ready).toBe(false);
    expect(stream.row.values.every(Number.isNaN)).toBe(true);
    const row = stream.update(candleAt(READY_AFTER_BARS - 1));
    expect(row.ready).toBe(true);
    expect(row.values.some(Number.isNaN)).toBe(false);
  });

  it('gives raw values during the warm-up when asked to', () => {
    const row = streamAfter(30, RAW).row;
    expect(row.ready).toBe(false);
    expect(row.get('rsi_14')).toBeGreaterThan(-1);
    expect(row.get('dist_sma_200_atr')).toBeNaN();
  });

  it('has the columns of the model input: 106, or 155 with the order book and what the volatility models read', () => {
    expect(new FeatureStream(OPTIONS).row.names).toEqual(featureNames(CANDLE_GROUPS));
    const all = new FeatureStream({ ...OPTIONS, groups: FEATURE_GROUPS });
    expect(all.row.names).toEqual(featureNames());
    expect(all.row.values).toHaveLength(155);
  });

  it('reuses one row: its array is the same on every bar', () => {
    const stream = streamAfter(1);
    const { values } = stream.row;
    expect(stream.update(candleAt(1)).values).toBe(values);
  });

  it('knows a row by its opening and closing time', () => {
    const { openTime, closeTime } = streamAfter(10).row;
    expect([openTime, closeTime]).toEqual([candleAt(9).openTime, candleAt(9).openTime + HOUR_MS]);
  });

  it('does not answer for a group that is not computed', () => {
    const { row } = new FeatureStream({ ...OPTIONS, groups: ['trend'] });
    expect(() => row.get('rsi_14')).toThrow(RangeError);
  });

  it.each<[string, Candle]>([
    ['repeats the last', candleAt(9)],
    ['is earlier', candleAt(3)],
    ['has no time', { ...candleAt(10), openTime: NaN }],
    ['has no price', { ...candleAt(10), close: NaN }],
    ['closes above its high', { ...candleAt(10), close: 2 * candleAt(10).high }],
    ['has negative volume', { ...candleAt(10), volume: -1 }],
  ])('refuses a candle that %s, and is unchanged by it', (_, candle) => {
    const stream = streamAfter(10, RAW);
    expect(() => stream.update(candle)).toThrow(RangeError);
    expectSameFuture(stream, streamAfter(10, RAW), 10);
  });

  it('is the same as the batch, bit for bit', () => {
    const stream = new FeatureStream(OPTIONS);
    const { values, names, firstReady } = computeFeatures(candles, OPTIONS);
    candles.forEach((candle, row) => {
      expect(stream.update(candle).values).toEqual(
        values.slice(row * names.length, (row + 1) * names.length),
      );
    });
    expect(firstReady).toBe(READY_AFTER_BARS - 1);
  });
});

describe('bitcoin as context', () => {
  const btc = generatedCandles(2, 1000);
  const options = { ...OPTIONS, isBtc: false, contextOf: bitcoinContext(btc) };

  it('is constant for bitcoin itself', () => {
    const row = streamAfter(900).row;
    expect([row.get('btc_ret_24_z'), row.get('btc_beta_168'), row.get('btc_corr_168')]).toEqual([0, 1, 1]);
  });

  it('is its own return, the same number as in its own features', () => {
    const own = columnOf(computeFeatures(btc, OPTIONS), 'ret_24_z');
    expect(columnOf(computeFeatures(candles, options), 'btc_ret_24_z').at(-1)).toBe(own.at(-1));
  });

  it('has beta and correlation 1 for a symbol that moves like it', () => {
    const twin = { ...options, contextOf: bitcoinContext(candles) };
    const matrix = computeFeatures(candles, twin);
    expect(columnOf(matrix, 'btc_beta_168').at(-1)).toBeCloseTo(1, 12);
    expect(columnOf(matrix, 'btc_corr_168').at(-1)).toBeCloseTo(1, 12);
  });

  it('is unknown on a bar without a bitcoin bar, and known again on the next', () => {
    const holed = btc.filter((_, index) => index !== 900);
    const matrix = computeFeatures(candles, { ...options, contextOf: bitcoinContext(holed) });
    const beta = columnOf(matrix, 'btc_beta_168');
    expect(beta[899]).not.toBeNaN();
    expect(beta[900]).toBeNaN();
    expect(beta[901]).not.toBeNaN();
  });

  it('of another time, or unsound, is refused, and nothing is changed', () => {
    const other = { ...RAW, isBtc: false };
    const stream = streamAfter(5, other);
    expect(() => stream.update(candleAt(5), { btcCandle: candleAt(4) })).toThrow(RangeError);
    expect(() => stream.update(candleAt(5), { btcCandle: { ...candleAt(5), close: 0 } })).toThrow(RangeError);
    expectSameFuture(stream, streamAfter(5, other), 5);
  });
});
