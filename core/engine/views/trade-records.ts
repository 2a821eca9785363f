import {
  type ExcursionDimension,
  type ExcursionTable,
  type ExcursionView,
  FillPurposeSchema,
  type MethodResult,
  type TradeDimension,
  type TradeNotes,
  type TradeNotesChange,
  type TradeRecord,
  type TradeSource,
  type TradeView,
} from '../../contract/index.ts';
import {
  add,
  type Excursion,
  excursionOf,
  inR,
  price,
  quoteAmount,
  TraderError,
  type UtcMs,
} from '../../domain/index.ts';
import { excursionTable } from '../../portfolio/index.ts';
import type {
  FoundTrade,
  Period,
  SqliteTradeNotes,
  SqliteTradeQueries,
  TradeRow,
} from '../../storage/index.ts';
import { shown, shownPrice } from './account-views.ts';

/** A finished row of the trade history. */
export function tradeRecord(row: FoundTrade): TradeRecord {
  const { closedAt, exitPrice } = ended(row);
  return {
    id: row.trade_id,
    symbol: row.symbol,
    side: row.side,
    orderType: row.order_type,
    quantity: row.amount,
    entryPrice: shownPrice(price(row.entry_price)),
    exitPrice: shownPrice(price(exitPrice)),
    netPnl: shown(quoteAmount(row.realized_pnl)),
    fees: shown(quoteAmount(row.fees)),
    returnPct: Number(row.pnl_pct),
    won: row.won === 1,
    openedAt: row.timestamp,
    closedAt,
    exitReason: row.exit_reason ?? '',
    strategy: row.strategy,
    regime: row.market_regime,
    decisionId: row.decision_id,
    excursion: excursionView(row),
    source: row.source,
    note: row.note ?? '',
    // A list of texts that SQLite has made.
    tags: row.tags === null ? [] : (JSON.parse(row.tags) as string[]),
  };
}

/** The same as a round trip of the account. What getting in had been expected to cost is in no row. */
export function tradeViewOf(row: TradeRow): TradeView {
  const { closedAt, exitPrice } = ended(row);
  return {
    id: row.trade_id,
    symbol: row.symbol,
    direction: row.side === 'buy' ? 'long' : 'short',
    quantity: row.amount,
    entryPrice: shownPrice(price(row.entry_price)),
    exitPrice: shownPrice(price(exitPrice)),
    grossPnl: shown(add(quoteAmount(row.realized_pnl), quoteAmount(row.fees))),
    fees: shown(quoteAmount(row.fees)),
    netPnl: shown(quoteAmount(row.realized_pnl)),
    returnPct: Number(row.pnl_pct),
    exitPurpose: FillPurposeSchema.parse(row.exit_reason),
    entryCost: null,
    openedAt: row.timestamp,
    closedAt,
  };
}

/** So many trades are looked at: a table of more would hold up the prices, and say nothing else. */
const TRADES_MEASURED = 20_000;

/** How far the newest trades went against the trader and in his favour. */
export function tradeExcursions(
  queries: SqliteTradeQueries,
  { by, ...period }: Period & { readonly by: ExcursionDimension },
): ExcursionTable {
  const trades = queries.seen(by, period, TRADES_MEASURED);
  return excursionTable(
    trades.map((row) => ({
      ...{ key: row.key, won: row.won === 1, returnPct: Number(row.pnl_pct) },
      excursion: excursionOfRow(row),
    })),
  );
}

function excursionView({ first_price: first, lowest, highest, ...row }: FoundTrade): ExcursionView | null {
  if (first === null || lowest === null || highest === null) return null;
  return viewOf(excursionOfRow({ ...row, first_price: first, lowest, highest }));
}

function viewOf(excursion: Excursion): ExcursionView {
  const { adversePct, favourablePct } = excursion;
  return {
    ...{ adversePct, favourablePct },
    adverseR: inR(adversePct, excursion),
    favourableR: inR(favourablePct, excursion),
  };
}

function excursionOfRow(row: {
  readonly side: 'buy' | 'sell';
  readonly first_price: string;
  readonly first_stop: string | null;
  readonly lowest: number;
  readonly highest: number;
}): Excursion {
  const { side, first_price: first, first_stop: stop, lowest, highest } = row;
  return excursionOf({
    ...{ side, lowest, highest, firstPrice: price(first) },
    firstStop: stop === null ? null : price(stop),
  });
}

/** Writes what the trader notes. @throws TraderError where there is no such trade. */
export function annotate(notes: SqliteTradeNotes, change: TradeNotesChange, now: UtcMs): TradeNotes {
  const changed = notes.change(change, now);
  if (changed === undefined)
    throw new TraderError(
      'bad-input',
      `there is no trade ${change.id}: \`tradebot trades --json\` has their ids, which are given in quotes where they have spaces`,
    );
  return changed;
}

/** What round trips came to, and over which time. */
export function tradeTotals(
  queries: SqliteTradeQueries,
  quote: string,
  {
    by,
    source,
    ...period
  }: Period & { readonly by: TradeDimension; readonly source?: TradeSource | undefined },
): MethodResult<'trades.totals'> {
  const span = queries.span(source);
  const from = Math.max(period.from ?? Number.NEGATIVE_INFINITY, span?.from ?? 0);
  const to = Math.min(period.to ?? Number.POSITIVE_INFINITY, span?.to ?? 0);
  return { quote, spanMs: Math.max(0, to - from), totals: [...queries.totals(by, quote, period, source)] };
}

function ended({ close_timestamp: closedAt, exit_price: exitPrice, trade_id: id }: TradeRow) {
  // What ends a round trip is an exit, and the table lets no closed row be without its time.
  if (closedAt === null || exitPrice === null)
    throw new TraderError('failure', `the trade ${id} has not ended`);
  return { closedAt, exitPrice };
}
