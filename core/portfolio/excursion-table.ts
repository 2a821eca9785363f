import type { ExcursionRow, ExcursionTable, Spread } from '../contract/index.ts';
import { type Excursion, inR } from '../domain/index.ts';

/** A finished trade with what it saw. */
export interface MeasuredTrade {
  /** What it is counted under; empty where it has none. */
  readonly key: string;
  readonly won: boolean;
  /** After fees, in percent of what was paid. */
  readonly returnPct: number;
  readonly excursion: Excursion;
}

/** How far trades went against the trader and in his favour, a row a key in its order. */
export function excursionTable(trades: readonly MeasuredTrade[]): ExcursionTable {
  const byKey = [...Map.groupBy(trades, ({ key }) => key)].sort(([a], [b]) => Number(a > b) - Number(a < b));
  return { trades: trades.length, rows: byKey.map(([key, members]) => rowOf(key, members)) };
}

function rowOf(key: string, trades: readonly MeasuredTrade[]): ExcursionRow {
  const pct = (_trade: MeasuredTrade, value: number): number => value;
  return {
    key,
    trades: trades.length,
    wins: trades.filter(({ won }) => won).length,
    pct: figuresOf(trades, pct),
    r: figuresOf(trades, ({ excursion }, value) => inR(value, excursion)),
  };
}

function figuresOf(
  trades: readonly MeasuredTrade[],
  unit: (trade: MeasuredTrade, pct: number) => number | null,
): ExcursionRow['pct'] {
  const values = (of: readonly MeasuredTrade[], pct: (trade: MeasuredTrade) => number): readonly number[] =>
    of.flatMap((trade) => unit(trade, pct(trade)) ?? []);
  const adverse = ({ excursion }: MeasuredTrade): number => excursion.adversePct;
  const favourable = ({ excursion }: MeasuredTrade): number => excursion.favourablePct;
  const winners = trades.filter(({ won }) => won);
  const losers = trades.filter(({ won }) => !won);
  const results = values(trades, ({ returnPct }) => returnPct);
  return {
    adverse: spreadOf(values(trades, adverse)),
    favourable: spreadOf(values(trades, favourable)),
    winnersAdverse: spreadOf(values(winners, adverse)),
    losersFavourable: spreadOf(values(losers, favourable)),
    result: results.length === 0 ? null : results.reduce((sum, value) => sum + value, 0) / results.length,
  };
}

/** Quantiles by the nearest rank: the smallest value that so many are not above. */
function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number | null => sorted[Math.ceil(share * sorted.length) - 1] ?? null;
  return { count: sorted.length, median: at(0.5), ninetieth: at(0.9) };
}
