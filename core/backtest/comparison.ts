import type { Settings } from '../contract/index.ts';
import { annualisedSharpe, BPS, type Candle, mean, SeededRandom, TIMEFRAME_MS } from '../domain/index.ts';
import type { HistorySeries } from '../engine/index.ts';
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

export interface PathFigures {
  readonly returnPctPerYear: number;
  readonly sharpe: number | null;
  readonly maxDrawdownPct: number;
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
const DAYS_PER_YEAR = 365;
const DRAWS = 1_000;
/** Fewer days say nothing. */
const LEAST_DAYS = 60;
const TARGET_VOLATILITY = 0.4;
const KEEP = 1 - 2 / 21;

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
  const equal = market.moves.map((moves) => moves.map((move) => (move === null ? 0 : 1 / moves.length)));
  const scale = invested / mean(equal.map(total));
  const equally = (day: number, coin: number): number => equal[day]?.[coin] ?? 0;
  const path = (shareOf: ShareOf): readonly number[] => returnsOf(market, shareOf, cost);
  const hold = path(equally);
  const atEqual = path((day, coin) => scale * equally(day, coin));
  const managed = path((day, coin) => equally(day, coin) * managedShare(market, day, coin));
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
    hold: figuresOf(hold),
    holdAtEqualExposure: figuresOf(atEqual),
    volatilityManagedHold: figuresOf(managed),
    random: {
      draws: draws.length,
      sharpe: quantiles(sharpes),
      returnPctPerYear: quantiles(draws.map(yearly)),
      shareAtLeastAsGood: sharpes.filter((each) => each >= ownSharpe).length / draws.length,
    },
  };
}

interface DailyMarket {
  /** Ends of the UTC days, counted from the epoch, ascending and without a hole. */
  readonly days: readonly number[];
  /** Each day's return of each coin; null before its first. */
  readonly moves: readonly (readonly (number | null)[])[];
  /** Yearly volatility of each coin as it was known when the day began; NaN before there is any. */
  readonly volatilities: readonly (readonly number[])[];
}

function dailyMarket(series: readonly HistorySeries[], timeframeMs: number): DailyMarket {
  const coins = series.map(({ bars }) => coinDays(bars, timeframeMs));
  const first = Math.min(...coins.map(({ first: day }) => day));
  const last = Math.max(...coins.map(({ first: day, closes }) => day + closes.length - 1));
  const days = Array.from({ length: Math.max(0, last - first) }, (_, index) => first + 1 + index);
  return {
    days,
    moves: days.map((day) =>
      coins.map(({ first: start, closes }) => {
        const [before, now] = [closes[day - 1 - start], closes[day - start]];
        return before === undefined || now === undefined ? null : now / before - 1;
      }),
    ),
    volatilities: days.map((day) =>
      coins.map(({ first: start, volatilities }) => volatilities[day - 1 - start] ?? Number.NaN),
    ),
  };
}

interface CoinDays {
  /** End of the first day. */
  readonly first: number;
  /** At the end of each day; of one without a bar the close before it. */
  readonly closes: readonly number[];
  /** EWMA of 20 days of the daily sums of squared returns of bars, a year's. */
  readonly volatilities: readonly number[];
}

function coinDays(bars: readonly Candle[], timeframeMs: number): CoinDays {
  const first = dayOf(bars[0]?.openTime ?? 0);
  const closes: number[] = [];
  const volatilities: number[] = [];
  let [sum, weights, squares, before] = [0, 0, 0, bars[0]?.open ?? Number.NaN];
  let day = first;
  const endDay = (): void => {
    sum = KEEP * sum + squares;
    weights = KEEP * weights + 1;
    closes.push(before);
    volatilities.push(Math.sqrt((DAYS_PER_YEAR * sum) / weights));
    squares = 0;
    day += 1;
  };
  for (const { openTime, close } of bars) {
    while (dayOf(openTime) > day) endDay();
    squares += Math.log(close / before) ** 2;
    before = close;
  }
  // A day that was begun and not ended is none.
  if ((bars.at(-1)?.openTime ?? 0) + timeframeMs >= day * DAY_MS) endDay();
  return { first, closes, volatilities };
}

/** The end of the UTC day of a bar, counted from the epoch. */
function dayOf(openTime: number): number {
  return Math.floor(openTime / DAY_MS) + 1;
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

/** A coin's share of the equity on the morning of one of the market's days, counted from the first. */
type ShareOf = (day: number, coin: number) => number;

/** Daily returns of shares that are brought back to each morning, at a cost for what that trades. */
function returnsOf({ moves }: DailyMarket, shareOf: ShareOf, cost: number): readonly number[] {
  const coins = moves[0]?.length ?? 0;
  // A thousand draws of some thousand days come this way: nothing is made anew for a day.
  const held = new Float64Array(coins);
  const drifted = new Float64Array(coins);
  return moves.map((day, index) => {
    let [gain, traded] = [0, 0];
    for (let coin = 0; coin < coins; coin += 1) {
      const share = shareOf(index, coin);
      traded += Math.abs(share - (drifted[coin] ?? 0));
      gain += share * (day[coin] ?? 0);
      held[coin] = share;
    }
    const result = gain - cost * traded;
    for (let coin = 0; coin < coins; coin += 1) {
      drifted[coin] = ((held[coin] ?? 0) * (1 + (day[coin] ?? 0))) / (1 + result);
    }
    return result;
  });
}

function managedShare({ volatilities }: DailyMarket, day: number, coin: number): number {
  const volatility = volatilities[day]?.[coin] ?? Number.NaN;
  return volatility > 0 ? Math.min(1, TARGET_VOLATILITY / volatility) : 0;
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

function figuresOf(returns: readonly number[]): PathFigures {
  let [level, peak, worst] = [1, 1, 0];
  for (const value of returns) {
    level *= 1 + value;
    peak = Math.max(peak, level);
    worst = Math.max(worst, 1 - level / peak);
  }
  const sharpe = annualisedSharpe(returns);
  return {
    returnPctPerYear: yearly(returns),
    sharpe: Number.isFinite(sharpe) ? sharpe : null,
    maxDrawdownPct: 100 * worst,
  };
}

function yearly(returns: readonly number[]): number {
  return 100 * (grown(returns) ** (DAYS_PER_YEAR / returns.length) - 1);
}

function grown(returns: readonly number[]): number {
  return returns.reduce((level, value) => level * (1 + value), 1);
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function quantiles(values: readonly number[]): readonly [number, number, number] {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return [at(0.05), at(0.5), at(0.95)];
}
