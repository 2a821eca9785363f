import { describe, expect, it } from 'vitest';
import { blockedMean, blockedSlope } from './clustered.ts';

describe('a mean of values in blocks', () => {
  it('of blocks of one is the usual one', () => {
    const values = [1, 2, 3, 6].map((value, block) => ({ block, value }));
    const { mean, standardError, count, blocks } = blockedMean(values);
    expect([mean, count, blocks]).toEqual([3, 4, 4]);
    // Sum of squares 14, divided by 3, its root divided by 2.
    expect(standardError).toBeCloseTo(Math.sqrt(14 / 3) / 2, 12);
  });

  it('does not grow surer by telling the same thing twice', () => {
    const once = [1, 2, 3, 6].map((value, block) => ({ block, value }));
    expect(blockedMean([...once, ...once]).standardError).toBeCloseTo(blockedMean(once).standardError, 12);
  });

  it('has no error in one block, and no mean of nothing', () => {
    expect(blockedMean([{ block: 1, value: 2 }]).standardError).toBeNaN();
    expect(blockedMean([]).mean).toBeNaN();
  });
});

describe('a slope of points in blocks', () => {
  it('of points on a line is the line, without error', () => {
    const points = [0, 1, 2, 3].map((x) => ({ block: x, x, y: 2 * x + 1 }));
    const { slope, standardError } = blockedSlope(points);
    expect(slope).toBeCloseTo(2, 12);
    expect(standardError).toBeCloseTo(0, 12);
  });

  it('of blocks of one is White’s, with one degree of freedom less', () => {
    const points = [
      { block: 0, x: -1, y: 0 },
      { block: 1, x: 0, y: 3 },
      { block: 2, x: 1, y: 1 },
    ];
    const { slope, standardError } = blockedSlope(points);
    // Slope 1/2; residuals -5/6, 5/3, -5/6: each outer one counts its square, times 3/2.
    expect(slope).toBeCloseTo(0.5, 12);
    expect(standardError).toBeCloseTo(Math.sqrt((2 * (5 / 6) ** 2 * 3) / 2) / 2, 12);
  });

  it('is none where everything is said of one x', () => {
    const points = [1, 2, 3].map((y) => ({ block: y, x: 0.3, y }));
    expect(blockedSlope(points).slope).toBeNaN();
  });
});
