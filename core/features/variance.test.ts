import { describe, expect, it } from 'vitest';
import type { Candle } from '../domain/index.ts';
import { type FeatureName, featureNames, READY_AFTER_BARS } from './catalogue.ts';
import { bitcoinContext, computeFeatures } from './feature-matrix.ts';
import { columnOf } from './testing/column-of.ts';
import { flatCandles, generatedCandles, HOUR_MS, START, scaled } from './testing/generated-candles.ts';

const OPTIONS = { timeframeMs: HOUR_MS, isBtc: true, groups: ['variance'], warmUp: 'raw' } as const;
const candles = generatedCandles(31, 900);
const bitcoin = generatedCandles(32, 900);
const matrix = computeFeatures(candles, OPTIONS);
const beside = computeFeatures(candles, { ...OPTIONS, isBtc: false, contextOf: bitcoinContext(bitcoin) });

const at = (of: readonly Candle[], row: number): Candle => of[row] ?? (of[0] as Candle); // there is a first
const returnOf = (of: readonly Candle[], row: number) => Math.log(at(of, row).close / at(of, row - 1).close);

/** The sum of `of` over the last `bars` bars up to `row`. */
function total(row: number, bars: number, of: (row: number) => number): number {
  return Array.from({ length: bars }, (_, age) => of(row - age)).reduce((sum, value) => sum + value, 0);
}

function expected(row: number): Partial<Record<FeatureName, number>> {
  const square = (index: number) => returnOf(candles, index) ** 2;
  const park = (index: number) =>
    Math.log(at(candles, index).high / at(candles, index).low) ** 2 / (4 * Math.LN2);
  const variance = (bars: number) => Math.log(total(row, bars, square) / bars);
  const fall = (index: number) => (returnOf(candles, index) < 0 ? square(index) : 0);
  const largest = (bars: number) => Math.max(...Array.from({ length: bars }, (_, age) => square(row - age)));
  const volume = (bars: number) => total(row, bars, (index) => at(candles, index).volume) / bars;
  const days = Array.from({ length: 30 }, (_, day) => total(row - 24 * day, 24, square) / 24);
  const weights = days.map((_, day) => (19 / 21) ** day);
  const ewma =
    days.reduce((sum, day, index) => sum + day * (weights[index] ?? 0), 0) /
    weights.reduce((sum, weight) => sum + weight, 0);
  const logs = days.map(Math.log);
  const mean = logs.reduce((sum, log) => sum + log, 0) / 30;
  const moved = (bars: number) => Math.log(at(candles, row).close / at(candles, row - bars).close);
  return {
    var_3: variance(3),
    var_24: variance(24),
    var_720: variance(720),
    park_var_6: Math.log(total(row, 6, park) / 6),
    park_var_168: Math.log(total(row, 168, park) / 168),
    gk_var_24: Math.log(
      total(row, 24, (index) => {
        const { open, close } = at(candles, index);
        return 2 * Math.LN2 * park(index) - (2 * Math.LN2 - 1) * Math.log(close / open) ** 2;
      }) / 24,
    ),
    var_ewma_20: Math.log(ewma),
    var_spread_30: Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / 30),
    jump_share_24: largest(24) / total(row, 24, square),
    jump_share_168: largest(168) / total(row, 168, square),
    down_share_24: total(row, 24, fall) / total(row, 24, square),
    down_share_168: total(row, 168, fall) / total(row, 168, square),
    move_24_z: moved(24) / Math.sqrt(total(row, 168, square) / 7),
    move_168_z: moved(168) / Math.sqrt((total(row, 720, square) * 168) / 720),
    volume_24_168: Math.log(volume(24) / volume(168)),
    volume_168_720: Math.log(volume(168) / volume(720)),
  };
}

describe('the variance features', () => {
  it.each([760, 833, 899])('are what their definitions say at bar %i, worked out anew', (row) => {
    for (const [name, value] of Object.entries(expected(row))) {
      expect(columnOf(matrix, name as FeatureName)[row], name).toBeCloseTo(value, 9);
    }
  });

  it("have bitcoin's variance beside another symbol's, and its own where it is bitcoin", () => {
    const square = (index: number) => returnOf(bitcoin, index) ** 2;
    const told = columnOf(beside, 'btc_var_24')[850];
    expect(told).toBeCloseTo(Math.log(total(850, 24, square) / 24), 9);
    expect(columnOf(matrix, 'btc_var_24')).toEqual(columnOf(matrix, 'var_24'));
  });

  it('have no value of bitcoin where its bar is missing', () => {
    const holed = bitcoin.filter((_, index) => index !== 850);
    const without = computeFeatures(candles, { ...OPTIONS, isBtc: false, contextOf: bitcoinContext(holed) });
    expect(columnOf(without, 'btc_var_24')[850]).toBeNaN();
    expect(columnOf(without, 'btc_park_var_6')[851]).not.toBeNaN();
  });

  it('divide the next day among the days of the week it lies on', () => {
    // The bar of index 5 closes on Monday at 06:00.
    const shares = ['tuesday', 'wednesday', 'sunday'].map((day) => {
      return columnOf(matrix, `ahead_${day}` as FeatureName)[5];
    });
    expect(new Date(START).getUTCDay()).toBe(1);
    expect(shares).toEqual([0.25, 0, 0]);
    // Sunday at 18:00: three quarters of the day ahead are Monday's.
    expect(columnOf(matrix, 'ahead_sunday')[6 * 24 + 17]).toBeCloseTo(0.25, 12);
  });

  it('know nothing of what comes: a future rewritten changes no value', () => {
    const other = [...candles.slice(0, 850), ...generatedCandles(99, 900).slice(850)];
    const width = matrix.names.length;
    const told = computeFeatures(other, OPTIONS).values.slice(0, 850 * width);
    expect(told).toEqual(matrix.values.slice(0, 850 * width));
  });

  it('do not depend on the unit of price or volume', () => {
    const same = computeFeatures(scaled(candles, 1e-4, 1e5), OPTIONS);
    for (const name of featureNames(['variance'])) {
      const [one, two] = [columnOf(matrix, name)[899], columnOf(same, name)[899]];
      expect(two, name).toBeCloseTo(one ?? NaN, 6);
    }
  });

  it('are finite when nothing moves and nothing trades', () => {
    const still = computeFeatures(flatCandles(READY_AFTER_BARS, 5, 0), OPTIONS);
    const last = still.values.slice(-still.names.length);
    expect([...last].every(Number.isFinite)).toBe(true);
    expect(columnOf(still, 'down_share_24')[READY_AFTER_BARS - 1]).toBe(0.5);
  });
});
