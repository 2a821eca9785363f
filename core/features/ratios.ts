/*
 * Division where the denominator can be zero: on flat prices or zero volume a feature is neutral and finite.
 * NaN means "not enough history" and passes through, in the numerator as in the denominator.
 */

/** Bounds of a ratio under a logarithm, so that a silent stretch inside a lively window stays finite. */
const RATIO_LIMIT = 1e4;

/** n / d, and 0 for d = 0. */
export function ratio(n: number, d: number): number {
  return d === 0 ? zeroUnlessNaN(n) : n / d;
}

/** Where n lies in a range of size d, from -1 at its bottom to 1 at its top; 0, the middle, in an empty range. */
export function centredPosition(n: number, d: number): number {
  return d === 0 ? zeroUnlessNaN(n) : (2 * n) / d - 1;
}

/** ln(n / d), the ratio being 1 for d = 0 and held within 1e-4..1e4. */
export function logRatio(n: number, d: number): number {
  if (d === 0) return zeroUnlessNaN(n);
  return Math.log(Math.min(RATIO_LIMIT, Math.max(1 / RATIO_LIMIT, n / d)));
}

function zeroUnlessNaN(n: number): number {
  return Number.isNaN(n) ? NaN : 0;
}
