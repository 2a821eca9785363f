import type { AssetAmount, BaseAmount, Price, QuoteAmount, UtcMs } from '../../../core/domain/index.ts';
import type { VenueSymbol } from '../market/symbols.ts';
import type { Side } from '../matching/order-book.ts';

export type OrderStatus = 'NEW' | 'PARTIALLY_FILLED' | 'FILLED' | 'CANCELED' | 'EXPIRED';

export type TimeInForce = 'GTC' | 'IOC' | 'FOK' | 'GTX';
export type PositionSide = 'BOTH' | 'LONG' | 'SHORT';

/** Who sent it: the program's key, the trader's own hand on the same account, or the venue. */
export type Origin = 'api' | 'hand' | 'stop' | 'liquidation';

/** What is asked for. */
export interface OrderRequest {
  readonly symbol: VenueSymbol;
  readonly side: Side;
  /** In the venue's words: LIMIT, MARKET, STOP_LOSS... */
  readonly type: string;
  readonly timeInForce: TimeInForce;
  readonly clientId: string;
  readonly amount: BaseAmount;
  /** A sum to spend or to get, where the order names no amount. */
  readonly quoteAmount?: QuoteAmount;
  readonly price?: Price;
  readonly stopPrice?: Price;
  readonly reduceOnly?: boolean;
  readonly positionSide?: PositionSide;
  readonly origin?: Origin;
}

/** What changes in the life of an order. */
export interface OrderState {
  readonly at: UtcMs;
  readonly status: OrderStatus;
  readonly filled: BaseAmount;
  readonly filledQuote: QuoteAmount;
  /** Whether a stop has been triggered, or the order never was one. */
  readonly working: boolean;
}

export interface OrderRecord extends Omit<OrderRequest, 'price' | 'amount'> {
  /** These two an amendment changes. */
  price?: Price;
  amount: BaseAmount;
  readonly id: number;
  readonly account: string;
  readonly createdAt: UtcMs;
  readonly origin: Origin;
  readonly reduceOnly: boolean;
  readonly positionSide: PositionSide;
  /** Every state since the first, oldest first: what a lagging list shows is one of the earlier. */
  readonly states: OrderState[];
}

export interface FillRecord {
  readonly tradeId: number;
  readonly orderId: number;
  readonly account: string;
  readonly symbol: VenueSymbol;
  readonly side: Side;
  readonly price: Price;
  readonly amount: BaseAmount;
  readonly quote: QuoteAmount;
  readonly fee: AssetAmount;
  readonly feeAsset: string;
  readonly isMaker: boolean;
  readonly time: UtcMs;
  readonly positionSide: PositionSide;
  readonly realizedPnl: QuoteAmount;
}

/** The last state. */
export function stateOf(order: OrderRecord): OrderState {
  const state = order.states.at(-1);
  if (state === undefined) throw new Error(`order ${order.id} has no state`);
  return state;
}

export const isOpen = (order: OrderRecord, state = stateOf(order)): boolean =>
  state.status === 'NEW' || state.status === 'PARTIALLY_FILLED';

/** What was known of an order at a time, or undefined where it was not there yet. */
export const stateAt = (order: OrderRecord, at: UtcMs): OrderState | undefined =>
  order.states.findLast((state) => state.at <= at);

export const isStopType = (type: string): boolean => /^(STOP|TAKE_PROFIT)/.test(type);
