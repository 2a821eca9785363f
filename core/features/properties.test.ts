import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candle } from '../domain/index.ts';
import { CANDLE_GROUPS, FEATURE_GROUPS, READY_AFTER_BARS } from './catalogue.ts';
import { computeFeatures, type FeatureMatrix, type FeatureMatrixOptions } from './feature-matrix.ts';
import { flatCandles, generatedCandles, HOUR_MS, scaled } from './testing/generated-candles.ts';

const RAW: FeatureMatrixOptions = { timeframeMs: HOUR_MS, isBtc: true, warmUp: 'raw' };
const BARS = 900;

const seed = fc.integer({ min: 1, max: 1e9 });
const factor = fc.double({ min: -6, max: 6, noNaN: true }).map((exponent) => 10 ** exponent);

/** Largest absolute difference between two matrices; NaN where one has a value and the other none. */
function largestDifference(a: FeatureMatrix, b: FeatureMatrix): number {
  return a.values.reduce((largest, value, index) => {
    const other = b.values[index] ?? NaN;
    const difference = Number.isNaN(value) && Number.isNaN(other) ? 0 : Math.abs(value - other);
    return difference <= largest ? largest : difference;
  }, 0);
}

function bits(matrix: FeatureMatrix): BigUint64Array {
  return new BigUint64Array(matrix.values.buffer);
}

describe('features of any candles', () => {
  it('do not depend on the unit of price', () => {
    fc.assert(
      fc.property(seed, factor, (candleSeed, priceFactor) => {
        const candles = generatedCandles(candleSeed, BARS);
        const other = scaled(candles, priceFactor, 1);
        expect(largestDifference(computeFeatures(candles, RAW), computeFeatures(other, RAW))).toBeLessThan(
          1e-6,
        );
      }),
      { numRuns: 20 },
    );
  });

  it('do not depend on the unit of volume', () => {
    fc.assert(
      fc.property(seed, factor, (candleSeed, volumeFactor) => {
        const candles = generatedCandles(candleSeed, BARS);
        const other = scaled(candles, 1, volumeFactor);
        expect(largestDifference(computeFeatures(candles, RAW), computeFeatures(other, RAW))).toBeLessThan(
          1e-6,
        );
      }),
      { numRuns: 20 },
    );
  });

  it('#21 #32 know nothing of later bars', () => {
    fc.assert(
      fc.property(seed, seed, fc.integer({ min: 1, max: BARS - 1 }), (past, future, cut) => {
        const candles = generatedCandles(past, BARS);
        const changed = [...candles.slice(0, cut), ...generatedCandles(future, BARS).slice(cut)];
        const length = cut * computeFeatures([], RAW).names.length;
        const before = bits(computeFeatures(candles, RAW)).slice(0, length);
        expect(bits(computeFeatures(changed, RAW)).slice(0, length)).toEqual(before);
      }),
      { numRuns: 20 },
    );
  });

  it('are the same bits whichever groups are asked for', () => {
    const candles = generatedCandles(5, BARS);
    const all = computeFeatures(candles, RAW);
    for (const group of CANDLE_GROUPS) {
      const part = computeFeatures(candles, { ...RAW, groups: [group] });
      const at = all.names.indexOf(part.names[0] ?? 'rsi_14');
      for (let row = 0; row < BARS; row++) {
        const start = row * all.names.length + at;
        const expected = all.values.slice(start, start + part.names.length);
        expect(part.values.slice(row * part.names.length, (row + 1) * part.names.length)).toEqual(expected);
      }
    }
  });
});

describe('features of a market that does nothing', () => {
  const rising = generatedCandles(8, BARS);
  const cases: [string, readonly Candle[]][] = [
    ['flat prices', flatCandles(BARS, 123.45, 10)],
    ['flat prices without volume', flatCandles(BARS, 0.000_012_3, 0)],
    ['zero volume', scaled(rising, 1, 0)],
    ['a lively market that falls silent', silentAfter(rising, 850)],
    ['a single price change among flat bars', oneStep(BARS)],
  ];

  it.each(cases)('are finite after the warm-up: %s', (_, candles) => {
    const { values, names } = computeFeatures(candles, { ...RAW, warmUp: 'silent' });
    const ready = values.subarray((READY_AFTER_BARS - 1) * names.length);
    const faults = names.filter((_name, column) =>
      ready.some((value, at) => at % names.length === column && !Number.isFinite(value)),
    );
    expect(faults).toEqual([]);
  });

  it('are neutral on flat prices: no trend, no momentum, no volatility, no shape', () => {
    const { values, names } = computeFeatures(flatCandles(BARS, 123.45, 10), RAW);
    const last = values.subarray(-names.length);
    const unusual = names.filter((name, column) => {
      if (/^(hour|dow|funding|session|is_|btc_|hurst|vol_pctile|semivar)/.test(name)) return false;
      // Not exactly 0: an average may be off by a rounding error, and the flat ATR it is measured in is 1e-8.
      return !(Math.abs(last[column] ?? NaN) < 1e-5);
    });
    expect(unusual).toEqual([]);
    expect(last[names.indexOf('hurst_336')]).toBe(0.5);
    expect(last[names.indexOf('vol_pctile_720')]).toBe(0.5);
    expect(last[names.indexOf('semivar_down_48')]).toBe(0.5);
  });
});

describe('the 86 indicators', () => {
  it('are 86 different things: none is a linear function of the others', () => {
    const groups = FEATURE_GROUPS.slice(0, 6);
    const { values, names, rows, firstReady } = computeFeatures(generatedCandles(11, 3000), {
      ...RAW,
      groups,
    });
    const table = Array.from({ length: rows - firstReady }, (_, row) =>
      Array.from(values.subarray((firstReady + row) * names.length, (firstReady + row + 1) * names.length)),
    );
    expect(rankOf(correlations(table))).toBe(86);
  });
});

function silentAfter(candles: readonly Candle[], bar: number): Candle[] {
  const price = candles[bar - 1]?.close ?? NaN;
  const silence = { open: price, high: price, low: price, close: price, volume: 0 };
  return candles.map((candle, index) => (index < bar ? candle : { openTime: candle.openTime, ...silence }));
}

function oneStep(count: number): Candle[] {
  return flatCandles(count, 100, 5).map((candle, index) =>
    index < 840 ? candle : { ...candle, open: 101, high: 101, low: 101, close: 101 },
  );
}

function correlations(table: readonly (readonly number[])[]): number[][] {
  const width = table[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, column) => {
    const values = table.map((row) => row[column] ?? NaN);
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const norm = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0));
    return values.map((x) => (x - mean) / norm);
  });
  return columns.map((a) => columns.map((b) => a.reduce((sum, x, row) => sum + x * (b[row] ?? NaN), 0)));
}

/**
 * Rank of a correlation matrix: pivots above 1e-10 in elimination with the largest pivot first. The averages are close
 * to linear functions of each other (the last pivots are near 1e-8); an exact one would leave a rounding error, 1e-14.
 */
function rankOf(matrix: number[][]): number {
  const left = new Set(matrix.keys());
  const at = (i: number, j: number) => matrix[i]?.[j] ?? NaN;
  let rank = 0;
  while (left.size > 0) {
    const pivot = [...left].reduce((best, i) => (at(i, i) > at(best, best) ? i : best));
    if (!(at(pivot, pivot) > 1e-10)) break;
    left.delete(pivot);
    rank += 1;
    for (const i of left) {
      const share = at(i, pivot) / at(pivot, pivot);
      matrix[i] = (matrix[i] ?? []).map((value, j) => value - share * at(pivot, j));
    }
  }
  return rank;
}
