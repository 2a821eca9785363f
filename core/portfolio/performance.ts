import type { Estimate } from '../contract/index.ts';
import { annualisedSharpe, DAYS_PER_YEAR, mean } from '../domain/index.ts';

/**
 * Figures of merit as pure functions. Below its minimum sample a figure is null: better no number than noise. Returns
 * are those of `EquityCurve`: without what was paid in or out.
 */

/** Observations below which ratios are not given. */
const MIN_SAMPLE = 20;

export interface SharpeEstimate extends Estimate {
  /** 95 % confidence interval; null where the ratio is. */
  readonly confidence: { readonly low: number; readonly high: number } | null;
}

/** The standard normal quantile for 95 % two-sided. */
const Z_95 = 1.959_963_984_540_054;

/**
 * Sharpe ratio of daily returns over a zero rate, annualised by the square root of 365, with the confidence
 * interval for independent returns: standard error of the daily ratio s is sqrt((1 + s * s / 2) / n)
 * (Lo, "The Statistics of Sharpe Ratios", 2002). Null when nothing ever moved.
 */
export function sharpe(dailyReturns: readonly number[], minSample = MIN_SAMPLE): SharpeEstimate {
  const sampleSize = dailyReturns.length;
  const value = annualisedSharpe(dailyReturns);
  if (sampleSize < minSample || !Number.isFinite(value)) return { value: null, sampleSize, confidence: null };
  const error = Math.sqrt((DAYS_PER_YEAR + value ** 2 / 2) / sampleSize);
  return { value, sampleSize, confidence: { low: value - Z_95 * error, high: value + Z_95 * error } };
}

/**
 * Sortino ratio of daily returns over a target of zero, annualised: the mean over the root mean square of the
 * losses, gains counting as zero (Sortino and Price, 1994). Null when there was no losing day.
 */
export function sortino(dailyReturns: readonly number[], minSample = MIN_SAMPLE): Estimate {
  const downside = Math.sqrt(mean(dailyReturns.map((value) => Math.min(value, 0) ** 2)));
  return estimate((mean(dailyReturns) / downside) * Math.sqrt(DAYS_PER_YEAR), dailyReturns.length, minSample);
}

/** Share of the trades that made money after fees, 0 to 1. */
export function winRate(netPnls: readonly number[], minSample = MIN_SAMPLE): Estimate {
  return estimate(netPnls.filter((pnl) => pnl > 0).length / netPnls.length, netPnls.length, minSample);
}

/** What the winners made divided by what the losers lost. Null when nothing was lost. */
export function profitFactor(netPnls: readonly number[], minSample = MIN_SAMPLE): Estimate {
  let made = 0;
  let lost = 0;
  for (const pnl of netPnls) {
    if (pnl > 0) made += pnl;
    else lost -= pnl;
  }
  return estimate(made / lost, netPnls.length, minSample);
}

function estimate(value: number, sampleSize: number, minSample: number): Estimate {
  return { value: sampleSize < minSample || !Number.isFinite(value) ? null : value, sampleSize };
}
