import { expect, test } from 'vitest';
import { WorkRate } from './work-rate.ts';

test('idle rounds are no part of the rate, however long they take', () => {
  const rate = new WorkRate(2_000);
  expect(rate.round(1_000, 50, true)).toBeNull();
  expect(rate.round(0, 60_000, false)).toBe(20_000);
  expect(rate.round(0, 60_000, false)).toBeNull();
  expect(rate.round(3, 1, true)).toBeNull();
  expect(rate.round(0, 2_000, false)).toBe(3_000);
});

test('long work is told as it goes, each stretch by itself', () => {
  const rate = new WorkRate(2_000);
  expect(rate.round(10_000, 1_000, true)).toBeNull();
  expect(rate.round(10_000, 1_000, true)).toBe(10_000);
  expect(rate.round(40_000, 2_000, true)).toBe(20_000);
});

test('work that told nothing has no rate, and what took no time is no infinity', () => {
  const rate = new WorkRate(2_000);
  expect(rate.round(0, 5_000, true)).toBeNull();
  expect(rate.round(5, 0, true)).toBeNull();
  expect(rate.round(0, 0, false)).toBe(5_000);
});
