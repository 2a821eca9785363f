import type { Verdict } from '../domain/index.ts';
import { allow, refuse } from './verdict.ts';

export interface FeedHealth {
  /** The feed's own judgement: too many bars or seconds without a message. */
  readonly stale: boolean;
  /** Age of the last message; NaN or infinite when there never was one. */
  readonly ageMs: number;
  /** The venue's clock minus ours, where it was measured. */
  readonly clockOffsetMs?: number;
}

/** Beyond this difference between the venue's clock and ours no new order is placed. */
export const MAX_CLOCK_OFFSET_MS = 1_000;

/** Entries need fresh prices and a clock that agrees with the venue's. Age unknown: refused. */
export function dataHealth(feed: FeedHealth): Verdict {
  const { stale, ageMs, clockOffsetMs = 0 } = feed;
  const numbers = { ageMs, clockOffsetMs };
  if (stale) {
    return refuse(
      'data-health',
      'stale-feed',
      `the last market message is ${ageMs} ms old, the prices may be gone`,
      numbers,
    );
  }
  if (!Number.isFinite(ageMs)) {
    return refuse('data-health', 'unknown-age', 'the age of the market data is not known', numbers);
  }
  if (!(Math.abs(clockOffsetMs) <= MAX_CLOCK_OFFSET_MS)) {
    const message = `the venue's clock differs from this machine's by ${clockOffsetMs} ms, set the machine's clock`;
    return refuse('data-health', 'clock-offset', message, numbers);
  }
  return allow('data-health', 'the market data is fresh', numbers);
}
