import type { Regime, TradeRecord } from '../../../core/contract/index.ts';
import { date, quoteOf, sumOf } from '../../format/index.ts';
import { periodOf } from '../period.ts';

/** What the trader looks for; empty asks for anything. Dates are `2025-03-01`, both days within. */
export interface TradeSearch {
  readonly symbol: string;
  readonly side: '' | 'buy' | 'sell';
  readonly outcome: '' | 'won' | 'lost';
  readonly strategy: string;
  readonly exit: string;
  readonly regime: '' | Regime;
  readonly tag: string;
  readonly source: '' | 'imported' | 'all';
  readonly from: string;
  readonly to: string;
}

export const ANY_TRADE: TradeSearch = {
  symbol: '',
  side: '',
  outcome: '',
  strategy: '',
  exit: '',
  regime: '',
  tag: '',
  source: '',
  from: '',
  to: '',
};

/** The search as the program is asked. */
export function questionOf({
  symbol,
  side,
  outcome,
  strategy,
  exit,
  regime,
  tag,
  source,
  from,
  to,
}: TradeSearch) {
  return {
    ...(symbol === '' ? {} : { symbol }),
    ...(side === '' ? {} : { side }),
    ...(outcome === '' ? {} : { outcome }),
    ...(strategy === '' ? {} : { strategy }),
    ...(exit === '' ? {} : { exit }),
    ...(regime === '' ? {} : { regime }),
    ...(tag === '' ? {} : { tag }),
    ...(source === '' ? {} : { source }),
    ...periodOf({ from, to }),
  };
}

export const SORTS = {
  closed: { title: 'Closed', by: ({ closedAt }) => closedAt },
  net: { title: 'Net P&L', by: ({ netPnl }) => Number(netPnl) },
  return: { title: 'Return', by: ({ returnPct }) => returnPct },
  fees: { title: 'Fees', by: ({ fees }) => Number(fees) },
  held: { title: 'Time held', by: ({ openedAt, closedAt }) => closedAt - openedAt },
} as const satisfies Readonly<
  Record<string, { readonly title: string; readonly by: (trade: TradeRecord) => number }>
>;
export type Sort = keyof typeof SORTS;

/** Largest or latest first; those that are equal stay as they stand. */
export function sorted(
  trades: readonly TradeRecord[],
  sort: Sort,
  ascending: boolean,
): readonly TradeRecord[] {
  const { by } = SORTS[sort];
  return trades.toSorted((a, b) => (ascending ? by(a) - by(b) : by(b) - by(a)));
}

export const GROUPS = {
  none: { title: 'Not grouped', by: () => '' },
  symbol: { title: 'By symbol', by: ({ symbol }) => symbol },
  side: { title: 'By side', by: ({ side }) => (side === 'buy' ? 'Long' : 'Short') },
  exit: { title: 'By exit', by: ({ exitReason }) => exitReason },
  strategy: { title: 'By strategy', by: ({ strategy }) => strategy ?? '' },
  regime: { title: 'By regime', by: ({ regime }) => regime ?? '' },
  day: { title: 'By day', by: ({ closedAt }) => date(closedAt) },
  month: { title: 'By month', by: ({ closedAt }) => date(closedAt).slice(0, 7) },
} as const satisfies Readonly<
  Record<string, { readonly title: string; readonly by: (trade: TradeRecord) => string }>
>;
export type Grouping = keyof typeof GROUPS;

export interface TradeGroup {
  readonly key: string;
  readonly trades: readonly TradeRecord[];
  readonly totals: readonly TradeSum[];
}

/** Groups in the order in which the first of each stands. */
export function grouped(trades: readonly TradeRecord[], grouping: Grouping): readonly TradeGroup[] {
  const byKey = Map.groupBy(trades, GROUPS[grouping].by);
  return [...byKey].map(([key, members]) => ({ key, trades: members, totals: totalsOf(members) }));
}

/** What trades came to in one currency, exactly. */
export interface TradeSum {
  readonly quote: string;
  readonly trades: number;
  readonly wins: number;
  readonly netPnl: string;
  readonly fees: string;
}

/** One a currency: amounts of two are never added. */
export function totalsOf(trades: readonly TradeRecord[]): readonly TradeSum[] {
  return [...Map.groupBy(trades, ({ symbol }) => quoteOf(symbol))].map(([quote, members]) => ({
    quote,
    trades: members.length,
    wins: members.filter(({ won }) => won).length,
    netPnl: sumOf(members.map(({ netPnl }) => netPnl)),
    fees: sumOf(members.map(({ fees }) => fees)),
  }));
}
