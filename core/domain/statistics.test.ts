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

test('returns that never move have no Sharpe ratio', () => {
  expect(annualisedSharpe([0, 0, 0])).toBeNaN();
});
