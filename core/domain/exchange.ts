import type { OrderStatus, OrderType, Side } from '../contract/index.ts';
import type { AccountEvent, AccountSnapshot } from './account.ts';
import type { Disposer } from './disposable.ts';
import type { Fee } from './fill.ts';
import type { ClientOrderId, TradeId, VenueOrderId } from './identity.ts';
import type { Instrument } from './instrument.ts';
import type { BaseAmount, Price } from './money.ts';
import type { OrderIntent, OrderRef } from './order.ts';
import type { OrderGate } from './order-gate.ts';
import type { UtcMs } from './time.ts';
import type { TradingCosts, VenueProfile } from './venue-profile.ts';

/** What the venue says of an order. Only a positive answer changes state. */
export interface VenueOrder {
  /** Null for an order that was not made through an API with ids, such as one by hand. */
  readonly clientOrderId: ClientOrderId | null;
  readonly venueOrderId: VenueOrderId;
  /** The order that this one came from, where the venue makes a new order of a triggered stop. */
  readonly parentVenueOrderId: VenueOrderId | null;
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly amount: BaseAmount;
  readonly filledAmount: BaseAmount;
  readonly limitPrice: Price | null;
  readonly stopPrice: Price | null;
  readonly reduceOnly: boolean;
  /** Only the simulated venue tells, which has to know it again after a restart. */
  readonly postOnly?: boolean;
  readonly status: Extract<
    OrderStatus,
    'OPEN' | 'PARTIALLY_FILLED' | 'FILLED' | 'CANCELED' | 'REJECTED' | 'EXPIRED'
  >;
  readonly reason: string | null;
  readonly updatedAt: UtcMs;
}

/**
 * The answer to a look-up. One `absent` is not yet the truth: lists lag, and an order may still be on its way.
 * `cannot-tell`: the venue answered, and its answer settles nothing (the order is too old for it, say). `isBlind`: it would
 * not find the order though it were there, so that nothing follows however often it says so.
 */
export type OrderLookup =
  | { readonly kind: 'found'; readonly order: VenueOrder }
  | { readonly kind: 'absent' }
  | { readonly kind: 'cannot-tell'; readonly reason: string; readonly isBlind?: true };

/** A venue's fill, as seen before it is matched to what it was for. */
export interface VenueFill {
  readonly tradeId: TradeId;
  /** Null where the venue does not tell: a liquidation, a trade by hand, the child of a triggered stop. */
  readonly clientOrderId: ClientOrderId | null;
  readonly venueOrderId: VenueOrderId | null;
  readonly symbol: string;
  readonly side: Side;
  readonly price: Price;
  readonly amount: BaseAmount;
  /** Null while the venue has not told it yet: a later account event does. */
  readonly fee: Fee | null;
  readonly liquidity: 'maker' | 'taker';
  readonly time: UtcMs;
}

/** How a question is to be asked. */
export interface Asking {
  /** It belongs to an emergency, and goes before everything that does not. */
  readonly isUrgent?: boolean;
}

export interface OpenOrdersAsking extends Asking {
  /** Those of which every order has to be told: an answer may leave out the others'. Absent: all there are. */
  readonly symbols?: readonly string[];
}

export interface FillQuery {
  readonly symbol: string;
  /** Where the last page ended, as the venue put it; null: from `since` on. */
  readonly cursor: FillCursor | null;
  readonly since: UtcMs;
}

/** A place in a symbol's list of fills, in the venue's own words. */
export type FillCursor = string;

export interface FillPage {
  /** Oldest first. */
  readonly fills: readonly VenueFill[];
  /** Where the next page begins; null when there was nothing to stand on. */
  readonly cursor: FillCursor | null;
  /** Whether there is more to be had at once. */
  readonly more: boolean;
}

export type ConnectionState = 'connecting' | 'connected' | 'disconnected' | 'closed';

export interface Connection {
  readonly state: ConnectionState;
  /** What is the matter, for the trader; empty while connected. */
  readonly message: string;
}

export type VenueEvent =
  | { readonly kind: 'order'; readonly order: VenueOrder }
  | { readonly kind: 'fill'; readonly fill: VenueFill }
  /** Something may have been missed whenever this becomes `connected`. */
  | { readonly kind: 'connection'; readonly connection: Connection }
  /** Money that moved by another way than a fill: deposit, withdrawal, funding, a fee that was told late. */
  | { readonly kind: 'account'; readonly event: AccountEvent };

/**
 * How a call to the venue failed. `uncertain`: the venue may or may not have acted. `unavailable`: it surely has not
 * answered, which for an order that left is the same doubt. The others are positive refusals.
 */
export type VenueFault = 'uncertain' | 'rejected' | 'rate-limited' | 'unauthorised' | 'unavailable';

export class VenueError extends Error {
  override readonly name = 'VenueError';
  readonly fault: VenueFault;
  /** How long the venue wants to be left alone; null where it did not say. */
  readonly retryAfterMs: number | null;

  constructor(
    fault: VenueFault,
    message: string,
    options: { readonly cause?: unknown; readonly retryAfterMs?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.fault = fault;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/** How a failed call is to be taken: what is not the venue's own refusal leaves the matter open. */
export function faultOf(error: unknown): VenueFault {
  return error instanceof VenueError ? error.fault : 'uncertain';
}

export interface OpenOptions {
  readonly symbols: readonly string[];
  /** Told what is being waited for, a line each. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * A venue to trade at. Calls may take effect, and emit events, before their promise settles: a listener must be
 * ready for a fill of an order whose `submit` has not returned. Every call may reject with a VenueError.
 */
export interface Exchange {
  readonly id: string;
  /** What the venue can do, and how it differs from others. */
  readonly profile: VenueProfile;
  readonly connection: Connection;
  /** Loads the markets and connects. Nothing else may be called before it resolves, but `onEvent` and `close`. */
  open(options: OpenOptions): Promise<void>;
  /** Ends every connection. Orders and positions stay as they are. */
  close(): Promise<void>;
  /** What the venue says of a market; undefined when it does not list the symbol, or no longer. Never throws. */
  instrument(symbol: string): Instrument | undefined;
  /** What trading a symbol costs here. */
  costs(symbol: string): TradingCosts;
  /** The venue's clock minus ours; null where it was not measured. */
  clockOffsetMs(): number | null;
  /**
   * Sends an order, at most once a call. Never to be called again for an id that may have left.
   *
   * @param gate asked once more where an order has waited for its turn: much may have changed, in seconds or while the
   * whole program stood still. What may not leave by then is rejected.
   */
  submit(intent: OrderIntent, gate?: OrderGate): Promise<VenueOrder>;
  /** Cancels; answers the order as it then stands, which may be FILLED. */
  cancel(ref: OrderRef): Promise<VenueOrder>;
  order(ref: OrderRef, how?: Asking): Promise<OrderLookup>;
  /** Working orders of every kind and symbol, conditional ones and those of other hands included. */
  openOrders(how?: OpenOrdersAsking): Promise<readonly VenueOrder[]>;
  fills(query: FillQuery, how?: Asking): Promise<FillPage>;
  account(how?: Asking): Promise<AccountSnapshot>;
  /** Money that moved by other ways than fills since a moment, oldest first, with the ids of the events. */
  accountEvents(since: UtcMs): Promise<readonly AccountEvent[]>;
  /** What happened to orders, fills and the account since opening and before anybody listened is told to the first who does. */
  onEvent(listener: (event: VenueEvent) => void): Disposer;
}
