import type { Settings } from '../contract/index.ts';
import { annualisedSharpe, BPS, DAYS_PER_YEAR, mean, SeededRandom, TIMEFRAME_MS } from '../domain/index.ts';
import {
  type DailyMarket,
  dailyMarket,
  grown,
  type HistorySeries,
  holdPaths,
  type PathFigures,
  pathFigures,
  returnsOf,
  yearly,
} from '../engine/index.ts';
import type { AccountRecord, DayShares } from './daily-shares.ts';

/** What the same capital would have come to on the same days by other ways of holding the same coins. */
export interface Comparison {
  readonly years: readonly YearFigures[];
  /** Share of the equity in coins, averaged over all days, in percent. */
  readonly averageInvestedPct: number;
  readonly perYear: {
    readonly returnPct: number;
    /** Bought and sold, in times the equity. */
    readonly turnover: number;
    readonly feesPct: number;
    readonly fills: number;
  };
  /** An equal share in each coin from its first day, the rest in cash. */
  readonly hold: PathFigures;
  /** The same, with as much in coins as the strategy had on average. */
  readonly holdAtEqualExposure: PathFigures;
  /** The same, each share smaller where the coin's volatility is above 40 % a year. */
  readonly volatilityManagedHold: PathFigures;
  /** The strategy's own shares, each coin's shifted to a random date: as many entries, as long and as large. */
  readonly random: RandomFigures;
}

export interface RandomFigures {
  readonly draws: number;
  /** Of 100 draws 5, 50 and 95 are not above these. */
  readonly sharpe: readonly [low: number, median: number, high: number];
  readonly returnPctPerYear: readonly [low: number, median: number, high: number];
  /** Share of the draws that did at least as well as the strategy, by their Sharpe ratio. */
  readonly shareAtLeastAsGood: number;
}

export interface YearFigures {
  readonly year: number;
  readonly returnPct: number;
  readonly holdPct: number;
  readonly holdAtEqualExposurePct: number;
  readonly volatilityManagedHoldPct: number;
  /** Of the random draws. */
  readonly randomMedianPct: number;
}

const DAY_MS = TIMEFRAME_MS['1d'];
const DRAWS = 1_000;
/** Fewer days say nothing. */
const LEAST_DAYS = 60;

/** @returns null for less than two months. */
export function comparisonOf(
  series: readonly HistorySeries[],
  account: AccountRecord,
  facts: {
    readonly settings: Pick<Settings, 'simulation' | 'capital' | 'timeframe'>;
    readonly fills: number;
    readonly seed: number;
  },
): Comparison | null {
  const market = dailyMarket(series, TIMEFRAME_MS[facts.settings.timeframe]);
  if (market.days.length < LEAST_DAYS) return null;
  const { takerFeeBps, spreadBps, slippageBps } = facts.settings.simulation;
  const cost = (takerFeeBps + spreadBps / 2 + slippageBps) / BPS;
  const own = ownDays(market, account, Number(facts.settings.capital));
  const invested = mean(own.shares.map(total));
  const { hold, atEqual, managed } = holdPaths(market, invested, cost);
  const draws = randomDraws(market, own.shares, cost, facts.seed);
  const ownSharpe = annualisedSharpe(own.returns);
  const years = market.days.length / DAYS_PER_YEAR;
  const sharpes = draws.map(annualisedSharpe);
  return {
    years: yearsOf(market.days, { own: own.returns, hold, atEqual, managed, draws }),
    averageInvestedPct: 100 * invested,
    perYear: {
      returnPct: yearly(own.returns),
      turnover: account.turnover / years,
      feesPct: (100 * account.fees) / years,
      fills: facts.fills / years,
    },
    hold: pathFigures(hold),
    holdAtEqualExposure: pathFigures(atEqual),
    volatilityManagedHold: pathFigures(managed),
    random: {
      draws: draws.length,
      sharpe: quantiles(sharpes),
      returnPctPerYear: quantiles(draws.map(yearly)),
      shareAtLeastAsGood: sharpes.filter((each) => each >= ownSharpe).length / draws.length,
    },
  };
}

/** What the account did on each of the market's days: its return, and what it held. */
function ownDays({ days }: DailyMarket, { days: record }: AccountRecord, capital: number) {
  const nothing: DayShares = { equity: capital, shares: [] };
  let before = record.get((days[0] ?? 0) - 1) ?? nothing;
  const returns: number[] = [];
  const shares: (readonly number[])[] = [];
  for (const day of days) {
    const now = record.get(day) ?? before;
    returns.push(now.equity / before.equity - 1);
    shares.push(now.shares);
    before = now;
  }
  return { returns, shares };
}

function randomDraws(
  market: DailyMarket,
  own: readonly (readonly number[])[],
  cost: number,
  seed: number,
): readonly (readonly number[])[] {
  const random = new SeededRandom(seed);
  const coins = market.moves[0]?.length ?? 0;
  const starts = Array.from({ length: coins }, (_, coin) =>
    market.moves.findIndex((day) => day[coin] !== null),
  );
  const columns = starts.map((_, coin) => Float64Array.from(own, (day) => day[coin] ?? 0));
  return Array.from({ length: DRAWS }, () => {
    const shifts = starts.map((start) => Math.floor(random.next() * (own.length - start)));
    const shareOf = (day: number, coin: number): number => {
      const start = starts[coin] ?? -1;
      if (start < 0 || day < start) return 0;
      const shifted = day + (shifts[coin] ?? 0);
      return columns[coin]?.[shifted < own.length ? shifted : shifted - own.length + start] ?? 0;
    };
    return returnsOf(market, shareOf, cost);
  });
}

interface Paths {
  readonly own: readonly number[];
  readonly hold: readonly number[];
  readonly atEqual: readonly number[];
  readonly managed: readonly number[];
  readonly draws: readonly (readonly number[])[];
}

function yearsOf(
  days: readonly number[],
  { own, hold, atEqual, managed, draws }: Paths,
): readonly YearFigures[] {
  // A day belongs to the year in which it began.
  const yearOf = (day: number): number => new Date((day - 1) * DAY_MS).getUTCFullYear();
  const years = [...new Set(days.map(yearOf))];
  return years.map((year) => {
    const [from, to] = [
      days.findIndex((day) => yearOf(day) === year),
      days.findLastIndex((day) => yearOf(day) === year),
    ];
    const within = (returns: readonly number[]): number => 100 * (grown(returns.slice(from, to + 1)) - 1);
    return {
      year,
      returnPct: within(own),
      holdPct: within(hold),
      holdAtEqualExposurePct: within(atEqual),
      volatilityManagedHoldPct: within(managed),
      randomMedianPct: quantiles(draws.map(within))[1],
    };
  });
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function quantiles(values: readonly number[]): readonly [number, number, number] {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return [at(0.05), at(0.5), at(0.95)];
}
