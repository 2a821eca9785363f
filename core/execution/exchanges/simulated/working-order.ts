import {
  type BaseAmount,
  float,
  type OrderIntent,
  type Price,
  subtract,
  type UtcMs,
  type VenueOrder,
  type VenueOrderId,
  ZERO_BASE,
} from '../../../domain/index.ts';

interface Working {
  readonly venue: VenueOrder;
  /** The order has no effect before this moment of market time. */
  readonly activeAt: UtcMs;
  /** The price when it was sent, where that was within a step: what it takes first is never better. */
  readonly sentAtPrice: number | null;
}

/** To be filled at the market: a market order, or a stop that has triggered. */
export interface TakingOrder extends Working {
  readonly stage: 'taking';
}

/** `arriving`: a limit on its way; `resting`: a limit in the book; `waiting`: a stop that has not triggered. */
export interface PricedOrder extends Working {
  readonly stage: 'arriving' | 'resting' | 'waiting';
  /** The limit, or the stop's trigger. */
  readonly own: Price;
  /** The same as float64, to compare with candles. */
  readonly level: number;
}

/** An order that works at the simulated venue. */
export type WorkingOrder = TakingOrder | PricedOrder;

/** Why a stop without a fill is no longer waiting. It is stored with the order and so survives a restart. */
export const TRIGGERED = 'triggered';

export function acceptedOrder(intent: OrderIntent, id: VenueOrderId, at: UtcMs): VenueOrder {
  const { clientOrderId, symbol, side, type, amount, limitPrice, stopPrice, reduceOnly } = intent;
  const told = { clientOrderId, symbol, side, type, amount, limitPrice, stopPrice, reduceOnly };
  return { ...told, venueOrderId: id, filledAmount: ZERO_BASE, status: 'OPEN', reason: null, updatedAt: at };
}

export function workingOrder(venue: VenueOrder, activeAt: UtcMs, sentAtPrice: number | null): WorkingOrder {
  const own = ownPrice(venue);
  if (own === null) return { stage: 'taking', venue, activeAt, sentAtPrice };
  const stage = venue.type === 'stop' ? 'waiting' : 'arriving';
  return { stage, venue, activeAt, sentAtPrice, own, level: float(own) };
}

/** An order as found after a restart, when its latency is long over. */
export function restoredOrder(venue: VenueOrder): WorkingOrder {
  const order = workingOrder(venue, venue.updatedAt, null);
  const triggered = venue.status === 'PARTIALLY_FILLED' || venue.reason === TRIGGERED;
  if (order.stage === 'waiting' && triggered) return taking(order, venue);
  return order.stage === 'arriving' ? { ...order, stage: 'resting' } : order;
}

/** What is left of an order after it was filled in part. */
export function remainder(order: WorkingOrder, venue: VenueOrder): WorkingOrder {
  return order.stage === 'taking' ? taking(order, venue) : { ...order, venue, stage: 'resting' };
}

/** The order as one to be filled at the market from now on. */
export function taking({ activeAt }: WorkingOrder, venue: VenueOrder): TakingOrder {
  return { stage: 'taking', venue, activeAt, sentAtPrice: null };
}

export function remainingAmount({ venue }: WorkingOrder): BaseAmount {
  return subtract(venue.amount, venue.filledAmount);
}

function ownPrice(venue: VenueOrder): Price | null {
  if (venue.type === 'market') return null;
  return venue.type === 'stop' ? venue.stopPrice : venue.limitPrice;
}
