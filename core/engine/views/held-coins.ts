import { annualisedSharpe, type Candle, DAYS_PER_YEAR, mean, TIMEFRAME_MS } from '../../domain/index.ts';

/**
 * What the same days would have come to by other ways of holding the same coins: the baselines of a backtest and of the
 * Performance page alike.
 */

export interface PathFigures {
  readonly returnPctPerYear: number;
  readonly sharpe: number | null;
  readonly maxDrawdownPct: number;
}

const DAY_MS = TIMEFRAME_MS['1d'];
const TARGET_VOLATILITY = 0.4;
const KEEP = 1 - 2 / 21;

export interface DailyMarket {
  /** Ends of the UTC days, counted from the epoch, ascending and without a hole. */
  readonly days: readonly number[];
  /** Each day's return of each coin; null before its first. */
  readonly moves: readonly (readonly (number | null)[])[];
  /** Yearly volatility of each coin as it was known when the day began; NaN before there is any. */
  readonly volatilities: readonly (readonly number[])[];
}

export function dailyMarket(
  series: readonly { readonly bars: readonly Candle[] }[],
  timeframeMs: number,
): DailyMarket {
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

/** A coin's share of the equity on the morning of one of the market's days, counted from the first. */
export type ShareOf = (day: number, coin: number) => number;

/** Daily returns of shares that are brought back to each morning, at a cost for what that trades. */
export function returnsOf({ moves }: DailyMarket, shareOf: ShareOf, cost: number): readonly number[] {
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

/** The returns of an equal share in each coin from its first day, in three ways. */
export interface HoldPaths {
  readonly hold: readonly number[];
  /** With as much in coins on average as is told. */
  readonly atEqual: readonly number[];
  /** Each share smaller where the coin's volatility is above 40 % a year. */
  readonly managed: readonly number[];
}

/**
 * @param invested share of the equity that is in coins on average, 0 to 1.
 * @param cost of buying and selling, as a share of what is traded.
 */
export function holdPaths(market: DailyMarket, invested: number, cost: number): HoldPaths {
  const equal = market.moves.map((moves) => moves.map((move) => (move === null ? 0 : 1 / moves.length)));
  const average = mean(equal.map((shares) => shares.reduce((sum, share) => sum + share, 0)));
  // Where no coin moves there is nothing to hold.
  const scale = average > 0 ? invested / average : 0;
  const equally = (day: number, coin: number): number => equal[day]?.[coin] ?? 0;
  const path = (shareOf: ShareOf): readonly number[] => returnsOf(market, shareOf, cost);
  return {
    hold: path(equally),
    atEqual: path((day, coin) => scale * equally(day, coin)),
    managed: path((day, coin) => equally(day, coin) * managedShare(market, day, coin)),
  };
}

/** How daily returns add up. */
export function pathFigures(returns: readonly number[]): PathFigures {
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

export function yearly(returns: readonly number[]): number {
  return 100 * (grown(returns) ** (DAYS_PER_YEAR / returns.length) - 1);
}

export function grown(returns: readonly number[]): number {
  return returns.reduce((level, value) => level * (1 + value), 1);
}
