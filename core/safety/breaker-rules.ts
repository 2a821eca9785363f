import type { SafetySettings } from '../contract/index.ts';
import { annualisedSharpe } from '../domain/index.ts';
import { percent, TIE } from './verdict.ts';

export type BreakerSettings = Pick<
  SafetySettings,
  | 'maxDailyLoss'
  | 'profitLock'
  | 'maxDrawdown'
  | 'maxConsecutiveLosses'
  | 'minWinRate'
  | 'winRateTrades'
  | 'minSharpe'
  | 'sharpeDays'
  | 'minSample'
  | 'haltHours'
  | 'drawdownRelease'
>;

/** Why the breaker trips. Each reason has a halt of its own, and its end starts only its own figures anew. */
export const BREAKER_CODES = [
  'drawdown',
  'daily-loss',
  'profit-lock',
  'consecutive-losses',
  'win-rate',
  'sharpe',
  'missing-equity',
  'unreadable-state',
] as const;
export type BreakerCode = (typeof BREAKER_CODES)[number];

/** What the breaker knows of the account. */
export interface BreakerFigures {
  readonly equity: number;
  /** Equity when the UTC day began. */
  readonly dayStart: number;
  /** What the loss of the day is counted from: its start, or the equity when a halt for it ended within the day. */
  readonly lossBase: number;
  /** The highest equity since the beginning or since the last halt by drawdown ended. */
  readonly peak: number;
  /** Of the last `sharpeDays` finished days, as fractions. */
  readonly dailyReturns: readonly number[];
  /** Of the last `winRateTrades` round trips: whether each made money after fees. */
  readonly outcomes: readonly boolean[];
  readonly lossesInRow: number;
}

export interface BreakerFault {
  readonly code: BreakerCode;
  readonly message: string;
}

/** The equity at which the account has lost too much today: reaching it is too much. */
export function lossFloor({ lossBase }: Pick<BreakerFigures, 'lossBase'>, settings: BreakerSettings): number {
  return lossBase * (1 - settings.maxDailyLoss) * (1 + TIE);
}

/** The equity at which the account has fallen too far from its peak: reaching it is too far. */
export function drawdownFloor({ peak }: Pick<BreakerFigures, 'peak'>, settings: BreakerSettings): number {
  return peak * (1 - settings.maxDrawdown) * (1 + TIE);
}

/** The equity above which the gain of the day is enough; infinite where no gain is. */
export function profitCeiling(
  { dayStart }: Pick<BreakerFigures, 'dayStart'>,
  { profitLock }: BreakerSettings,
): number {
  return profitLock === null ? Number.POSITIVE_INFINITY : dayStart * (1 + profitLock) * (1 - TIE);
}

/** The rules on equity that are broken, the worst first. */
export function equityFaults(figures: BreakerFigures, settings: BreakerSettings): readonly BreakerFault[] {
  const { equity, dayStart, lossBase, peak } = figures;
  const faults: BreakerFault[] = [];
  // The second condition keeps a limit of 0 from tripping before anything is lost.
  if (equity <= drawdownFloor(figures, settings) && equity < peak) {
    const message = `${percent(1 - equity / peak)} below the peak, the limit is ${percent(settings.maxDrawdown)}`;
    faults.push({ code: 'drawdown', message });
  }
  if (equity <= lossFloor(figures, settings) && equity < lossBase) {
    const since = lossBase === dayStart ? 'today' : "since today's last halt";
    const message = `${percent(1 - equity / lossBase)} lost ${since}, the limit is ${percent(settings.maxDailyLoss)}`;
    faults.push({ code: 'daily-loss', message });
  }
  if (equity > profitCeiling(figures, settings)) {
    faults.push({
      code: 'profit-lock',
      message: `${percent(equity / dayStart - 1)} gained today, which is kept`,
    });
  }
  return faults;
}

/** The rules on finished trades that are broken. */
export function tradeFaults(figures: BreakerFigures, settings: BreakerSettings): readonly BreakerFault[] {
  const { outcomes, lossesInRow } = figures;
  const faults: BreakerFault[] = [];
  if (lossesInRow >= settings.maxConsecutiveLosses) {
    faults.push({ code: 'consecutive-losses', message: `${lossesInRow} losing trades in a row` });
  }
  const rate = winRateOf(outcomes);
  // Exactly the floor is not under it. A quotient of two counts is the float nearest to the written fraction.
  if (outcomes.length >= sampleNeeded(settings.winRateTrades, settings) && rate < settings.minWinRate) {
    const message = `${percent(rate)} of the last ${outcomes.length} trades won, the floor is ${percent(settings.minWinRate)}`;
    faults.push({ code: 'win-rate', message });
  }
  return faults;
}

/** The rule on the returns of days, when it is broken. */
export function sharpeFaults(
  { dailyReturns }: Pick<BreakerFigures, 'dailyReturns'>,
  settings: BreakerSettings,
): readonly BreakerFault[] {
  const sharpe = annualisedSharpe(dailyReturns);
  const days = dailyReturns.length;
  if (!(days >= sampleNeeded(settings.sharpeDays, settings) && sharpe < settings.minSharpe)) return [];
  const found =
    sharpe === Number.NEGATIVE_INFINITY
      ? `the same loss on each of ${days} days`
      : `a Sharpe ratio of ${sharpe.toFixed(2)} over ${days} days`;
  return [{ code: 'sharpe', message: `${found}, the floor is ${settings.minSharpe}` }];
}

/** A floor whose window is smaller than the minimum sample would otherwise never be reached. */
export function sampleNeeded(window: number, settings: Pick<BreakerSettings, 'minSample'>): number {
  return Math.min(window, settings.minSample);
}

/** The figures by name, beside their limits. What cannot be computed yet is NaN. */
export function breakerNumbers(figures: BreakerFigures, settings: BreakerSettings): Record<string, number> {
  const { equity, dayStart, lossBase, peak, outcomes, dailyReturns, lossesInRow } = figures;
  const { maxDailyLoss, profitLock, maxDrawdown, maxConsecutiveLosses, minWinRate, minSharpe } = settings;
  return {
    equity,
    dailyLoss: 1 - equity / lossBase,
    maxDailyLoss,
    ...(profitLock === null ? {} : { dayProfit: equity / dayStart - 1, profitLock }),
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
