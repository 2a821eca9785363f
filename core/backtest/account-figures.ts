import type { Settings } from '../contract/index.ts';
import { entryCostRates, float } from '../domain/index.ts';
import type { HistorySeries } from '../engine/index.ts';
import {
  type Baseline,
  buyAndHold,
  flat,
  type Portfolio,
  profitFactor,
  sharpe,
  sortino,
  winRate,
} from '../portfolio/index.ts';

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
  const netPnls = portfolio.roundTrips.map((trip) => float(trip.netPnl));
  const { dailyReturns, maxDrawdown } = portfolio.curve;
  const { value, confidence, sampleSize } = sharpe(dailyReturns);
  return {
    trades: netPnls.length,
    capital,
    finalEquity,
    netProfitPct: (finalEquity / capital - 1) * 100,
    fees: float(portfolio.fees),
    entryCost: entryCostRates(portfolio.entryCost),
    sharpe: value,
    sharpeConfidence: confidence,
    sortino: sortino(dailyReturns).value,
    maxDrawdownPct: maxDrawdown * 100,
    winRate: winRate(netPnls).value,
    profitFactor: profitFactor(netPnls).value,
    sampleSize: { days: sampleSize, trades: netPnls.length },
    openPositions: portfolio.positions().length,
  };
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
