import { describe, expect, it } from 'vitest';
import type { Candle } from '../domain/index.ts';
import { type FeatureName, READY_AFTER_BARS } from './catalogue.ts';
import { computeFeatures } from './feature-matrix.ts';
import { FeatureStream } from './feature-stream.ts';
import { columnOf } from './testing/column-of.ts';
import { generatedCandles, HOUR_MS } from './testing/generated-candles.ts';

const OPTIONS = { timeframeMs: HOUR_MS, isBtc: true } as const;
const OUTAGE = 900;

/** The market goes on 5 % higher after an outage of so many hours. */
function withOutage(hours: number): Candle[] {
  return generatedCandles(21, 1100).map((candle, index) => {
    if (index < OUTAGE) return candle;
    const { open, high, low, close, volume } = candle;
    const later = candle.openTime + hours * HOUR_MS;
    return {
      openTime: later,
      open: 1.05 * open,
      high: 1.05 * high,
      low: 1.05 * low,
      close: 1.05 * close,
      volume,
    };
  });
}

const candles = withOutage(1);
const matrix = computeFeatures(candles, OPTIONS);
const unbroken = computeFeatures(withOutage(0), OPTIONS);

function value(name: FeatureName, row = OUTAGE): number {
  return columnOf(matrix, name)[row] ?? NaN;
}

describe('the first bar after an outage', () => {
  const [before, bar] = candles.slice(OUTAGE - 1, OUTAGE + 1);
  if (before === undefined || bar === undefined) throw new Error('the outage is at the end');

  it('silences nothing: every feature stays known and finite', () => {
    expect(matrix.values.subarray((READY_AFTER_BARS - 1) * matrix.names.length).every(Number.isFinite)).toBe(
      true,
    );
  });

  it('stands alone: it has its own body for a return and its own range for a true range', () => {
    const returns = candles.slice(OUTAGE - 19, OUTAGE).map((candle, index) => {
      return Math.log(candle.close / (candles[OUTAGE - 20 + index]?.close ?? NaN));
    });
    const own = Math.log(bar.close / bar.open);
    const all = [...returns, own];
    const mean = all.reduce((sum, r) => sum + r, 0) / 20;
    const sigma = Math.sqrt(all.reduce((sum, r) => sum + (r - mean) ** 2, 0) / 20);
    expect(value('ret_1_z')).toBeCloseTo(own / sigma, 9);
    const atr = (row: number) => value('natr_14', row) * (candles[row]?.close ?? NaN);
    expect(atr(OUTAGE)).toBeCloseTo((13 * atr(OUTAGE - 1) + bar.high - bar.low) / 14, 6);
  });

  it('has no gap, no engulfing and no higher high: the bar before is not its neighbour', () => {
    expect(value('gap_atr')).toBe(0);
    expect(value('engulfing')).toBe(0);
    expect(columnOf(unbroken, 'gap_atr')[OUTAGE]).toBeGreaterThan(1);
  });

  it('begins a new run', () => {
    expect(Math.abs(value('run_length'))).toBe(0.1);
  });

  it('shows the move across the outage where levels are compared', () => {
    // In price the distance is the same as without the outage; only the ATR differs, which had the jump in it.
    const inPrice = (name: FeatureName, of = matrix) =>
      (columnOf(of, name)[OUTAGE] ?? NaN) * (columnOf(of, 'natr_14')[OUTAGE] ?? NaN);
    expect(inPrice('dist_sma_100_atr')).toBeCloseTo(inPrice('dist_sma_100_atr', unbroken), 12);
    expect(value('ret_3_z')).toBeGreaterThan(3);
  });

  it('keeps the efficiency ratio in its range though the path lacks the jump', () => {
    const efficiency = columnOf(matrix, 'efficiency_ratio_48').slice(OUTAGE, OUTAGE + 48);
    expect(Math.max(...efficiency)).toBeLessThanOrEqual(1);
  });
});

describe('a hole in the data', () => {
  it('as long as the warm-up itself leaves the features ready', () => {
    const stream = new FeatureStream(OPTIONS);
    const ready = withOutage(READY_AFTER_BARS).map((candle) => stream.update(candle).ready);
    expect(ready.indexOf(true)).toBe(READY_AFTER_BARS - 1);
    expect(ready.lastIndexOf(false)).toBe(READY_AFTER_BARS - 2);
  });

  it('of more bars than the warm-up begins a new history', () => {
    const raw = { ...OPTIONS, warmUp: 'raw' } as const;
    const broken = withOutage(READY_AFTER_BARS + 1);
    const stream = new FeatureStream(raw);
    for (const candle of broken.slice(0, OUTAGE)) stream.update(candle);
    expect(stream.ready).toBe(true);
    const fresh = new FeatureStream(raw);
    for (const candle of broken.slice(OUTAGE)) {
      expect(stream.update(candle).values).toEqual(fresh.update(candle).values);
      expect(stream.ready).toBe(false);
    }
  });
});
