import type { MetricValue, Settings } from '../contract/index.ts';
import { entryCostRates, float } from '../domain/index.ts';
import type { HistorySeries } from '../engine/index.ts';
import { accountMetrics, type Baseline, buyAndHold, flat, type Portfolio } from '../portfolio/index.ts';

/** How an account did, with the sample behind each ratio. Percentages in percent, rates and ratios plain. */
export interface AccountFigures {
  readonly trades: number;
  readonly capital: number;
  readonly finalEquity: number;
  readonly netProfitPct: number;
  readonly fees: number;
  /** What getting in has cost beside what the cost gate had expected, in basis points; null where nothing was entered. */
  readonly entryCost: ReturnType<typeof entryCostRates>;
  readonly sharpe: number | null;
  readonly sharpeConfidence: { readonly low: number; readonly high: number } | null;
  readonly sortino: number | null;
  readonly maxDrawdownPct: number;
  readonly winRate: number | null;
  readonly profitFactor: number | null;
  /** Days behind Sharpe and Sortino, trades behind win rate and profit factor. */
  readonly sampleSize: { readonly days: number; readonly trades: number };
  readonly openPositions: number;
  /** All figures of an account, as the program shows them of a running one. */
  readonly metrics: ReturnType<typeof accountMetrics>;
}

export interface BaselineFigures {
  readonly netProfitPct: number;
  readonly maxDrawdownPct: number;
  readonly sharpe: number | null;
  readonly fees: number;
}

export function accountFigures(portfolio: Portfolio): AccountFigures {
  const capital = float(portfolio.capital);
  const finalEquity = float(portfolio.equity());
  const metrics = accountMetrics(portfolio);
  const { sharpe } = metrics;
  return {
    trades: portfolio.tally.trades,
    capital,
    finalEquity,
    netProfitPct: (finalEquity / capital - 1) * 100,
    fees: float(portfolio.fees),
    entryCost: entryCostRates(portfolio.entryCost),
    sharpe: figureOf(sharpe),
    sharpeConfidence: sharpe.interval,
    sortino: figureOf(metrics.sortino),
    maxDrawdownPct: portfolio.curve.maxDrawdown * 100,
    winRate: figureOf(metrics.winRate),
    profitFactor: figureOf(metrics.profitFactor),
    sampleSize: { days: portfolio.curve.dailyReturns.length, trades: portfolio.tally.trades },
    openPositions: portfolio.positions().length,
    metrics,
  };
}

function figureOf({ value }: MetricValue): number | null {
  return value === null ? null : Number(value);
}

/** What a strategy has to beat on the same bars at the same costs. Buy and hold shares the capital equally. */
export function baselineFigures(
  series: readonly HistorySeries[],
  settings: Pick<Settings, 'capital' | 'simulation'>,
): { readonly flat: BaselineFigures; readonly buyAndHold: BaselineFigures } {
  const capital = Number(settings.capital);
  const held = series.map(({ bars }) => buyAndHold(bars, capital / series.length, settings.simulation));
  const [only, second] = held;
  const final = held.reduce((sum, one) => sum + one.finalEquity, 0);
  return {
    flat: figures(flat(capital)),
    buyAndHold: {
      netProfitPct: (final / capital - 1) * 100,
      // Of several symbols together neither figure is a sum: the worst fall is shown, the ratio left out.
      maxDrawdownPct: Math.max(...held.map((one) => one.maxDrawdownPct)),
      sharpe: second === undefined ? (only?.sharpe.value ?? null) : null,
      fees: held.reduce((sum, one) => sum + one.fees, 0),
    },
  };
}

function figures({ returnPct, maxDrawdownPct, sharpe: ratio, fees }: Baseline): BaselineFigures {
  return { netProfitPct: returnPct, maxDrawdownPct, sharpe: ratio.value, fees };
}
