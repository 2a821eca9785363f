import { TIMEFRAMES, type Timeframe } from '../contract/index.ts';

export { TIMEFRAMES, type Timeframe };

/** An instant, or a duration where the name says so, in milliseconds. Instants are UTC since the Unix epoch. */
export type UtcMs = number;

const MINUTE_MS = 60_000;

/** Length of each candle interval in milliseconds. */
export const TIMEFRAME_MS: Readonly<Record<Timeframe, number>> = {
  '1m': MINUTE_MS,
  '3m': 3 * MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '30m': 30 * MINUTE_MS,
  '1h': 60 * MINUTE_MS,
  '2h': 120 * MINUTE_MS,
  '4h': 240 * MINUTE_MS,
  '6h': 360 * MINUTE_MS,
  '12h': 720 * MINUTE_MS,
  '1d': 1440 * MINUTE_MS,
};

/** The timeframe of exactly this length, or undefined. */
export function timeframeOfMs(ms: number): Timeframe | undefined {
  return TIMEFRAMES.find((timeframe) => TIMEFRAME_MS[timeframe] === ms);
}

/** An instant to the second as a trader reads it: `2024-01-31 09:05:00 UTC`. */
export function utcText(at: UtcMs): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** Opening time of the bar that contains `at`; bars are aligned to the Unix epoch. */
export function barOpenTime(at: UtcMs, timeframeMs: number): UtcMs {
  return Math.floor(at / timeframeMs) * timeframeMs;
}

/** First millisecond of the UTC day that contains `at`. */
export function utcDayStart(at: UtcMs): UtcMs {
  return barOpenTime(at, TIMEFRAME_MS['1d']);
}

/** The epoch began on a Thursday. */
const FIRST_MONDAY = -3 * TIMEFRAME_MS['1d'];

/** Midnight UTC of the Monday of the week that a time lies in. */
export function utcWeekStart(at: UtcMs): UtcMs {
  return FIRST_MONDAY + barOpenTime(at - FIRST_MONDAY, 7 * TIMEFRAME_MS['1d']);
}
