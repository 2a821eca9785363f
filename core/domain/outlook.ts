import type { UtcMs } from './time.ts';

/** What a forecast of volatility is beside a symbol's own past forecasts. */
export type Ahead = 'quiet' | 'normal' | 'storm';

/** How far a price is foretold to move within so many hours. Returns are logarithms. */
export interface OutlookHorizon {
  readonly hours: number;
  /** Standard deviation of the return. */
  readonly sigma: number;
  /** How far the logarithm of the variance that came was off, in walk-forward: its standard deviation. */
  readonly spread: number;
  readonly low80: number;
  readonly high80: number;
  readonly low95: number;
  readonly high95: number;
}

/** What was foretold of a symbol's volatility before a bar. */
export interface Outlook {
  readonly setId: string;
  /** When it was made: the close of the bar before the one that is decided on. */
  readonly at: UtcMs;
  readonly day: OutlookHorizon;
  readonly week: OutlookHorizon;
  /** Null while too few of its own past forecasts are known. */
  readonly ahead: Ahead | null;
  /** Share of its own past forecasts, of two years at most, that were lower; null where there are none. */
  readonly above: number | null;
  /** How many those are: one every eight hours. */
  readonly past: number;
  /** Volatility foretold of the next day in units of what was usual in training, from 0.5 to 4; null where the set has not learned from this coin. */
  readonly roughness: number | null;
}

/** What was foretold of a symbol when the bar that opened at a moment began; null: nothing. */
export type Outlooks = (symbol: string, openTime: UtcMs) => Outlook | null;

export const NO_OUTLOOK: Outlooks = () => null;

/** Fewer past forecasts, 20 days of them, tell nothing. */
export const LEAST_PAST_FORECASTS = 60;
const QUIET_BELOW = 0.2;
const STORM_FROM = 0.9;

/** Quiet is the lowest fifth of a symbol's own past forecasts, a storm the highest tenth. */
export function aheadOf(above: number | null, past: number): Ahead | null {
  if (above === null || past < LEAST_PAST_FORECASTS) return null;
  if (above >= STORM_FROM) return 'storm';
  return above < QUIET_BELOW ? 'quiet' : 'normal';
}

/** What a decision was told of the volatility ahead. */
export interface OutlookRecord extends Outlook {
  /** Of the stop of what is held, or was wanted: how likely it is touched. */
  readonly stop?: StopOdds;
  /** That an entry is into a storm. */
  readonly warning?: string;
}

export interface StopOdds {
  readonly price: number;
  /** Within a day and a week. */
  readonly day: number;
  readonly week: number;
}

/** Steps of the standard normal over which the volatility is taken to differ from what was foretold, with their weights. */
const STEPS = Array.from({ length: 17 }, (_, index) => {
  const z = (index - 8) / 2;
  return { z, weight: Math.exp((-z * z) / 2) };
});
const WEIGHT = STEPS.reduce((sum, { weight }) => sum + weight, 0);

/**
 * How likely a price touches a level within a horizon, if it goes nowhere on average: twice the chance to end beyond it (the
 * reflection principle of Brownian motion), averaged over how far such forecasts have been off.
 */
export function touchOdds(price: number, level: number, { sigma, spread }: OutlookHorizon): number {
  const distance = Math.abs(Math.log(price / level));
  let odds = 0;
  for (const { z, weight } of STEPS) {
    const came = sigma * Math.exp((spread * z - (spread * spread) / 2) / 2);
    odds += weight * 2 * normalTail(distance / came);
  }
  return Math.min(1, odds / WEIGHT);
}

/** P(Z > z) for z >= 0 (Abramowitz and Stegun, 1964, 26.2.17; off by 7.5e-8 at most). */
function normalTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const [b1, b2, b3, b4, b5] = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  return density * t * (b1 + t * (b2 + t * (b3 + t * (b4 + t * b5))));
}
