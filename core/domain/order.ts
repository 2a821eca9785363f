import type { OrderPurpose, OrderStatus, OrderType, Side } from '../contract/index.ts';
import type { EntryExpectation } from './entry-expectation.ts';
import type { Fill } from './fill.ts';
import type { ClientOrderId, DecisionId, VenueOrderId } from './identity.ts';
import {
  add,
  type BaseAmount,
  maximum,
  notional,
  type Price,
  type QuoteAmount,
  subtract,
  ZERO_BASE,
  ZERO_QUOTE,
} from './money.ts';
import type { UtcMs } from './time.ts';

/** What is to be sent, fixed once and for all before it is. Prices and amounts already fit the venue's filters. */
export interface OrderIntent {
  readonly clientOrderId: ClientOrderId;
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly purpose: OrderPurpose;
  readonly amount: BaseAmount;
  readonly limitPrice: Price | null;
  readonly stopPrice: Price | null;
  /** May only shrink a position. */
  readonly reduceOnly: boolean;
  /** A limit that makes or is not there: the venue refuses or ends it where it would take. Absent: it may take. */
  readonly postOnly?: boolean;
  readonly decisionId: DecisionId | null;
  readonly createdAt: UtcMs;
  /** When what is not filled by then is no longer wanted; null: it works until it is cancelled. */
  readonly expiresAt: UtcMs | null;
  /** Of an entry that was decided on: what getting in was expected to cost. */
  readonly expected?: EntryExpectation;
}

/** Everything that any venue needs to find an order again: some know only their own id, some look by type. */
export interface OrderRef {
  readonly symbol: string;
  /** Null for an order that is not ours, or a child of one: it is then looked for by the venue's id. */
  readonly clientOrderId: ClientOrderId | null;
  /** Null until the venue has told it. */
  readonly venueOrderId: VenueOrderId | null;
  readonly type: OrderType;
  /** No list of orders from before has it. Absent: any may. */
  readonly since?: UtcMs;
}

/** An order as the ledger's events and fills tell it. */
export interface Order extends OrderIntent {
  /** As intended. Of an order that only fills told of it was a guess: it is never less than what has filled. */
  readonly amount: BaseAmount;
  readonly status: OrderStatus;
  readonly venueOrderId: VenueOrderId | null;
  readonly filledAmount: BaseAmount;
  /** Sum of the fills' notionals: divided by the filled amount, the average price. */
  readonly filledNotional: QuoteAmount;
  /** Why it ended or is in doubt, for the trader. */
  readonly reason: string | null;
  readonly updatedAt: UtcMs;
}

/** One step in an order's life, as appended to the ledger. */
export interface OrderEvent {
  readonly clientOrderId: ClientOrderId;
  readonly status: OrderStatus;
  readonly at: UtcMs;
  readonly venueOrderId?: VenueOrderId;
  readonly reason?: string;
}

/**
 * Which status may follow which. An order that has ended stays so but for a positive answer: what was cancelled, had
 * expired or seemed refused can still turn out to have filled, and an order believed never to have arrived can. An
 * open one may be told as open again, under another of the venue's ids.
 */
export const LEGAL_TRANSITIONS: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  INTENT: ['SENT', 'CANCELED', 'UNKNOWN'],
  SENT: ['OPEN', 'PARTIALLY_FILLED', 'FILLED', 'CANCELED', 'REJECTED', 'EXPIRED', 'UNKNOWN'],
  OPEN: ['OPEN', 'PARTIALLY_FILLED', 'FILLED', 'CANCELED', 'REJECTED', 'EXPIRED', 'UNKNOWN'],
  PARTIALLY_FILLED: ['PARTIALLY_FILLED', 'FILLED', 'CANCELED', 'EXPIRED', 'UNKNOWN'],
  UNKNOWN: ['OPEN', 'PARTIALLY_FILLED', 'FILLED', 'CANCELED', 'REJECTED', 'EXPIRED'],
  FILLED: [],
  CANCELED: ['FILLED'],
  REJECTED: ['FILLED'],
  EXPIRED: ['FILLED'],
};

const FINAL: ReadonlySet<OrderStatus> = new Set(['FILLED', 'CANCELED', 'REJECTED', 'EXPIRED']);

export class IllegalTransitionError extends Error {
  override readonly name = 'IllegalTransitionError';
}

/** Whether an order with this status has ended, as far as anybody has said. */
export function isFinal(status: OrderStatus): boolean {
  return FINAL.has(status);
}

export function mayFollow(from: OrderStatus, to: OrderStatus): boolean {
  return LEGAL_TRANSITIONS[from].includes(to);
}

/** An order at the moment its intent is written. */
export function newOrder(intent: OrderIntent): Order {
  return {
    ...intent,
    status: 'INTENT',
    venueOrderId: null,
    filledAmount: ZERO_BASE,
    filledNotional: ZERO_QUOTE,
    reason: null,
    updatedAt: intent.createdAt,
  };
}

/** The order after an event. @throws IllegalTransitionError when the event's status may not follow. */
export function applyOrderEvent(order: Order, event: OrderEvent): Order {
  if (!mayFollow(order.status, event.status)) {
    throw new IllegalTransitionError(
      `order ${order.clientOrderId} cannot go from ${order.status} to ${event.status}`,
    );
  }
  return {
    ...order,
    status: event.status,
    venueOrderId: event.venueOrderId ?? order.venueOrderId,
    reason: event.reason ?? order.reason,
    updatedAt: event.at,
  };
}

/** The order with a fill counted. The status is the events' business, not the fill's. */
export function applyFillToOrder(order: Order, fill: Fill): Order {
  const filledAmount = add(order.filledAmount, fill.amount);
  return {
    ...order,
    amount: maximum(order.amount, filledAmount),
    filledAmount,
    filledNotional: add(order.filledNotional, notional(fill.price, fill.amount)),
    updatedAt: Math.max(order.updatedAt, fill.time),
  };
}

/** What of an order has not filled. */
export function remainingOf({ amount, filledAmount }: Pick<Order, 'amount' | 'filledAmount'>): BaseAmount {
  return subtract(amount, filledAmount);
}

/** How the venue finds an order of ours again. */
export function refOf({ symbol, clientOrderId, venueOrderId, type, createdAt }: Order): OrderRef {
  return { symbol, clientOrderId, venueOrderId, type, since: createdAt };
}
