import {
  absolute,
  type BaseAmount,
  type Clock,
  type Exchange,
  floorTo,
  type Logger,
  type OrderIntent,
} from '../domain/index.ts';
import type { ClientOrderIds } from './client-order-id.ts';
import type { OrderManager } from './order-manager.ts';

export interface FlattenerOptions {
  readonly orders: OrderManager;
  readonly exchange: Exchange;
  readonly ids: ClientOrderIds;
  readonly clock: Clock;
  readonly log: Logger;
  readonly wait: (ms: number) => Promise<void>;
}

export interface FlattenResult {
  /** Verified against the venue: no position, no order but none. */
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
      const closing = working.filter(({ clientOrderId }) => this.#isEmergency(clientOrderId));
      for (const { symbol, clientOrderId } of working) {
        if (!this.#isEmergency(clientOrderId))
          await this.#attempt(failures, symbol, () => this.#cancel(symbol, clientOrderId));
      }
      const open = [...(await exchange.positions())].filter(([symbol, quantity]) =>
        absolute(quantity).gte(exchange.instrument(symbol).lotSize),
      );
      for (const [symbol, quantity] of open) {
        if (closing.some((order) => order.symbol === symbol)) continue;
        await this.#attempt(failures, symbol, () => this.#close(symbol, quantity));
      }
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

  async #cancel(symbol: string, id: OrderIntent['clientOrderId']): Promise<void> {
    const { orders, exchange } = this.#options;
    // Straight to the venue: our own record of the order may be what failed.
    const answer = await exchange.cancel(symbol, id);
    await orders.inquiry.learn(answer);
  }

  async #close(symbol: string, quantity: BaseAmount): Promise<void> {
    const { orders, exchange, ids, clock } = this.#options;
    const intent: OrderIntent = {
      clientOrderId: ids.firstFree(
        { symbol, time: clock.now(), purpose: 'emergency' },
        (id) => orders.order(id) !== undefined,
      ),
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
    orders.inquiry.recordSent(intent);
    await orders.inquiry.learn(await exchange.submit(intent));
  }

  #isEmergency(id: string): boolean {
    return this.#options.ids.purposeOf(id) === 'emergency';
  }
}
