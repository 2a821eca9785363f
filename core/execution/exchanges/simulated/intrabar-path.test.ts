import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { candleOf } from '../../../../tests/contracts/builders.ts';
import { IntrabarPath } from './intrabar-path.ts';

const candle = candleOf(0, [100, 110, 90, 105]);
const lowFirst = new IntrabarPath(candle, 'low-first');
const highFirst = new IntrabarPath(candle, 'high-first');

describe('the path within a step', () => {
  test.each([
    [0, 100, 100],
    [1 / 6, 95, 105],
    [1 / 3, 90, 110],
    [1 / 2, 100, 100],
    [2 / 3, 110, 90],
    [1, 105, 105],
    [1.5, 105, 105],
  ])('at %f it stands at %f low first, %f high first', (share, low, high) => {
    expect(lowFirst.priceAt(share)).toBeCloseTo(low, 9);
    expect(highFirst.priceAt(share)).toBeCloseTo(high, 9);
  });

  test.each([
    ['crosses a level on its way down', lowFirst, 95, 'down', 0, 1 / 6, true],
    ['is below a level already', lowFirst, 101, 'down', 0, 0, false],
    ['crosses a level in the second leg', lowFirst, 105, 'up', 0, 0.5833, true],
    ['has the level behind it and meets it again', highFirst, 95, 'down', 0.4, 0.5833, true],
    ['meets the level only at the close', lowFirst, 106, 'down', 0.7, 0.9333, true],
  ] as const)('%s', (_name, path, level, way, from, share, crossed) => {
    const touch = path.touch(level, way, from);
    expect(touch?.share).toBeCloseTo(share, 3);
    expect(touch?.crossed).toBe(crossed);
  });

  test('reaches its ends and nothing beyond them', () => {
    expect(lowFirst.touch(90, 'down', 0)).toBeDefined();
    expect(lowFirst.touch(89.99, 'down', 0)).toBeUndefined();
    expect(lowFirst.touch(110, 'up', 0)).toBeDefined();
    expect(lowFirst.touch(110.01, 'up', 0)).toBeUndefined();
  });

  test('no place on the path lies outside low and high, and a touch means the step went there', () => {
    const price = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        price,
        price,
        price,
        price,
        price,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, b, c, d, level, at) => {
          const [low, open, close, high] = [a, b, c, d].sort((x, y) => x - y) as [
            number,
            number,
            number,
            number,
          ];
          const path = new IntrabarPath(candleOf(0, [open, high, low, close]), 'low-first');
          expect(path.priceAt(at)).toBeGreaterThanOrEqual(low);
          expect(path.priceAt(at)).toBeLessThanOrEqual(high);
          expect(path.touch(level, 'down', 0) !== undefined).toBe(low <= level);
          const touched = path.touch(level, 'up', at);
          if (touched !== undefined) {
            expect(high).toBeGreaterThanOrEqual(level);
            expect(touched.share).toBeGreaterThanOrEqual(at);
          }
        },
      ),
    );
  });
});
