import type { BaselineFigures, PerformanceDays, Settings } from '../../contract/index.ts';
import {
  annualisedSharpe,
  BPS,
  type Candle,
  type HistoryStore,
  mean,
  TIMEFRAME_MS,
  type Timeframe,
  type UtcMs,
} from '../../domain/index.ts';
import { estimate, type Portfolio } from '../../portfolio/index.ts';
import type { Period, SqliteExposureQueries } from '../../storage/index.ts';
import {
  type DailyMarket,
  dailyMarket,
  grown,
  type HoldPaths,
  holdPaths,
  pathFigures,
} from './held-coins.ts';

const DAY_MS = TIMEFRAME_MS['1d'];
/** So many days of prices before the first tell the volatility of its morning. */
const DAYS_BEFORE = 60;
/** Read at a time: more would hold up the prices. */
const CANDLES_AT_ONCE = 5_000;

export interface PerformanceDaysParts {
  readonly portfolio: Pick<Portfolio, 'curve'>;
  readonly exposure: Pick<SqliteExposureQueries, 'daily'>;
  readonly history: Pick<HistoryStore, 'candles'>;
  readonly symbols: readonly string[];
  readonly timeframe: Timeframe;
  readonly costs: Settings['simulation'];
  readonly minSample: number;
}

/** The account's finished days beside other ways of holding the same coins on them. */
export async function performanceDays(parts: PerformanceDaysParts, period: Period): Promise<PerformanceDays> {
  const { symbols, minSample } = parts;
  const own = ownDays(parts, period);
  const finished = new Set(own.map(({ end }) => dayName(end)));
  const shares = parts.exposure
    .daily(period)
    .flatMap(({ day, meanShare }) => (finished.has(day) ? meanShare : []));
  const invested = shares.length === 0 ? null : mean(shares);
  const market = await marketOf(parts, own);
  const paths = market === null ? null : pathsOf(market, invested, parts.costs);
  const returns = own.map((day) => day.value);
  return {
    symbols: [...symbols],
    minSample,
    days: daysOf(own, market, paths),
    figures: {
      account: figuresOf(returns, minSample),
      hold: figuresOf(paths?.hold, minSample),
      holdAtEqualExposure: figuresOf(paths?.atEqual, minSample),
      volatilityManagedHold: figuresOf(paths?.managed, minSample),
    },
    averageInvestedPct: invested === null ? null : 100 * invested,
  };
}

interface OwnDay {
  /** Its end, in days since the epoch. */
  readonly end: number;
  readonly value: number;
}

function ownDays({ portfolio }: PerformanceDaysParts, { from, to }: Period): readonly OwnDay[] {
  const { returnDays, dailyReturns } = portfolio.curve;
  return returnDays.flatMap((end, index) => {
    const isWithin = (end - 1) * DAY_MS >= (from ?? 0) && end * DAY_MS <= (to ?? Number.POSITIVE_INFINITY);
    const value = dailyReturns[index];
    return isWithin && value !== undefined ? { end, value } : [];
  });
}

/** The days of the account on which prices are stored; null: there is none. */
async function marketOf(parts: PerformanceDaysParts, own: readonly OwnDay[]): Promise<DailyMarket | null> {
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined) return null;
  const from = (first.end - 1 - DAYS_BEFORE) * DAY_MS;
  const series: { readonly bars: readonly Candle[] }[] = [];
  for (const symbol of parts.symbols) {
    const bars = await candlesOf(parts, symbol, from, last.end * DAY_MS);
    if (bars.length > 0) series.push({ bars });
  }
  if (series.length === 0) return null;
  const market = fromTheBeginning(
    dailyMarket(series, TIMEFRAME_MS[parts.timeframe]),
    series,
    parts.portfolio.curve.began ?? 0,
  );
  const isOwn = new Set(own.map(({ end }) => end));
  const kept = market.days.flatMap((day, index) => (isOwn.has(day) ? [index] : []));
  if (kept.length === 0) return null;
  const pick = <T>(values: readonly T[]): readonly T[] =>
    kept.flatMap((index) => {
      const value = values[index];
      return value === undefined ? [] : [value];
    });
  return { days: pick(market.days), moves: pick(market.moves), volatilities: pick(market.volatilities) };
}

