import type { Estimate } from '../contract/index.ts';
import { annualisedSharpe, DAYS_PER_YEAR, mean } from '../domain/index.ts';

/**
 * Ratios of daily returns as pure functions. Below its minimum sample a figure is null: better no number than noise.
 * Returns are those of `EquityCurve`: without what was paid in or out. `metrics.ts` has all figures of an account.
 */

/** Observations below which ratios are not given. */
export const MIN_SAMPLE = 20;

/**
 * Sharpe ratio of daily returns over a zero rate, annualised by the square root of 365 (Sharpe, 1994). Null when nothing
 * ever moved.
 */
export function sharpe(dailyReturns: readonly number[], minSample = MIN_SAMPLE): Estimate {
  return estimate(annualisedSharpe(dailyReturns), dailyReturns.length, minSample);
}

/**
 * Sortino ratio of daily returns over a target of zero, annualised: the mean over the root mean square of the
 * losses, gains counting as zero (Sortino and Price, 1994). Null when there was no losing day.
 */
export function sortino(dailyReturns: readonly number[], minSample = MIN_SAMPLE): Estimate {
  const downside = Math.sqrt(mean(dailyReturns.map((value) => Math.min(value, 0) ** 2)));
  return estimate((mean(dailyReturns) / downside) * Math.sqrt(DAYS_PER_YEAR), dailyReturns.length, minSample);
}

/** @returns without a value where there is none, or too little to say. */
export function estimate(value: number, sampleSize: number, minSample: number): Estimate {
  return { value: sampleSize < minSample || !Number.isFinite(value) ? null : value, sampleSize };
}
