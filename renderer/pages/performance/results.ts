import type { Estimate, TradeView } from '../../../core/contract/index.ts';

/** What one symbol's round trips came to. Sums of what is shown, for the eye: the ledger counts exactly. */
export interface SymbolResult {
  readonly symbol: string;
  readonly trades: number;
  readonly wins: number;
  readonly netPnl: number;
  readonly fees: number;
}

/** One line a symbol, best first. */
export function resultsBySymbol(trades: readonly TradeView[]): readonly SymbolResult[] {
  const bySymbol = new Map<string, SymbolResult>();
  for (const { symbol, netPnl, fees } of trades) {
    const sum = bySymbol.get(symbol) ?? { symbol, trades: 0, wins: 0, netPnl: 0, fees: 0 };
    const pnl = Number(netPnl);
    bySymbol.set(symbol, {
      symbol,
      trades: sum.trades + 1,
      wins: sum.wins + (pnl > 0 ? 1 : 0),
      netPnl: sum.netPnl + pnl,
      fees: sum.fees + Number(fees),
    });
  }
  return [...bySymbol.values()].sort((a, b) => b.netPnl - a.netPnl);
}

/** `n = 12, needs 20` when there is no number yet, `n = 42` when there is. */
export function sampleText({ value, sampleSize }: Estimate, minSample: number): string {
  if (value !== null) return `n = ${sampleSize}`;
  return sampleSize < minSample
    ? `n = ${sampleSize}, needs ${minSample}`
    : `n = ${sampleSize}, nothing to divide by`;
}
