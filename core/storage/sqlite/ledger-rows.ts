import type { FillPurpose, OrderPurpose, OrderStatus, OrderType, Side } from '../../contract/index.ts';
import {
  type AccountEvent,
  type AccountEventKind,
  accountEventId,
  asQuote,
  assetAmount,
  baseAmount,
  clientOrderId,
  decisionId,
  type Fee,
  type Fill,
  type LedgerAccountEvent,
  maximum,
  newOrder,
  type Order,
  type OrderIntent,
  type Price,
  price,
  quoteAmount,
  text,
  tradeId,
  venueOrderId,
} from '../../domain/index.ts';

/** The ledger's rows as SQLite gives and takes them: decimals as text. The tables' own rules stand for their types. */

/** A row of `orders` joined with its intent. */
export interface OrderRow {
  readonly client_order_id: string;
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly purpose: OrderPurpose;
  readonly amount: string;
  readonly limit_price: string | null;
  readonly stop_price: string | null;
  readonly reduce_only: 0 | 1;
  readonly post_only: 0 | 1;
  readonly decision_id: string | null;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly expected_price: string | null;
  readonly expected_cost: number | null;
  readonly status: OrderStatus;
  readonly venue_order_id: string | null;
  readonly filled_amount: string;
  readonly filled_notional: string;
  readonly reason: string | null;
  readonly updated_at: number;
}

export interface FillRow {
  readonly sequence: number;
  readonly trade_id: string;
  readonly client_order_id: string | null;
  readonly venue_order_id: string | null;
  readonly symbol: string;
  readonly side: Side;
  readonly purpose: FillPurpose;
  readonly price: string;
  readonly amount: string;
  readonly fee_asset: string | null;
  readonly fee_amount: string | null;
  readonly fee_quote_value: string | null;
  readonly liquidity: 'maker' | 'taker';
  readonly time: number;
  /** Of its order. */
  readonly expected_price: string | null;
  readonly expected_cost: number | null;
}

export interface AccountEventRow {
  readonly sequence: number;
  readonly id: string;
  readonly kind: AccountEventKind;
  readonly asset: string;
  readonly amount: string;
  readonly quote_value: string;
  readonly symbol: string | null;
  readonly trade_id: string | null;
  readonly time: number;
  readonly note: string;
  readonly after_fills: number;
}

export function rowOfIntent(intent: OrderIntent) {
  const {
    clientOrderId: id,
    symbol,
    side,
    type,
    purpose,
    decisionId: decision,
    createdAt,
    expiresAt,
    expected,
  } = intent;
  return {
    clientOrderId: id,
    symbol,
    side,
    type,
    purpose,
    amount: text(intent.amount),
    limitPrice: intent.limitPrice === null ? null : text(intent.limitPrice),
    stopPrice: intent.stopPrice === null ? null : text(intent.stopPrice),
    reduceOnly: intent.reduceOnly ? 1 : 0,
    postOnly: intent.postOnly === true ? 1 : 0,
    decisionId: decision,
    createdAt,
    expiresAt,
    expectedPrice: expected === undefined ? null : text(expected.price),
    expectedCost: expected === undefined ? null : expected.cost,
  };
}

export function orderOfRow(row: OrderRow): Order {
  const intent: OrderIntent = {
    clientOrderId: clientOrderId(row.client_order_id),
    symbol: row.symbol,
    side: row.side,
    type: row.type,
    purpose: row.purpose,
    amount: baseAmount(row.amount),
    limitPrice: priceOrNull(row.limit_price),
    stopPrice: priceOrNull(row.stop_price),
    reduceOnly: row.reduce_only === 1,
    ...(row.post_only === 1 ? { postOnly: true } : {}),
    decisionId: orNull(row.decision_id, decisionId),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    ...expectationOfRow(row),
  };
  const filledAmount = baseAmount(row.filled_amount);
  return {
    ...newOrder(intent),
    amount: maximum(intent.amount, filledAmount),
    status: row.status,
    venueOrderId: orNull(row.venue_order_id, venueOrderId),
    filledAmount,
    filledNotional: quoteAmount(row.filled_notional),
    reason: row.reason,
    updatedAt: row.updated_at,
  };
}

/** What a fill was expected to cost is its order's row. */
export function rowOfFill({ fee, expected: _, ...fill }: Fill) {
  return {
    ...fill,
    price: text(fill.price),
    amount: text(fill.amount),
    feeAsset: fee === null ? null : fee.asset,
    feeAmount: fee === null ? null : text(fee.amount),
    feeQuoteValue: fee === null ? null : text(fee.quoteValue),
  };
}

export function fillOfRow(row: FillRow): Fill {
  return {
    tradeId: tradeId(row.trade_id),
    clientOrderId: orNull(row.client_order_id, clientOrderId),
    venueOrderId: orNull(row.venue_order_id, venueOrderId),
    symbol: row.symbol,
    side: row.side,
    purpose: row.purpose,
    price: price(row.price),
    amount: baseAmount(row.amount),
    fee: feeOfRow(row),
    liquidity: row.liquidity,
    time: row.time,
    ...expectationOfRow(row),
  };
}

function expectationOfRow({
  expected_price: at,
  expected_cost: cost,
}: Pick<OrderRow, 'expected_price' | 'expected_cost'>): Pick<OrderIntent, 'expected'> {
  return at === null || cost === null ? {} : { expected: { price: price(at), cost } };
}

function feeOfRow({ fee_asset: asset, fee_amount: amount, fee_quote_value: worth }: FillRow): Fee | null {
  if (asset === null || amount === null || worth === null) return null;
  const taken = assetAmount(amount);
  // Most fees are taken in quote currency: reading decimals is what reading a long ledger spends its time on.
  return { asset, amount: taken, quoteValue: worth === amount ? asQuote(taken) : quoteAmount(worth) };
}

export function rowOfAccountEvent(event: AccountEvent) {
  const { id, kind, asset, symbol, tradeId: trade, time, note } = event;
  const { amount, quoteValue } = event;
  return {
    id,
    kind,
    asset,
    amount: text(amount),
    quoteValue: text(quoteValue),
    symbol,
    tradeId: trade,
    time,
    note,
  };
}

export function accountEventOfRow(row: AccountEventRow): LedgerAccountEvent {
  return {
    id: accountEventId(row.id),
    kind: row.kind,
    asset: row.asset,
    amount: assetAmount(row.amount),
    quoteValue: quoteAmount(row.quote_value),
    symbol: row.symbol,
    tradeId: orNull(row.trade_id, tradeId),
    time: row.time,
    note: row.note,
    afterFills: row.after_fills,
  };
}

function priceOrNull(value: string | null): Price | null {
  return orNull(value, price);
}

function orNull<T>(value: string | null, read: (value: string) => T): T | null {
  return value === null ? null : read(value);
}
