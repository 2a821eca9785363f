import { expect, test } from 'vitest';
import { mean, SeededRandom, standardDeviation } from '../../domain/index.ts';
import { nextActivity, nextStudentT } from './heavy-tails.ts';

const random = new SeededRandom(11);

test('Student-t numbers have mean 0, deviation 1, fat tails and an end', () => {
  const draws = Array.from({ length: 200_000 }, () => nextStudentT(random));
  expect(Math.abs(mean(draws))).toBeLessThan(0.01);
  expect(Math.abs(standardDeviation(draws) - 1)).toBeLessThan(0.02);
  expect(Math.max(...draws.slice(0, 100_000).map(Math.abs))).toBeLessThanOrEqual(8);
  // Quantiles of t with 4 degrees of freedom over sqrt(2), from its distribution function in closed form.
  const beyond = (limit: number): number =>
    draws.filter((draw) => Math.abs(draw) > limit).length / draws.length;
  expect(beyond(2.776 / Math.SQRT2)).toBeCloseTo(0.05, 2);
  expect(beyond(4.604 / Math.SQRT2)).toBeCloseTo(0.01, 2);
});

test('a point outside the circle, or at its centre, is drawn again', () => {
  const numbers = [0.5, 0.5, 1, 1, 0.75, 0.5];
  // w = 0.25, t = 0.5 sqrt(4 (2 - 1) / 0.25) = 2.
  expect(nextStudentT({ next: () => numbers.shift() ?? Number.NaN })).toBeCloseTo(2 * Math.SQRT1_2, 12);
});

test('activity has mean square 1 and bursts of up to ten times the quiet', () => {
  const draws = Array.from({ length: 100_000 }, () => nextActivity(random));
  expect(Math.abs(mean(draws.map((draw) => draw * draw)) - 1)).toBeLessThan(0.05);
  expect(Math.min(...draws)).toBeGreaterThanOrEqual(Math.SQRT1_2);
  expect(Math.max(...draws)).toBeLessThanOrEqual(10 * Math.SQRT1_2 + 1e-12);
});
