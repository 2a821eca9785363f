const FIRST_MS = 500;
const LONGEST_MS = 10_000;

/**
 * How long to wait before the next attempt, in milliseconds: doubling up to ten seconds, of which a random half
 * keeps many windows from knocking at the same instant.
 *
 * @param attempt 0 for the first attempt after a loss.
 * @param random uniform in [0, 1).
 */
export function backOffMs(attempt: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return Math.round(full / 2 + (full / 2) * random);
}
