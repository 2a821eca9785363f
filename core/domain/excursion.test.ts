import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { excursionOf, inR } from './excursion.ts';
import { price } from './money.ts';

const of = (
  side: 'buy' | 'sell',
  first: number,
  stop: number | null,
  [lowest, highest]: readonly [number, number],
) =>
  excursionOf({
    ...{ side, firstPrice: price(first), firstStop: stop === null ? null : price(stop), lowest, highest },
  });

describe('how far a price went against a trade and in its favour', () => {
  test.each([
    ['a long', of('buy', 100, 95, [97, 110]), { adversePct: 3, favourablePct: 10, riskPct: 5 }],
    ['a short', of('sell', 100, 104, [90, 102]), { adversePct: 2, favourablePct: 10, riskPct: 4 }],
    ['no stop', of('buy', 50, null, [50, 50]), { adversePct: 0, favourablePct: 0, riskPct: null }],
    [
      'a stop beyond the price',
      of('buy', 100, 101, [99, 100]),
      { adversePct: 1, favourablePct: 0, riskPct: null },
    ],
    [
      'a short’s stop below the price',
      of('sell', 100, 99, [100, 101]),
      { adversePct: 1, favourablePct: 0, riskPct: null },
    ],
    ['prices on one side', of('sell', 100, 110, [95, 98]), { adversePct: 0, favourablePct: 5, riskPct: 10 }],
  ])('of %s', (_what, found, expected) => {
    expect(found).toEqual(expected);
  });

  test('is a multiple of the risk where there is one', () => {
    const excursion = of('buy', 100, 95, [97, 110]);
    expect(inR(excursion.adversePct, excursion)).toBeCloseTo(0.6, 12);
    expect(inR(1, { riskPct: null })).toBeNull();
  });

  test('is the same for a long and for a short in the mirror of it', () => {
    const distance = fc.integer({ min: 0, max: 90 });
    fc.assert(
      fc.property(distance, distance, distance, (down, up, stop) => {
        const long = of('buy', 100, 100 - stop, [100 - down, 100 + up]);
        const short = of('sell', 100, 100 + stop, [100 - up, 100 + down]);
        expect(short).toEqual(long);
      }),
    );
  });
});
