import type { Timeframe } from '../../core/contract/index.ts';

/** Times as the trader reads them: always UTC, as venues and candles have it. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `2025-03-01 14:05`. */
export function dateTime(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}

/** `2025-03-01 14:05:09`. */
export function dateTimeSeconds(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

/** `2025-03-01`. */
export function date(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** `03-01 14:05`: for rows, where the year goes without saying. */
export function shortTime(at: number): string {
  return dateTime(at).slice(5);
}

/** `14:05:09`. */
export function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}

/** A length of time in its largest one or two units: `0.4 s`, `12 s`, `3 min`, `2 h 05 min`, `4 d 3 h`. */
export function duration(ms: number): string {
  if (ms < 0) return duration(0);
  if (ms < SECOND_MS) return `${(ms / SECOND_MS).toFixed(1)} s`;
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)} s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  if (ms < DAY_MS) {
    const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS);
    return `${Math.floor(ms / HOUR_MS)} h ${String(minutes).padStart(2, '0')} min`;
  }
  return `${Math.floor(ms / DAY_MS)} d ${Math.floor((ms % DAY_MS) / HOUR_MS)} h`;
}

/** How long something took, where tenths of a second matter: `4.2 s`, `72.5 s`, `3 min`. */
export function elapsed(ms: number): string {
  return ms < 2 * MINUTE_MS ? `${(Math.max(0, ms) / SECOND_MS).toFixed(1)} s` : duration(ms);
}

/** `14:05`: for rows, where the day goes without saying. */
export function hourMinute(at: number): string {
  return clock(at).slice(0, 5);
}

/** How fast the market's clock runs: `real time` or `×600`. */
export function speed(factor: number): string {
  return factor === 1 ? 'real time' : `×${factor.toLocaleString('en-US', { maximumFractionDigits: 1 })}`;
}

const UNIT_MS = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS } as const;

/** Length of a candle in milliseconds: `15m`, `4h`, `1d`. */
export function timeframeMs(timeframe: Timeframe): number {
  // Every timeframe of the contract is a number and one of these letters.
  return Number.parseInt(timeframe, 10) * UNIT_MS[timeframe.slice(-1) as keyof typeof UNIT_MS];
}
