import type { SafetySettings } from '../contract/index.ts';
import { annualisedSharpe } from '../domain/index.ts';
import { percent } from './verdict.ts';

export type BreakerSettings = Pick<
  SafetySettings,
  | 'maxDailyLoss'
  | 'maxDrawdown'
  | 'maxConsecutiveLosses'
  | 'minWinRate'
  | 'winRateTrades'
  | 'minSharpe'
  | 'sharpeDays'
  | 'minSample'
  | 'haltHours'
>;

/** What the breaker knows of the account since it began or since its last trip ended. */
export interface BreakerFigures {
  readonly equity: number;
  /** Equity when the UTC day began. */
  readonly dayStart: number;
  readonly peak: number;
  /** Of the last `sharpeDays` finished days, as fractions. */
  readonly dailyReturns: readonly number[];
  /** Of the last `winRateTrades` round trips: whether each made money after fees. */
  readonly outcomes: readonly boolean[];
  readonly lossesInRow: number;
}

export interface BreakerFault {
  readonly code: string;
  readonly message: string;
}

/** The equity at or below which the account has lost too much, today or from its peak. */
export function equityFloor({ dayStart, peak }: BreakerFigures, settings: BreakerSettings): number {
  return Math.max(dayStart * (1 - settings.maxDailyLoss), peak * (1 - settings.maxDrawdown));
}

export function equityFault(figures: BreakerFigures, settings: BreakerSettings): BreakerFault | undefined {
  const { equity, dayStart, peak } = figures;
  const { maxDailyLoss, maxDrawdown } = settings;
  // The second condition keeps a limit of 0 from tripping before anything is lost.
  if (equity <= dayStart * (1 - maxDailyLoss) && equity < dayStart) {
    const lost = percent(1 - equity / dayStart);
    return { code: 'daily-loss', message: `${lost} lost today, the limit is ${percent(maxDailyLoss)}` };
  }
  if (equity <= peak * (1 - maxDrawdown) && equity < peak) {
    const fallen = percent(1 - equity / peak);
    return { code: 'drawdown', message: `${fallen} below the peak, the limit is ${percent(maxDrawdown)}` };
  }
  return undefined;
}

export function tradeFault(figures: BreakerFigures, settings: BreakerSettings): BreakerFault | undefined {
  const { outcomes, lossesInRow } = figures;
  if (lossesInRow >= settings.maxConsecutiveLosses) {
    return { code: 'consecutive-losses', message: `${lossesInRow} losing trades in a row` };
  }
  const rate = winRateOf(outcomes);
  if (outcomes.length >= sampleNeeded(settings.winRateTrades, settings) && rate < settings.minWinRate) {
    const message = `${percent(rate)} of the last ${outcomes.length} trades won, the floor is ${percent(settings.minWinRate)}`;
    return { code: 'win-rate', message };
  }
  return undefined;
}

export function sharpeFault(
  { dailyReturns }: BreakerFigures,
  settings: BreakerSettings,
): BreakerFault | undefined {
  const sharpe = annualisedSharpe(dailyReturns);
  if (dailyReturns.length >= sampleNeeded(settings.sharpeDays, settings) && sharpe < settings.minSharpe) {
    const message = `a Sharpe ratio of ${sharpe.toFixed(2)} over ${dailyReturns.length} days, the floor is ${settings.minSharpe}`;
    return { code: 'sharpe', message };
  }
  return undefined;
}

/** A floor whose window is smaller than the minimum sample would otherwise never be reached. */
function sampleNeeded(window: number, settings: BreakerSettings): number {
  return Math.min(window, settings.minSample);
}

/** The figures by name, beside their limits. What cannot be computed yet is NaN. */
export function breakerNumbers(figures: BreakerFigures, settings: BreakerSettings): Record<string, number> {
  const { equity, dayStart, peak, outcomes, dailyReturns, lossesInRow } = figures;
  const { maxDailyLoss, maxDrawdown, maxConsecutiveLosses, minWinRate, minSharpe } = settings;
  return {
    equity,
    dailyLoss: 1 - equity / dayStart,
    maxDailyLoss,
    drawdown: 1 - equity / peak,
    maxDrawdown,
    lossesInRow,
    maxConsecutiveLosses,
    winRate: winRateOf(outcomes),
    minWinRate,
    trades: outcomes.length,
    sharpe: annualisedSharpe(dailyReturns),
    minSharpe,
    days: dailyReturns.length,
  };
}

function winRateOf(outcomes: readonly boolean[]): number {
  return outcomes.filter((won) => won).length / outcomes.length;
}
