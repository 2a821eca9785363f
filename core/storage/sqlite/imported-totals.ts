import type { Database } from 'better-sqlite3';
import type { TradeDimension, TradeTotal } from '../../contract/index.ts';
import { add, negate, quoteAmount, text } from '../../domain/index.ts';

/** By what imported trades are added up, as the totals of the program's own are; no voter had a part in them. */
const KEYS: Readonly<Record<Exclude<TradeDimension, 'voter'>, string>> = {
  all: "''",
  symbol: 'symbol',
  side: 'side',
  regime: "''",
  hour: "strftime('%H', timestamp / 1000, 'unixepoch')",
  weekday: 'CAST((timestamp / 86400000 + 3) % 7 AS TEXT)',
  exit: "'external'",
  strategy: "''",
  day: "date(close_timestamp / 1000, 'unixepoch')",
  month: "strftime('%Y-%m', close_timestamp / 1000, 'unixepoch')",
};

interface ImportedRow {
  readonly key: string;
  readonly won: 0 | 1;
  readonly pnl: string;
  readonly fees: string;
  readonly held: number;
}

/** What imported trades that ended on these days came to, exactly, a row a key. */
export function importedTotals(
  database: Database,
  by: TradeDimension,
  quote: string,
  [first, last]: readonly [number, number],
): readonly TradeTotal[] {
  if (by === 'voter') return [];
  const rows = database
    .prepare<[string, number, number], ImportedRow>(
      `SELECT ${KEYS[by]} AS key, won, realized_pnl AS pnl, fees, close_timestamp - timestamp AS held FROM imported_trades
        WHERE substr(symbol, instr(symbol, '/') + 1) || ':' LIKE ? || ':%' AND close_timestamp / 86400000 BETWEEN ? AND ?`,
    )
    .iterate(quote, first, last);
  const totals = new Map<string, TradeTotal>();
  for (const row of rows) {
    const one = totalOfOne(row);
    const before = totals.get(row.key);
    totals.set(row.key, before === undefined ? one : bothOf(before, one));
  }
  return [...totals.values()];
}

/** The totals of two kinds of trades, by key. */
export function mergedTotals(
  own: readonly TradeTotal[],
  imported: readonly TradeTotal[],
): readonly TradeTotal[] {
  const totals = new Map(own.map((total) => [total.key, total]));
  for (const total of imported) {
    const before = totals.get(total.key);
    totals.set(total.key, before === undefined ? total : bothOf(before, total));
  }
  return [...totals.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

function totalOfOne({ key, won, pnl, fees, held }: ImportedRow): TradeTotal {
  const net = quoteAmount(pnl);
  const [made, lost] = won === 1 ? [text(net), '0'] : ['0', text(negate(net))];
  return {
    key,
    trades: 1,
    wins: won,
    made,
    lost,
    netPnl: text(net),
    fees: text(quoteAmount(fees)),
    heldMs: held,
  };
}

function bothOf(one: TradeTotal, other: TradeTotal): TradeTotal {
  const sum = (name: 'made' | 'lost' | 'netPnl' | 'fees'): string =>
    text(add(quoteAmount(one[name]), quoteAmount(other[name])));
  return {
    ...{ key: one.key, trades: one.trades + other.trades, wins: one.wins + other.wins },
    ...{ made: sum('made'), lost: sum('lost'), netPnl: sum('netPnl'), fees: sum('fees') },
    heldMs: one.heldMs + other.heldMs,
  };
}
