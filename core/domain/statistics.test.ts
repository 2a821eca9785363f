import { expect, test } from 'vitest';
import { annualisedSharpe, mean, standardDeviation } from './index.ts';

test('mean and sample deviation of known numbers', () => {
  expect(mean([2, 4, 4, 4, 5, 5, 7, 9])).toBe(5);
  expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(2.138_089_935_299_395, 12);
});

test('too little data is NaN, not zero', () => {
  expect(mean([])).toBeNaN();
  expect(standardDeviation([1])).toBeNaN();
  expect(annualisedSharpe([0.01])).toBeNaN();
});

test('the Sharpe ratio is annualised over 365 days', () => {
  expect(annualisedSharpe([0.01, -0.005, 0.02])).toBeCloseTo(
    (0.025 / 3 / 0.012_583_057_392_117_916) * Math.sqrt(365),
    10,
  );
});

test('returns of zero have no Sharpe ratio', () => {
  expect(annualisedSharpe([0, 0, 0])).toBeNaN();
});

// The mean of twenty times -0.03 differs from -0.03 in the last bit: no deviation, only rounding.
test.each([0.5, 0.03, 0.01, 0.001, 1e-9])(
  'the same return of %d each time beats every ratio, the same loss none',
  (rate) => {
    for (const days of [2, 3, 20, 30, 365]) {
      expect(annualisedSharpe(Array<number>(days).fill(rate))).toBe(Number.POSITIVE_INFINITY);
      expect(annualisedSharpe(Array<number>(days).fill(-rate))).toBe(Number.NEGATIVE_INFINITY);
    }
  },
);

test('returns that differ, however little, have an ordinary one', () => {
  expect(annualisedSharpe([-0.01, -0.010_000_1])).toBeCloseTo(
    (-0.010_000_05 / 7.071_067_8e-8) * Math.sqrt(365),
    -2,
  );
});