/**
 * On the day on which the account began, the coins too are held from then on only: from the open of the first bar after
 * it to the last close of the day.
 */
function fromTheBeginning(
  market: DailyMarket,
  series: readonly { readonly bars: readonly Candle[] }[],
  began: UtcMs,
): DailyMarket {
  const firstDay = Math.floor(began / DAY_MS) + 1;
  const moves = market.moves.map((moved, index) => {
    const end = market.days[index];
    if (end !== firstDay || began % DAY_MS === 0) return moved;
    return moved.map((move, coin) => {
      const rest = (series[coin]?.bars ?? []).filter(
        ({ openTime }) => openTime >= began && openTime < end * DAY_MS,
      );
      const [first, last] = [rest[0], rest.at(-1)];
      if (move === null) return null;
      return first === undefined || last === undefined ? 0 : last.close / first.open - 1;
    });
  });
  return { ...market, moves };
}

async function candlesOf(
  { history, timeframe }: PerformanceDaysParts,
  symbol: string,
  from: UtcMs,
  before: UtcMs,
): Promise<readonly Candle[]> {
  const bars: Candle[] = [];
  const step = CANDLES_AT_ONCE * TIMEFRAME_MS[timeframe];
  for (let start = from; start < before; start += step) {
    bars.push(...history.candles(symbol, timeframe, { from: start, before: Math.min(before, start + step) }));
    await new Promise(setImmediate);
  }
  return bars;
}

function pathsOf(
  market: DailyMarket,
  invested: number | null,
  { takerFeeBps, spreadBps, slippageBps }: Settings['simulation'],
): Omit<HoldPaths, 'atEqual'> & { readonly atEqual?: readonly number[] } {
  const paths = holdPaths(market, invested ?? 0, (takerFeeBps + spreadBps / 2 + slippageBps) / BPS);
  // How much was at stake is not known: then neither is what that would have come to.
  return invested === null ? { hold: paths.hold, managed: paths.managed } : paths;
}

function daysOf(
  own: readonly OwnDay[],
  market: DailyMarket | null,
  paths: ReturnType<typeof pathsOf> | null,
): PerformanceDays['days'] {
  const places = new Map(market?.days.map((day, index) => [day, index]));
  const levels = (returns: readonly number[] | undefined): readonly number[] => {
    let level = 1;
    return (returns ?? []).map((value) => (level *= 1 + value));
  };
  const account = levels(own.map(({ value }) => value));
  const [hold, atEqual, managed] = [levels(paths?.hold), levels(paths?.atEqual), levels(paths?.managed)];
  return own.map(({ end }, index) => {
    const place = places.get(end) ?? -1;
    return {
      day: dayName(end),
      account: account[index] ?? 1,
      hold: hold[place] ?? null,
      holdAtEqualExposure: atEqual[place] ?? null,
      volatilityManagedHold: managed[place] ?? null,
    };
  });
}

/** A UTC day as 2024-01-31, of its end in days since the epoch. */
function dayName(end: number): string {
  return new Date((end - 1) * DAY_MS).toISOString().slice(0, 10);
}

function figuresOf(returns: readonly number[] | undefined, minSample: number): BaselineFigures | null {
  if (returns === undefined || returns.length === 0) return null;
  const { returnPctPerYear, maxDrawdownPct } = pathFigures(returns);
  const days = returns.length;
  return {
    returnPct: 100 * (grown(returns) - 1),
    returnPctPerYear: estimate(returnPctPerYear, days, minSample).value,
    sharpe: estimate(annualisedSharpe(returns), days, minSample).value,
    maxDrawdownPct,
  };
}
