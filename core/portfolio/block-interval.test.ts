import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SeededRandom } from '../domain/index.ts';
import { blockLength, RESAMPLES, sharpeInterval } from './index.ts';

const days = fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), { minLength: 25, maxLength: 60 });

/** Block by block, by the textbook's formulas. */
function slowInterval(returns: readonly number[]): readonly [number, number] {
  const n = returns.length;
  const length = blockLength(n);
  const random = new SeededRandom(1);
  const ratios: number[] = [];
  for (let draw = 0; draw < RESAMPLES; draw += 1) {
    const blocks = Array.from({ length: Math.ceil(n / length) }, () => {
      const start = Math.floor(random.next() * n);
      return [...returns, ...returns].slice(start, start + length);
    });
    const drawn = blocks.flat().slice(0, n);
    const mean = drawn.reduce((sum, each) => sum + each, 0) / n;
    const variance = drawn.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (n - 1);
    ratios.push(variance === 0 ? 0 : (mean / Math.sqrt(variance)) * Math.sqrt(365));
  }
  const ascending = ratios.sort((a, b) => a - b);
  return [ascending[25] ?? Number.NaN, ascending[974] ?? Number.NaN];
}

describe('the interval of a Sharpe ratio', () => {
  test('is that of days drawn in blocks', () => {
    fc.assert(
      fc.property(days, (returns) => {
        const interval = sharpeInterval(returns);
        const [low, high] = slowInterval(returns);
        expect(interval?.low).toBeCloseTo(low, 6);
        expect(interval?.high).toBeCloseTo(high, 6);
      }),
      { numRuns: 15 },
    );
  });

  test('is the same whenever it is asked for', () => {
    const returns = Array.from({ length: 90 }, (_, day) => Math.sin(day) / 50);
    expect(sharpeInterval(returns)).toEqual(sharpeInterval(returns));
  });

  test('is wider where bad days come together', () => {
    const apart = Array.from({ length: 216 }, (_, day) => (day % 2 === 0 ? 0.02 : -0.015));
    const together = Array.from({ length: 216 }, (_, day) =>
      Math.floor(day / 12) % 2 === 0 ? 0.02 : -0.015,
    );
    const width = (returns: readonly number[]): number => {
      const interval = sharpeInterval(returns);
      return interval === null ? Number.NaN : interval.high - interval.low;
    };
    expect(width(together)).toBeGreaterThan(2 * width(apart));
  });

  test('of the same gain each day is none', () => {
    expect(sharpeInterval(Array<number>(30).fill(0.01))).toBeNull();
  });

  test('of days on which nothing moved is nothing to either side', () => {
    expect(sharpeInterval(Array<number>(30).fill(0))).toEqual({ low: 0, high: 0 });
  });
});
