import type { PositionView } from '../contract/index.ts';
import {
  absolute,
  applyFilters,
  type BaseAmount,
  type Clock,
  floorTo,
  type Instrument,
  isOpen,
  type Logger,
  type Order,
  type Position,
  type Price,
  subtract,
  sum,
  text,
  ZERO_BASE,
} from '../domain/index.ts';
import type { ClientOrderIds } from './orders/client-order-id.ts';
import type { OrderManager, PlaceResult } from './orders/order-manager.ts';
import type { PositionReader } from './orders/venue-inquiry.ts';

export interface StopKeeperOptions {
  readonly orders: OrderManager;
  readonly ids: ClientOrderIds;
  readonly positions: PositionReader;
  readonly instruments: (symbol: string) => Instrument;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Protection {
  readonly protection: PositionView['protection'];
  readonly stopPrice: Price | null;
}

/** What should rest at the venue for a symbol. */
interface Wanted {
  readonly side: 'buy' | 'sell';
  readonly amount: BaseAmount;
  readonly stopPrice: Price;
}

/** Venues limit the stops a symbol may have, Binance to five. */
const MAX_STOPS = 4;

/**
 * Keeps protective stops at the venue that add up to the position, whatever that becomes. What a fill adds gets a
 * stop of its own before the announcement of that fill ends, so that growing leaves no moment unprotected. Shrinking
 * and another price are a saga: cancel what is wrong, count what it filled, and only then place anew. A flat symbol's
 * orphaned stops are swept.
 */
export class StopKeeper {
  readonly #options: StopKeeperOptions;
  readonly #stopPrices = new Map<string, Price>();
  /** Symbols whose stop is being replaced; what changes meanwhile is looked at when that is done. */
  readonly #replacing = new Set<string>();

  constructor(options: StopKeeperOptions) {
    this.#options = options;
  }

  /** Brings the stop in line with the position. `stopPrice` null: there is no plan to protect it by. */
  follow(position: Position, stopPrice: Price | null): void {
    const { symbol } = position;
    if (stopPrice === null) this.#stopPrices.delete(symbol);
    else this.#stopPrices.set(symbol, stopPrice);
    this.#align(symbol);
  }

  /**
   * `venue` when stops that the venue has confirmed cover everything of the position that can be traded, else
   * `none`: an order on its way, in doubt or too small is no protection yet.
   */
  stateOf(symbol: string): Protection {
    const { positions, instruments } = this.#options;
    const { lotSize } = instruments(symbol);
    const resting = this.#working(symbol).filter(({ status }) => RESTING.has(status));
    const [stop] = resting;
    const held = floorTo(absolute(positions.position(symbol).quantity), lotSize);
    const covered = resting.length > 0 && remainingOf(resting).gte(held);
    return {
      protection: covered ? 'venue' : 'none',
      stopPrice: stop?.stopPrice ?? this.#stopPrices.get(symbol) ?? null,
    };
  }

  #align(symbol: string): void {
    if (this.#replacing.has(symbol)) return;
    const wanted = this.#wanted(symbol);
    const working = this.#working(symbol);
    const right = working.filter((stop) => wanted !== null && isRight(stop, wanted));
    const wrong = working.filter((stop) => !right.includes(stop));
    if (wrong.length > 0) {
      void this.#replace(symbol, wrong);
      return;
    }
    if (wanted === null) return;
    const missing = subtract(wanted.amount, remainingOf(right));
    if (missing.isZero()) return;
    const more = right.length < MAX_STOPS ? this.#fitted(symbol, { ...wanted, amount: missing }) : null;
    // Too much, or too little for a stop of its own: one new stop for all of it. Without any stop yet there is more.
    if (more === null) void this.#replace(symbol, right);
    else this.#place(symbol, more);
  }

  /** Null for a flat symbol, one that is just being closed, and a remainder too small for the venue. */
  #wanted(symbol: string): Wanted | null {
    const { orders, positions, instruments } = this.#options;
    const stopPrice = this.#stopPrices.get(symbol);
    const instrument = instruments(symbol);
    const position = positions.position(symbol);
    if (stopPrice === undefined || !isOpen(position, instrument.lotSize)) return null;
    const closing = orders
      .unfinished(symbol)
      .some(({ purpose }) => purpose === 'exit' || purpose === 'emergency');
    if (closing && instrument.kind === 'spot') return null;
    const side = position.quantity.isPositive() ? 'sell' : 'buy';
    return this.#fitted(symbol, { side, amount: absolute(position.quantity), stopPrice });
  }

  /** The stop as the venue takes it; null when it is below one of the venue's minimums. */
  #fitted(symbol: string, { side, amount, stopPrice }: Wanted): Wanted | null {
    const order = { side, amount, stopPrice, type: 'stop', reduceOnly: true } as const;
    const fitted = applyFilters(this.#options.instruments(symbol), order, stopPrice);
    return fitted.ok ? { side, stopPrice, ...fitted.order } : null;
  }

  #place(symbol: string, { side, amount, stopPrice }: Wanted): void {
    const { orders, ids, clock } = this.#options;
    const clientOrderId = ids.firstFree(
      { symbol, time: clock.now(), purpose: 'protection' },
      (id) => orders.order(id) !== undefined,
    );
    const placing = orders.place({
      clientOrderId,
      symbol,
      side,
      type: 'stop',
      purpose: 'protection',
      amount,
      limitPrice: null,
      stopPrice,
      reduceOnly: true,
      decisionId: null,
    });
    void placing.then((result) => this.#report(symbol, result));
  }

  #report(symbol: string, result: PlaceResult): void {
    if (result.outcome === 'placed' || result.outcome === 'known') return;
    const reason = result.outcome === 'refused' ? result.message : result.order.reason;
    this.#options.log.error(
      { symbol, outcome: result.outcome },
      `the position has no stop at the venue: ${reason}`,
    );
  }

  /** Cancels stops that are wrong, one at a time, then looks again. An unanswered cancel freezes the symbol. */
  async #replace(symbol: string, wrong: readonly Order[]): Promise<void> {
    this.#replacing.add(symbol);
    let ended = true;
    for (const { clientOrderId } of wrong) {
      const outcome = await this.#options.orders.cancel(clientOrderId);
      ended = ended && (outcome === 'ended' || outcome === 'not-found');
    }
    this.#replacing.delete(symbol);
    if (ended) this.#align(symbol);
  }

  #working(symbol: string): readonly Order[] {
    return this.#options.orders.unfinished(symbol).filter(({ purpose }) => purpose === 'protection');
  }
}

const RESTING: ReadonlySet<Order['status']> = new Set(['OPEN', 'PARTIALLY_FILLED']);

function isRight(stop: Order, wanted: Wanted): boolean {
  const samePrice = stop.stopPrice !== null && text(stop.stopPrice) === text(wanted.stopPrice);
  return stop.side === wanted.side && samePrice;
}

function remainingOf(stops: readonly Order[]): BaseAmount {
  return sum(
    ZERO_BASE,
    stops.map(({ amount, filledAmount }) => subtract(amount, filledAmount)),
  );
}
