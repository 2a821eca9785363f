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

/** What the winners made over what the losers lost; null below the minimum sample or when nothing was lost. */
export function profitFactor(trades: readonly TradeView[], minSample: number): Estimate {
  let made = 0;
  let lost = 0;
  for (const { netPnl } of trades) {
    const pnl = Number(netPnl);
    if (pnl > 0) made += pnl;
    else lost -= pnl;
  }
  const known = trades.length >= minSample && lost > 0;
  return { value: known ? made / lost : null, sampleSize: trades.length };
}

/** Mean net result of a round trip in quote currency; null below the minimum sample. */
export function averageTrade(trades: readonly TradeView[], minSample: number): Estimate {
  const sum = trades.reduce((total, { netPnl }) => total + Number(netPnl), 0);
  return {
    value: trades.length < Math.max(1, minSample) ? null : sum / trades.length,
    sampleSize: trades.length,
  };
}

/** `n = 12, needs 20` when there is no number yet, `n = 42` when there is. */
export function sampleText({ value, sampleSize }: Estimate, minSample: number): string {
  if (value !== null) return `n = ${sampleSize}`;
  return sampleSize < minSample
    ? `n = ${sampleSize}, needs ${minSample}`
    : `n = ${sampleSize}, nothing to divide by`;
}

/** In what the fees were paid. */
export function feesNote(trades: number, positions: number): string {
  const trips = `in ${trades} round ${trades === 1 ? 'trip' : 'trips'}`;
  return positions === 0 ? trips : `${trips} and what is open`;
}
