import type { PositionView } from '../contract/index.ts';
import {
  absolute,
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
  text,
} from '../domain/index.ts';
import type { ClientOrderIds } from './client-order-id.ts';
import type { OrderManager, PlaceResult } from './order-manager.ts';
import type { PositionReader } from './venue-inquiry.ts';

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

/**
 * Keeps one protective stop a position at the venue, of the position's size whatever that becomes: the first stop
 * is sent before the announcement of the entry's fill ends; a change of size cancels the old stop, counts what it
 * filled, and only then places the new one. A flat symbol's orphaned stops are swept.
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

  /** Whether a stop rests at the venue for a symbol, and where it belongs. */
  stateOf(symbol: string): Protection {
    const [stop] = this.#working(symbol);
    return {
      protection: stop === undefined ? 'none' : 'venue',
      stopPrice: stop?.stopPrice ?? this.#stopPrices.get(symbol) ?? null,
    };
  }

  #align(symbol: string): void {
    if (this.#replacing.has(symbol)) return;
    const wanted = this.#wanted(symbol);
    const working = this.#working(symbol);
    const right = working.find((stop) => wanted !== null && isRight(stop, wanted));
    const wrong = working.filter((stop) => stop !== right);
    if (wrong.length > 0) void this.#replace(symbol, wrong);
    else if (wanted !== null && right === undefined) this.#place(symbol, wanted);
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
    const amount = floorTo(absolute(position.quantity), instrument.lotSize);
    if (amount.lt(instrument.minAmount)) return null;
    return { side: position.quantity.isPositive() ? 'sell' : 'buy', amount, stopPrice };
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

function isRight(stop: Order, wanted: Wanted): boolean {
  const remaining = subtract(stop.amount, stop.filledAmount);
  const samePrice = stop.stopPrice !== null && text(stop.stopPrice) === text(wanted.stopPrice);
  return stop.side === wanted.side && remaining.eq(wanted.amount) && samePrice;
}
