import { STRATEGY_LABELS } from '../contract/index.ts';
import { HOUR_MS, type HourlyCloses } from './hourly-closes.ts';
import type { Proposal, ProposalQuestion, ProposingStrategy } from './strategy.ts';

const DAY_MS = 24 * HOUR_MS;
const LOOK_BACK_DAYS = [7, 14, 28] as const;
const LONGEST_LOOK_BACK_DAYS = 28;
/** Yearly volatility up to which a full signal is a full share. */
const FULL_SHARE_VOLATILITY = 0.4;
const EWMA_SPAN_DAYS = 20;
const EWMA_DAYS = 120;
const DAYS_A_YEAR = 365;
/** Of its share of the equity: what is held may be that far from the target. */
const BAND = 0.1;
const STOP_DAILY_SIGMAS = 3;
/**
 * What a purchase came to before costs, on average, as a fraction of its worth: measured by the backtest of BTC, ETH and SOL
 * from March 2019 to June 2025, on which the strategy was chosen. No forecast of the next one.
 */
const MEASURED_GAIN = 0.034;

/** What trend sees at a moment; null while there is too little history. */
export interface TrendReading {
  /** -1, 0 or 1 for each look-back: the sign of the return since then. */
  readonly signs: readonly number[];
  /** Mean of the signs, but not below 0. */
  readonly signal: number;
  /** Yearly. */
  readonly volatility: number;
}

/**
 * Trend following, long or flat, sized by volatility (Moskowitz, Ooi and Pedersen, Time Series Momentum, 2012): once a
 * day, the mean sign of the returns of 7, 14 and 28 days, but not below 0, times what keeps the position's volatility at
 * 40 % a year at most.
 */
export const TREND: ProposingStrategy = {
  kind: 'proposing',
  id: 'trend',
  label: STRATEGY_LABELS.trend,
  data: { timeframe: '1h', historyMs: (EWMA_DAYS + 1) * DAY_MS },
  // Three coins that rise together are wanted together, and a stop that is not moved falls behind what is added later.
  limits: { maxStrategyExposure: 0.9, maxGroupExposure: 0.9, maxOpenRisk: 0.2 },
  everyMs: DAY_MS,
  when: 'daily at 00:00 UTC',
  propose,
};

function propose(history: HourlyCloses, { at, symbols }: ProposalQuestion): Proposal {
  const reading = readTrend(history, at);
  if (reading === null) return tooLittle(history);
  const { signs, signal, volatility } = reading;
  const scale = Math.min(1, FULL_SHARE_VOLATILITY / volatility);
  const ups = signs.filter((sign) => sign > 0).length;
  const told = `${ups} of ${signs.length} look-backs (${LOOK_BACK_DAYS.join(', ')} days) are up, volatility ${percent(volatility)} a year`;
  const targetShare = (signal * scale) / symbols;
  return {
    kind: 'target',
    targetShare,
    band: BAND / symbols,
    stopShare: (STOP_DAILY_SIGMAS * volatility) / Math.sqrt(DAYS_A_YEAR),
    expectedMove: MEASURED_GAIN,
    reason:
      signal > 0
        ? `${told}: ${percent(signal)} of the signal times ${percent(scale)} for volatility, of a share of 1/${symbols}`
        : `${told}: no trend to follow, nothing is to be held`,
    invalidation: 'fewer look-backs up at the next daily decision, or the stop',
    numbers: { signal, volatility, scale, ...daysNumbers(signs) },
  };
}

/** @returns null while the longest look-back reaches behind the first price. */
export function readTrend(history: HourlyCloses, at: number): TrendReading | null {
  const now = history.at(at);
  const signs = LOOK_BACK_DAYS.map((days) => {
    const then = history.at(at - days * DAY_MS);
    return now === undefined || then === undefined ? Number.NaN : Math.sign(now / then - 1);
  });
  const signal = Math.max(0, signs.reduce((sum, sign) => sum + sign, 0) / signs.length);
  const volatility = yearlyVolatility(history, at);
  return Number.isFinite(signal) && volatility > 0 ? { signs, signal, volatility } : null;
}

/**
 * From an exponentially weighted mean (span of 20 days, weights normalised) of the daily sums of squared hourly log
 * returns, over the last 120 complete UTC days, or as many as are known.
 */
function yearlyVolatility(history: HourlyCloses, at: number): number {
  const keep = 1 - 2 / (EWMA_SPAN_DAYS + 1);
  let [sum, weights, weight] = [0, 0, 1];
  let dayEnd = Math.floor(at / DAY_MS) * DAY_MS;
  for (let day = 0; day < EWMA_DAYS; day += 1) {
    const variance = dailyVariance(history, dayEnd);
    if (variance === null) break;
    sum += weight * variance;
    weights += weight;
    weight *= keep;
    dayEnd -= DAY_MS;
  }
  return Math.sqrt((DAYS_A_YEAR * sum) / weights);
}

/** Null where the day began before the first price. */
function dailyVariance(history: HourlyCloses, dayEnd: number): number | null {
  const start = history.at(dayEnd - DAY_MS);
  if (start === undefined) return null;
  let [before, sum] = [start, 0];
  for (let hour = 23; hour >= 0; hour -= 1) {
    const close: number = history.at(dayEnd - hour * HOUR_MS) ?? before;
    sum += Math.log(close / before) ** 2;
    before = close;
  }
  return sum;
}

function tooLittle(history: HourlyCloses): Proposal {
  if (history.sawCoarseBars) {
    const reason =
      'trend reads hourly prices, and these bars are longer: give it hourly data beside the chart';
    return { kind: 'none', code: 'bars-too-long', reason };
  }
  const reason = `trend needs hourly prices of ${LONGEST_LOOK_BACK_DAYS} days: too little history yet`;
  return { kind: 'none', code: 'warming-up', reason };
}

function daysNumbers(signs: readonly number[]): Record<string, number> {
  return Object.fromEntries(LOOK_BACK_DAYS.map((days, index) => [`sign${days}d`, signs[index] ?? 0]));
}

function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(0)} %`;
}
