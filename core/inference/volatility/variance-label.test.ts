import { describe, expect, it } from 'vitest';
import type { Candle } from '../../domain/index.ts';
import { logRealisedVariance, VARIANCE_FLOOR } from './variance-label.ts';

const HOUR_MS = 3_600_000;

function bars(closes: readonly number[]): Candle[] {
  return closes.map((close, index) => {
    return { openTime: index * HOUR_MS, open: close, high: close, low: close, close, volume: 1 };
  });
}

describe('realised variance ahead', () => {
  const market = bars([100, 101, 99, 102, 102]);

  it('is the sum of the squared log returns after the bar, worked out by hand', () => {
    const sum = Math.log(99 / 101) ** 2 + Math.log(102 / 99) ** 2;
    expect(logRealisedVariance(market, 1, 2, HOUR_MS)).toBeCloseTo(Math.log(sum), 12);
  });

  it('does not look at the bar itself, nor beyond the horizon', () => {
    const told = logRealisedVariance(market, 1, 2, HOUR_MS);
    expect(logRealisedVariance(bars([7, 101, 99, 102, 900]), 1, 2, HOUR_MS)).toBe(told);
  });

  it('is not known while the horizon is not over', () => {
    expect(logRealisedVariance(market, 3, 2, HOUR_MS)).toBeUndefined();
  });

  it('is not known where bars are missing', () => {
    const holed = market.filter((_, index) => index !== 2);
    expect(logRealisedVariance(holed, 1, 2, HOUR_MS)).toBeUndefined();
  });

  it('of a price that stands still is the floor', () => {
    expect(logRealisedVariance(bars([5, 5, 5]), 0, 2, HOUR_MS)).toBeCloseTo(Math.log(2 * VARIANCE_FLOOR), 12);
  });
});
