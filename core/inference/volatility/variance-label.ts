import type { Candle } from '../../domain/index.ts';

/** What the volatility models foretell: the realised variance of so many bars ahead. */
export const HORIZONS = [
  { id: 'h24', bars: 24 },
  { id: 'h168', bars: 168 },
] as const;
export type HorizonId = (typeof HORIZONS)[number]['id'];

/** A variance of one bar below this is no movement: its logarithm is taken of this. */
export const VARIANCE_FLOOR = 1e-9;

/**
 * The natural logarithm of the realised variance after the close of `bars[at]`: the sum of the squared log returns from
 * close to close of the next `horizonBars` bars (Andersen and Bollerslev, 1998).
 *
 * @returns undefined when the horizon is not over yet or bars are missing in it.
 */
export function logRealisedVariance(
  bars: readonly Candle[],
  at: number,
  horizonBars: number,
  timeframeMs: number,
): number | undefined {
  const [decided, last] = [bars[at], bars[at + horizonBars]];
  if (decided === undefined || last === undefined) return undefined;
  if (last.openTime - decided.openTime !== horizonBars * timeframeMs) return undefined;
  let sum = 0;
  let previous = decided.close;
  for (let index = at + 1; index <= at + horizonBars; index += 1) {
    const close = (bars[index] ?? last).close;
    sum += Math.log(close / previous) ** 2;
    previous = close;
  }
  return Math.log(Math.max(sum, VARIANCE_FLOOR * horizonBars));
}
