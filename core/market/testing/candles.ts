import fc from 'fast-check';
import type { Candle, UtcMs } from '../../domain/index.ts';

export const START: UtcMs = Date.UTC(2024, 0, 1);
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

/** A sound candle whose values tell its number. */
export function candle(openTime: UtcMs, number = 0): Candle {
  const open = 100 + number;
  return { openTime, open, high: open + 3, low: open - 2, close: open + 1, volume: 10 + number };
}

/** Candles on a grid of times, each place filled or, where the list says false, left out. */
export function candlesAt(start: UtcMs, spacingMs: number, present: readonly boolean[]): Candle[] {
  return present.flatMap((there, index) => (there ? [candle(start + index * spacingMs, index)] : []));
}

/** Any sound candle of this time. */
export const anyCandle = (openTime: UtcMs): fc.Arbitrary<Candle> =>
  fc
    .record({
      prices: fc.array(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), { minLength: 4, maxLength: 4 }),
      volume: fc.double({ min: 0, max: 1e12, noNaN: true }),
      isRising: fc.boolean(),
    })
    .map(({ prices, volume, isRising }) => {
      const [low = 1, inner = 1, other = 1, high = 1] = prices.toSorted((a, b) => a - b);
      const [open, close] = isRising ? [inner, other] : [other, inner];
      return { openTime, open, high, low, close, volume };
    });

/** Sound candles on a grid, with holes. */
export const anySeries = (spacingMs: number, start = START): fc.Arbitrary<Candle[]> =>
  fc
    .array(fc.boolean(), { minLength: 2, maxLength: 80 })
    .chain((present) =>
      fc.tuple(...present.flatMap((there, index) => (there ? [anyCandle(start + index * spacingMs)] : []))),
    );
