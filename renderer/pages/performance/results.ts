import type { Estimate } from '../../../core/contract/index.ts';

/** `n = 12, needs 20` when there is no number yet, `n = 42` when there is. */
export function sampleText({ value, sampleSize }: Estimate, minSample: number): string {
  if (value !== null) return `n = ${sampleSize}`;
  return sampleSize < minSample
    ? `n = ${sampleSize}, needs ${minSample}`
    : `n = ${sampleSize}, nothing to divide by`;
}
