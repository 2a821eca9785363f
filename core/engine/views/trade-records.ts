import {
  FillPurposeSchema,
  type MethodResult,
  type TradeDimension,
  type TradeRecord,
  type TradeView,
} from '../../contract/index.ts';
import { add, price, quoteAmount, TraderError } from '../../domain/index.ts';
import type { Period, SqliteTradeQueries, TradeRow } from '../../storage/index.ts';
import { shown, shownPrice } from './account-views.ts';

/** A finished row of the trade history. */
export function tradeRecord(row: TradeRow): TradeRecord {
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

/** What round trips came to, and over which time. */
export function tradeTotals(
  queries: SqliteTradeQueries,
  quote: string,
  { by, ...period }: Period & { readonly by: TradeDimension },
): MethodResult<'trades.totals'> {
  const span = queries.span();
  const from = Math.max(period.from ?? Number.NEGATIVE_INFINITY, span?.from ?? 0);
  const to = Math.min(period.to ?? Number.POSITIVE_INFINITY, span?.to ?? 0);
  return { quote, spanMs: Math.max(0, to - from), totals: [...queries.totals(by, quote, period)] };
}

function ended({ close_timestamp: closedAt, exit_price: exitPrice, trade_id: id }: TradeRow) {
  // What ends a round trip is an exit, and the table lets no closed row be without its time.
  if (closedAt === null || exitPrice === null)
    throw new TraderError('failure', `the trade ${id} has not ended`);
  return { closedAt, exitPrice };
}
