import type { PolicyFigures } from '../../contract/index.ts';
import { annualisedSharpe, type Candle } from '../../domain/index.ts';
import { barrierDistance, LABEL } from '../labels.ts';
import { deflatedSharpe } from './deflated-sharpe.ts';

/** One symbol's bars and what the models said when each closed. */
export interface PolicySeries {
  readonly bars: readonly Candle[];
  /** [bars x 3], row-major; NaN where nothing was said. */
  readonly probabilities: Float64Array;
  /** Standard deviation of one bar's return, by bar. */
  readonly sigma: Float64Array;
}

const DAY_MS = 86_400_000;
const MIN_DAYS = 20;
const MOMENTUM_BARS = 24;

/** Whether a long position is wanted at the close of a bar, and when one that is held ends. */
interface Rule {
  wants(bar: number): boolean;
  /** Distance of both barriers, as a log return; Infinity for a rule that holds as long as it wants to. */
  distance(bar: number): number;
}

/**
 * The cost-aware policy: long from the next open when the expected move, (P(up) - P(down)) times the distance of the
 * barriers, exceeds the cost of a round trip; out at a barrier or when the horizon ends, at that bar's close when
 * neither was touched. Every symbol has an equal share of the account; nothing is sold short.
 *
 * @param trials how many variants were tried on the data, for the deflated Sharpe ratio.
 */
export function policyFigures(series: readonly PolicySeries[], trials: number): PolicyFigures {
  const runs = series.map((one) => follow(one, modelRule(one), LABEL.horizonBars));
  const momentum = series.map((one) => follow(one, momentumRule(one), 1));
  const daily = byDay(runs, series.length);
  const held = byDay(series.map(holdReturns), series.length);
  const curve = growthOf(daily);
  const trades = runs.reduce((sum, run) => sum + run.trades, 0);
  const enough = daily.length >= MIN_DAYS && trades > 0;
  return {
    trades,
    returnPct: (curve.end - 1) * 100,
    sharpe: enough ? finite(annualisedSharpe(daily)) : null,
    deflatedSharpe: enough ? deflatedSharpe(daily, trials) : null,
    maxDrawdownPct: curve.maxDrawdown * 100,
    turnoverPerDay: daily.length === 0 ? 0 : (2 * trades) / series.length / daily.length,
    buyAndHoldReturnPct: (growthOf(held).end - 1) * 100,
    buyAndHoldMaxDrawdownPct: growthOf(held).maxDrawdown * 100,
    momentumReturnPct: (growthOf(byDay(momentum, series.length)).end - 1) * 100,
  };
}

function modelRule({ probabilities, sigma }: PolicySeries): Rule {
  const distance = (bar: number): number => barrierDistance(sigma[bar] ?? Number.NaN);
  return {
    distance,
    wants(bar) {
      const edge = (probabilities[3 * bar + 2] ?? Number.NaN) - (probabilities[3 * bar] ?? Number.NaN);
      return edge * distance(bar) > LABEL.roundTripCost;
    },
  };
}

/** Long while the price stands above where it stood a day ago. */
function momentumRule({ bars }: PolicySeries): Rule {
  return {
    distance: () => Number.POSITIVE_INFINITY,
    wants: (bar) => (bars[bar]?.close ?? 0) > (bars[bar - MOMENTUM_BARS]?.close ?? Number.POSITIVE_INFINITY),
  };
}

interface Run {
  /** Return after costs, by the day in which it was earned. */
  readonly returns: ReadonlyMap<number, number>;
  readonly trades: number;
}

/** Follows one rule over one symbol, marking to market at each close. */
function follow({ bars }: PolicySeries, rule: Rule, horizon: number): Run {
  const returns = new Map<number, number>();
  let trades = 0;
  const half = Math.log1p(-LABEL.roundTripCost / 2);
  const earn = (time: number, value: number): void => {
    const day = Math.floor(time / DAY_MS);
    returns.set(day, (returns.get(day) ?? 0) + value);
  };
  let position:
    | { readonly upper: number; readonly lower: number; readonly until: number; mark: number }
    | undefined;
  for (let index = 1; index < bars.length; index += 1) {
    const [bar, before] = [bars[index], bars[index - 1]];
    if (bar === undefined || before === undefined) continue;
    if (position === undefined && rule.wants(index - 1)) {
      const distance = rule.distance(index - 1);
      const [upper, lower] = [bar.open * Math.exp(distance), bar.open * Math.exp(-distance)];
      position = { upper, lower, until: index - 1 + horizon, mark: bar.open };
      earn(bar.openTime, half);
      trades += 1;
    } else if (position === undefined) {
      earn(bar.openTime, 0);
      continue;
    }
    // The worse barrier first, when a bar touches both.
    const out =
      bar.low <= position.lower ? position.lower : bar.high >= position.upper ? position.upper : undefined;
    // A position that the market jumped away from leaves at the open, not at the barrier that was passed by.
    const exit = out === undefined ? bar.close : jumped(out, bar, position);
    earn(bar.openTime, Math.log(exit / position.mark));
    position.mark = exit;
    const timeIsUp = index >= position.until && !(horizon === 1 && rule.wants(index));
    if (out === undefined && !timeIsUp) continue;
    earn(bar.openTime, half);
    position = undefined;
  }
  return { returns, trades };
}

function jumped(barrier: number, bar: Candle, { upper, lower }: { upper: number; lower: number }): number {
  if (bar.open >= upper) return bar.open;
  return bar.open <= lower ? bar.open : barrier;
}

function holdReturns({ bars }: PolicySeries): Run {
  const returns = new Map<number, number>();
  for (let index = 1; index < bars.length; index += 1) {
    const [bar, before] = [bars[index], bars[index - 1]];
    if (bar === undefined || before === undefined) continue;
    const day = Math.floor(bar.openTime / DAY_MS);
    returns.set(day, (returns.get(day) ?? 0) + Math.log(bar.close / before.close));
  }
  return { returns, trades: 1 };
}

/** Simple daily returns of an account with an equal share in each symbol, rebalanced daily; ascending. */
function byDay(runs: readonly Run[], symbols: number): number[] {
  const days = [...new Set(runs.flatMap(({ returns }) => [...returns.keys()]))].sort((a, b) => a - b);
  return days.map((day) =>
    runs.reduce((sum, { returns }) => sum + Math.expm1(returns.get(day) ?? 0) / symbols, 0),
  );
}

function growthOf(daily: readonly number[]): { end: number; maxDrawdown: number } {
  let [value, peak, maxDrawdown] = [1, 1, 0];
  for (const day of daily) {
    value *= 1 + day;
    peak = Math.max(peak, value);
    maxDrawdown = Math.max(maxDrawdown, 1 - value / peak);
  }
  return { end: value, maxDrawdown };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
