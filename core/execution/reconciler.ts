import type { BaseAmount, Exchange, Logger } from '../domain/index.ts';
import { compare, type Difference, describe } from './orders/differences.ts';
import type { OrderManager } from './orders/order-manager.ts';
import type { PositionReader } from './orders/venue-inquiry.ts';

export interface ReconcilerOptions {
  readonly orders: OrderManager;
  readonly exchange: Exchange;
  readonly positions: PositionReader;
  /** Symbols whose positions are compared. */
  readonly symbols: readonly string[];
  readonly log: Logger;
}

/**
 * Compares our books with the venue's and takes over what the venue positively says: answers for orders in doubt,
 * fills that were missed, orders of ours that we forgot. It never makes up a fill and never drops a working order.
 * What still differs then is told, and its symbol may only be reduced until it no longer does.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
  }

  /** What differs after everything the venue could answer, a line each. A venue that is silent is a difference. */
  async reconcile(): Promise<readonly string[]> {
    const { orders, log } = this.#options;
    try {
      await orders.resolve();
      await orders.inquiry.replayFills();
      for (const difference of await this.#differences()) await this.#mend(difference);
      const left = await this.#differences();
      this.#restrict(left);
      const frozen = [...orders.frozenSymbols()].map(([symbol, reason]) => `${symbol} is frozen: ${reason}`);
      return [...left.map(describe), ...frozen];
    } catch (error) {
      log.warn({ error }, 'reconciliation failed');
      return [`the venue did not answer: ${String(error)}`];
    }
  }

  async #differences(): Promise<readonly Difference[]> {
    const { orders, exchange, positions, symbols } = this.#options;
    const before = orders.revision;
    const [openOrders, venuePositions] = [await exchange.openOrders(), await exchange.positions()];
    // Something filled while the venue was being asked: its two answers and our books are of different moments.
    if (orders.revision !== before) return this.#differences();
    const local = {
      unfinished: orders.unfinished().filter(({ clientOrderId }) => !orders.isInFlight(clientOrderId)),
      order: (id: Parameters<OrderManager['order']>[0]) => orders.order(id),
      positions: new Map(
        symbols.map((symbol): [string, BaseAmount] => [symbol, positions.position(symbol).quantity]),
      ),
    };
    const known = openOrders.filter(({ clientOrderId }) => !orders.isInFlight(clientOrderId));
    const lotSize = (symbol: string): BaseAmount => exchange.instrument(symbol).lotSize;
    return compare(local, { openOrders: known, positions: venuePositions }, lotSize);
  }

  async #mend(difference: Difference): Promise<void> {
    const { orders, exchange, log } = this.#options;
    log.warn({ symbol: difference.symbol, kind: difference.kind }, describe(difference));
    switch (difference.kind) {
      case 'missing-at-venue': {
        const { symbol, clientOrderId } = difference.order;
        const answer = await exchange.order(symbol, clientOrderId);
        if (answer !== null) {
          await orders.inquiry.learn(answer);
          return;
        }
        orders.inquiry.doubt(symbol, `the venue knows of no order ${clientOrderId}`);
        await orders.resolve();
        return;
      }
      case 'unknown-here':
        await orders.inquiry.adopt(difference.venue);
        return;
      case 'order-differs':
        await orders.inquiry.learn(difference.venue);
        return;
      case 'ended-here':
      case 'position-differs':
        // Only the trader can settle these; until then they restrict what may be sent.
        return;
    }
  }

  #restrict(differences: readonly Difference[]): void {
    const { orders, symbols } = this.#options;
    for (const symbol of symbols) {
      const differing = differences.find(
        (each) => each.kind === 'position-differs' && each.symbol === symbol,
      );
      orders.positionDiffers(symbol, differing === undefined ? null : describe(differing));
    }
  }
}
