import type { UtcMs } from '../domain/index.ts';

/** What both clocks showed at one moment. */
export interface Moment {
  /** Never set, and on most systems at rest while the machine sleeps. */
  readonly monotonicMs: number;
  readonly wallMs: UtcMs;
}

/** Who looks twice a second and has not for so long stood still itself. */
const MOST_BETWEEN_MS = 3_000;
/** The wall's clock is corrected by less between two looks; a suspend or a hand moves it by more. */
const MOST_APART_MS = 1_000;

/**
 * Milliseconds between two moments in which this process ran. Null where that cannot be said: the process stood still,
 * the machine slept, or a clock was set. Whoever was silent meanwhile may have been well.
 */
export function ranBetween(before: Moment, now: Moment): number | null {
  const ran = now.monotonicMs - before.monotonicMs;
  const shown = now.wallMs - before.wallMs;
  return ran > MOST_BETWEEN_MS || Math.abs(shown - ran) > MOST_APART_MS ? null : ran;
}
