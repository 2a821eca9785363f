import {
  absolute,
  type BaseAmount,
  type ClientOrderId,
  type Clock,
  type Exchange,
  floorTo,
  isFinal,
  type Logger,
  type OrderIntent,
  VenueError,
} from '../domain/index.ts';
import type { ClientOrderIds } from './orders/client-order-id.ts';
import type { OrderManager } from './orders/order-manager.ts';

export interface FlattenerOptions {
  readonly orders: OrderManager;
  readonly exchange: Exchange;
  readonly ids: ClientOrderIds;
  readonly clock: Clock;
  readonly log: Logger;
  readonly wait: (ms: number) => Promise<void>;
}

export interface FlattenResult {
  /** Verified against the venue: no position and no order is left. */
  readonly flat: boolean;
  /** What could not be done, by venue and symbol, a line each. */
  readonly failures: readonly string[];
}

const ATTEMPTS = 300;
const PAUSE_MS = 200;

/**
 * What follows the latch: cancels every order, conditional ones included, closes every position with reduce-only
 * market orders, and looks at the venue until nothing is left. Works from the venue's own lists, and when the ledger
 * has failed it sends all the same: getting out must not depend on being able to write it down.
 */
export class Flattener {
  readonly #options: FlattenerOptions;
  /** The last close sent for each symbol: sent again under the same id until the venue says what became of it. */
  readonly #closes = new Map<string, OrderIntent>();
  readonly #usedIds = new Set<ClientOrderId>();

  constructor(options: FlattenerOptions) {
    this.#options = options;
  }

  /** Idempotent: what is already cancelled or closed is left alone. Never throws. */
  async flatten(): Promise<FlattenResult> {
    let failures: readonly string[] = [];
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const round = await this.#round();
      failures = round.failures;
      if (round.flat) return { flat: true, failures: [] };
      await this.#options.wait(PAUSE_MS);
    }
    return {
      flat: false,
      failures: failures.length > 0 ? failures : ['the venue still shows orders or positions'],
    };
  }

  async #round(): Promise<FlattenResult> {
    const { exchange } = this.#options;
    const failures: string[] = [];
    try {
      const working = await exchange.openOrders();
      const toCancel = working.filter(({ clientOrderId }) => !this.#isEmergency(clientOrderId));
      // All at once: with twenty orders one answer after the other would take seconds.
      await Promise.all(
        toCancel.map(({ symbol, clientOrderId }) =>
          this.#attempt(failures, symbol, () => this.#cancel(symbol, clientOrderId)),
        ),
      );
      const open = [...(await exchange.positions())].filter(([symbol, quantity]) =>
        absolute(quantity).gte(exchange.instrument(symbol).lotSize),
      );
      await Promise.all(
        open.map(([symbol, quantity]) =>
          this.#attempt(failures, symbol, () => this.#close(symbol, quantity)),
        ),
      );
      return { flat: working.length === 0 && open.length === 0, failures };
    } catch (error) {
      return { flat: false, failures: [...failures, `${exchange.id}: ${String(error)}`] };
    }
  }

  async #attempt(failures: string[], symbol: string, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#options.log.error({ symbol, error }, 'flattening: a step failed and is tried again');
      failures.push(`${this.#options.exchange.id} ${symbol}: ${String(error)}`);
    }
  }

  async #cancel(symbol: string, id: ClientOrderId): Promise<void> {
    const { orders, exchange } = this.#options;
    // Straight to the venue: our own record of the order may be what failed.
    const answer = await exchange.cancel(symbol, id);
    await orders.inquiry.learn(answer);
  }

  /** A position still open after a close was sent says nothing about that close: the venue is asked about it first. */
  async #close(symbol: string, quantity: BaseAmount): Promise<void> {
    const { orders, exchange } = this.#options;
    const last = this.#closes.get(symbol);
    const fate = last && (await this.#fateOf(last));
    if (fate === 'working') return;
    // Sent again under its id, one that is still on its way cannot count twice.
    const intent = last && fate === 'unseen' ? last : this.#intent(symbol, quantity);
    this.#closes.set(symbol, intent);
    orders.inquiry.recordSent(intent);
    try {
      await orders.inquiry.learn(await exchange.submit(intent));
    } catch (error) {
      // Surely not done, perhaps because the position has shrunk: the next try is another order.
      if (error instanceof VenueError && error.fault === 'rejected') this.#closes.delete(symbol);
      throw error;
    }
  }

  async #fateOf({ symbol, clientOrderId }: OrderIntent): Promise<'working' | 'ended' | 'unseen'> {
    const { orders, exchange } = this.#options;
    const answer = await exchange.order(symbol, clientOrderId);
    if (answer !== null) {
      await orders.inquiry.learn(answer);
      return isFinal(answer.status) ? 'ended' : 'working';
    }
    // Reconciliation may have concluded that it never arrived: then it must not arrive after all.
    const known = orders.order(clientOrderId);
    return known !== undefined && isFinal(known.status) ? 'ended' : 'unseen';
  }

  #intent(symbol: string, quantity: BaseAmount): OrderIntent {
    const { orders, exchange, ids, clock } = this.#options;
    const clientOrderId = ids.firstFree(
      { symbol, time: clock.now(), purpose: 'emergency' },
      (id) => this.#usedIds.has(id) || orders.order(id) !== undefined,
    );
    this.#usedIds.add(clientOrderId);
    return {
      clientOrderId,
      symbol,
      side: quantity.isPositive() ? 'sell' : 'buy',
      type: 'market',
      purpose: 'emergency',
      amount: floorTo(absolute(quantity), exchange.instrument(symbol).lotSize),
      limitPrice: null,
      stopPrice: null,
      reduceOnly: true,
      decisionId: null,
      createdAt: clock.now(),
    };
  }

  #isEmergency(id: string): boolean {
    return this.#options.ids.purposeOf(id) === 'emergency';
  }
}
