import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EquityPoint } from '../contract/index.ts';
import { outline } from './outline.ts';

const pointsOf = (values: readonly number[]): EquityPoint[] =>
  values.map((equity, time) => ({ time, equity }));
const equity = (points: readonly EquityPoint[]) => points.map((point) => point.equity);

test('few points are all of them', () => {
  const points = pointsOf([1, 2, 3]);
  expect(outline(points, 8)).toBe(points);
});

test('of each stretch the first, the lowest, the highest and the last stand', () => {
  expect(equity(outline(pointsOf([5, 1, 3, 9, 4, 4, 4, 4, 7, 4]), 8))).toEqual([5, 1, 9, 4, 4, 7, 4]);
});

test('is no longer than it may be, ascends, and keeps the highest, the lowest and both ends', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer(), { minLength: 1, maxLength: 300 }),
      fc.integer({ min: 4, max: 40 }),
      (values, most) => {
        const points = pointsOf(values);
        const kept = outline(points, most);
        expect(kept.length).toBeLessThanOrEqual(most);
        expect(kept.map(({ time }) => time)).toEqual(kept.map(({ time }) => time).toSorted((a, b) => a - b));
        expect([Math.min(...equity(kept)), Math.max(...equity(kept))]).toEqual([
          Math.min(...values),
          Math.max(...values),
        ]);
        expect([kept[0], kept.at(-1)]).toEqual([points[0], points.at(-1)]);
      },
    ),
  );
});
