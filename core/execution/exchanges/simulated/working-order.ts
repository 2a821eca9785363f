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

/** The moments of market time between which an order has effect. */
export interface OrderLife {
  /** It has no effect before. */
  readonly activeAt: UtcMs;
  /** It has none from here on; infinity when it works until it is cancelled. */
  readonly expiresAt: UtcMs;
}

interface Working extends OrderLife {
  readonly venue: VenueOrder;
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
  /** Coins that stand before it in the book of a real venue; undefined where the book does not reach to its price. */
  readonly ahead?: BaseAmount | undefined;
}

/** An order that works at the simulated venue. */
export type WorkingOrder = TakingOrder | PricedOrder;

/** Why a stop without a fill is no longer waiting. It is stored with the order and so survives a restart. */
export const TRIGGERED = 'triggered';

export function acceptedOrder(intent: OrderIntent, id: VenueOrderId, at: UtcMs): VenueOrder {
  const { clientOrderId, symbol, side, type, amount, limitPrice, stopPrice, reduceOnly } = intent;
  const told = { clientOrderId, symbol, side, type, amount, limitPrice, stopPrice, reduceOnly };
  return {
    ...told,
    ...(intent.postOnly === true ? { postOnly: true } : {}),
    venueOrderId: id,
    parentVenueOrderId: null,
    filledAmount: ZERO_BASE,
    status: 'OPEN',
    reason: null,
    updatedAt: at,
  };
}

export function workingOrder(venue: VenueOrder, life: OrderLife, sentAtPrice: number | null): WorkingOrder {
  const own = ownPrice(venue);
  if (own === null) return { stage: 'taking', venue, ...life, sentAtPrice };
  const stage = venue.type === 'stop' ? 'waiting' : 'arriving';
  return { stage, venue, ...life, sentAtPrice, own, level: float(own) };
}

/**
 * An order as found after a restart.
 *
 * @param appliedUntil up to where its market's steps had happened to it.
 */
export function restoredOrder(venue: VenueOrder, life: OrderLife, appliedUntil: UtcMs): WorkingOrder {
  const order = workingOrder(venue, life, null);
  const triggered = venue.status === 'PARTIALLY_FILLED' || venue.reason === TRIGGERED;
  if (order.stage === 'waiting' && triggered) return taking(order, venue);
  const arrived = life.activeAt < appliedUntil;
  return order.stage === 'arriving' && arrived ? { ...order, stage: 'resting' } : order;
}

/** What is left of an order after it was filled in part. */
export function remainder(order: WorkingOrder, venue: VenueOrder): WorkingOrder {
  return order.stage === 'taking' ? taking(order, venue) : { ...order, venue, stage: 'resting' };
}

/** The order as one to be filled at the market from now on. */
export function taking({ activeAt, expiresAt }: WorkingOrder, venue: VenueOrder): TakingOrder {
  return { stage: 'taking', venue, activeAt, expiresAt, sentAtPrice: null };
}

export function remainingAmount({ venue }: WorkingOrder): BaseAmount {
  return subtract(venue.amount, venue.filledAmount);
}

function ownPrice(venue: VenueOrder): Price | null {
  if (venue.type === 'market') return null;
  return venue.type === 'stop' ? venue.stopPrice : venue.limitPrice;
}
