import type { OrderStatus, OrderType, Side } from '../contract/index.ts';
import type { Disposer } from './disposable.ts';
import type { Fill } from './fill.ts';
import type { ClientOrderId, VenueOrderId } from './identity.ts';
import type { Instrument } from './instrument.ts';
import type { AssetAmount, BaseAmount, Price } from './money.ts';
import type { OrderIntent } from './order.ts';
import type { UtcMs } from './time.ts';

/**
 * What the venue says of an order. Only a positive answer changes state: a call that fails, times out or
 * cannot be understood rejects with a VenueError and leaves the order's fate unknown.
 */
export interface VenueOrder {
  readonly clientOrderId: ClientOrderId;
  readonly venueOrderId: VenueOrderId;
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly amount: BaseAmount;
  readonly filledAmount: BaseAmount;
  readonly limitPrice: Price | null;
  readonly stopPrice: Price | null;
  readonly reduceOnly: boolean;
  readonly status: Extract<
    OrderStatus,
    'OPEN' | 'PARTIALLY_FILLED' | 'FILLED' | 'CANCELED' | 'REJECTED' | 'EXPIRED'
  >;
  readonly reason: string | null;
  readonly updatedAt: UtcMs;
}

/** A venue's fill, as seen before it is matched to what the order was for. */
export type VenueFill = Omit<Fill, 'purpose'>;

export type VenueEvent =
  | { readonly kind: 'order'; readonly order: VenueOrder }
  | { readonly kind: 'fill'; readonly fill: VenueFill };

/** How a call to the venue failed. `uncertain`: the venue may or may not have acted. */
export type VenueFault = 'uncertain' | 'rejected' | 'rate-limited' | 'unauthorised' | 'unavailable';

export class VenueError extends Error {
  override readonly name = 'VenueError';
  readonly fault: VenueFault;
  readonly retryable: boolean;

  constructor(fault: VenueFault, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.fault = fault;
    this.retryable = fault === 'rate-limited' || fault === 'unavailable';
  }
}

/**
 * A venue to trade at. Calls may take effect, and emit events, before their promise settles: a listener must be
 * ready for a fill of an order whose `submit` has not returned.
 */
export interface Exchange {
  readonly id: string;
  /** @throws VenueError `rejected` when the venue does not list the symbol. */
  instrument(symbol: string): Instrument;
  /** Sends an order. Sending the same client order id again returns the order already there. */
  submit(intent: OrderIntent): Promise<VenueOrder>;
  /** Cancels by client order id; answers the order as it then stands, which may be FILLED. */
  cancel(symbol: string, id: ClientOrderId): Promise<VenueOrder>;
  /** The order, or null when the venue positively knows of none with this id. */
  order(symbol: string, id: ClientOrderId): Promise<VenueOrder | null>;
  /** Working orders of every kind, conditional ones included. */
  openOrders(): Promise<readonly VenueOrder[]>;
  /** Fills with `time >= since`, oldest first. */
  fillsSince(since: UtcMs): Promise<readonly VenueFill[]>;
  /** Signed position by symbol as the venue sees it; flat symbols may be absent. */
  positions(): Promise<ReadonlyMap<string, BaseAmount>>;
  /** Total balance by asset. */
  balances(): Promise<ReadonlyMap<string, AssetAmount>>;
  onEvent(listener: (event: VenueEvent) => void): Disposer;
}
