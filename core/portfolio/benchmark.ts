import type { Estimate, SimulationSettings } from '../contract/index.ts';
import { BPS, type Candle } from '../domain/index.ts';
import { EquityCurve } from './equity-curve.ts';
import { sharpe } from './performance.ts';

/** What a strategy has to beat, over the same bars and at the same costs. */
export interface Baseline {
  readonly finalEquity: number;
  /** In percent of the capital. */
  readonly returnPct: number;
  readonly maxDrawdownPct: number;
  readonly fees: number;
  readonly sharpe: Estimate;
}

export type Costs = Pick<SimulationSettings, 'takerFeeBps' | 'spreadBps' | 'slippageBps'>;

/**
 * All the capital bought at the first bar's open and sold at the last bar's close, each with the taker's fee,
 * half the spread and slippage. Bars ascend; the equity in between is marked at every close.
 */
export function buyAndHold(bars: readonly Candle[], capital: number, costs: Costs): Baseline {
  const first = bars[0];
  const last = bars.at(-1);
  if (first === undefined || last === undefined) return flat(capital);
  const feeShare = costs.takerFeeBps / BPS;
  const priceShare = (costs.spreadBps / 2 + costs.slippageBps) / BPS;
  const spent = capital / (1 + feeShare);
  const coins = spent / (first.open * (1 + priceShare));
  const curve = new EquityCurve(capital);
  for (const bar of bars) {
    curve.passTime(bar.openTime);
    curve.observe(coins * bar.close);
  }
  const sold = coins * last.close * (1 - priceShare);
  const finalEquity = sold * (1 - feeShare);
  curve.observe(finalEquity);
  return baseline(capital, finalEquity, (spent + sold) * feeShare, curve);
}

/** Not trading at all. */
export function flat(capital: number): Baseline {
  return baseline(capital, capital, 0, new EquityCurve(capital));
}

function baseline(capital: number, finalEquity: number, fees: number, curve: EquityCurve): Baseline {
  return {
    finalEquity,
    returnPct: (finalEquity / capital - 1) * 100,
    maxDrawdownPct: curve.maxDrawdown * 100,
    fees,
    sharpe: sharpe(curve.dailyReturns),
  };
}
