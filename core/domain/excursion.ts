import type { Side } from '../contract/index.ts';
import { float, type Price } from './money.ts';
import type { UtcMs } from './time.ts';

/** What prices a round trip has seen while it was open, from its first fill on. */
export interface TradeExcursion {
  /** The execution that opened it, by which the trade history knows it as well. */
  readonly tradeId: string;
  readonly symbol: string;
  /** Of its first fill: `buy` for a long. */
  readonly side: Side;
  readonly openedAt: UtcMs;
  readonly firstPrice: Price;
  /** Where its stop belonged at the first fill; null: it had none. */
  readonly firstStop: Price | null;
  /** As candles have them. */
  readonly lowest: number;
  readonly highest: number;
  /** Null while it is open. */
  readonly endedAt: UtcMs | null;
}

/** How far the price went against a trade and in its favour, seen from its first fill; neither is below 0. */
export interface Excursion {
  /** In percent of the first fill's price. */
  readonly adversePct: number;
  readonly favourablePct: number;
  /** The same from the first fill to the first stop, which is 1 R; null where there was none. */
  readonly riskPct: number | null;
}

/** What the terms mean: Sweeney, "Maximum Adverse Excursion", 1997. */
export function excursionOf(
  trade: Pick<TradeExcursion, 'side' | 'firstPrice' | 'firstStop' | 'lowest' | 'highest'>,
): Excursion {
  const first = float(trade.firstPrice);
  const below = (price: number): number => (100 * (first - price)) / first;
  const sign = trade.side === 'buy' ? 1 : -1;
  const [against, inFavour] =
    trade.side === 'buy' ? [trade.lowest, trade.highest] : [trade.highest, trade.lowest];
  // A stop on the wrong side of the price, as after a slip through it, measures no risk.
  const risk = trade.firstStop === null ? 0 : sign * below(float(trade.firstStop));
  return {
    adversePct: Math.max(0, sign * below(against)),
    favourablePct: Math.max(0, -sign * below(inFavour)),
    riskPct: risk > 0 ? risk : null,
  };
}

/** A percentage of the price as a multiple of the risk; null where there was no stop to measure that by. */
export function inR(pct: number, { riskPct }: Pick<Excursion, 'riskPct'>): number | null {
  return riskPct === null ? null : pct / riskPct;
}
