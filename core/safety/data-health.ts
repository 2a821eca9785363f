import type { Verdict } from '../domain/index.ts';
import { allow, duration, refuse } from './verdict.ts';

export interface FeedHealth {
  /** Whose market data this is; left out where one feed carries all symbols. */
  readonly symbol?: string;
  /** The feed's own judgement: too many bars or seconds without a message. */
  readonly stale: boolean;
  /** Age of the last message; NaN or infinite when there never was one. */
  readonly ageMs: number;
  /** The venue's clock minus ours, where it was measured. */
  readonly clockOffsetMs?: number;
  /** Whether the connection stands, where there is one. */
  readonly connected?: boolean;
}

/** Beyond this difference between the venue's clock and ours no new order is placed. Exactly this much is allowed. */
export const MAX_CLOCK_OFFSET_MS = 1_000;

/** Entries need a connection, fresh prices and a clock that agrees with the venue's. Age unknown: refused. */
export function dataHealth(feed: FeedHealth): Verdict {
  const { symbol, stale, ageMs, clockOffsetMs = 0, connected = true } = feed;
  const numbers = { ageMs, clockOffsetMs };
  const no = (code: string, message: string): Verdict => {
    return refuse('data-health', code, symbol === undefined ? message : `${symbol}: ${message}`, numbers);
  };
  const known = Number.isFinite(ageMs);
  const last = known
    ? `the last market message is ${duration(ageMs)} old`
    : 'no market message has arrived yet';
  if (!connected) return no('disconnected', `the connection to the market data is down, ${last}`);
  if (stale) return no('stale-feed', known ? `${last}, the prices may be gone` : last);
  if (!known) return no('unknown-age', 'the age of the market data is not known');
  if (!(Math.abs(clockOffsetMs) <= MAX_CLOCK_OFFSET_MS)) return no('clock-offset', clockFault(clockOffsetMs));
  return allow('data-health', 'the market data is fresh', numbers);
}

function clockFault(offsetMs: number): string {
  if (Number.isNaN(offsetMs)) return "how far the venue's clock is from this machine's is not known";
  const direction = offsetMs < 0 ? 'behind' : 'ahead of';
  return `the venue's clock is ${duration(Math.abs(offsetMs))} ${direction} this machine's, set the machine's clock`;
}
