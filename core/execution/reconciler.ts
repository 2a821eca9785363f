import {
  type AccountEvent,
  type AssetAmount,
  type BaseAmount,
  type Exchange,
  type Logger,
  type Position,
  parseSymbol,
  refOf,
  type UtcMs,
  type VenueOrder,
  ZERO_BASE,
} from '../domain/index.ts';
import { compare, type Difference, describe } from './orders/differences.ts';
import type { OrderManager } from './orders/order-manager.ts';

/** What we hold, as whoever folds the fills knows it. */
export interface Holdings {
  position(symbol: string): Position;
  /** Open positions and remainders too small to trade. */
  positions(): readonly Position[];
  /** What the account should hold of ours, by asset. */
  assets(): ReadonlyMap<string, AssetAmount>;
}

export interface ReconcilerOptions {
  readonly orders: OrderManager;
  readonly exchange: Exchange;
  readonly holdings: Holdings;
  /** Symbols that are traded; those with something held or working are looked at as well. */
  readonly symbols: readonly string[];
  readonly log: Logger;
}

export interface ReconcileResult {
  /** What stands against opening positions, a line each. A venue that is silent does. */
  readonly differences: readonly string[];
  /** What the trader may want to know, and which stands against nothing. */
  readonly notes: readonly string[];
}

/** How often the venue is asked again when something fills meanwhile. */
const TRIES = 5;
/** How much further back than the last account event known others are asked for. */
const EVENT_OVERLAP_MS = 3_600_000;

/**
 * Compares our books with the venue's and takes over what the venue positively says: answers for orders in doubt,
 * fills that were missed, orders of ours that we forgot. It never makes up a fill and never drops a working order; an
 * order of ours that has ended here and works there is cancelled there. What still differs then is told, and its
 * symbol may only be reduced until it no longer does.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  #running: Promise<ReconcileResult> | undefined;
  #eventsUntil: UtcMs = 0;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
  }

  /** What differs after everything the venue could answer. One at a time: whoever asks meanwhile gets that answer. */
  reconcile(): Promise<ReconcileResult> {
    this.#running ??= this.#reconcile().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #reconcile(): Promise<ReconcileResult> {
    const { orders, log } = this.#options;
    try {
      orders.retryLedger();
      await orders.resolve();
      for (const symbol of this.#symbols()) await orders.inquiry.replayFills(symbol);
      await this.#readAccountEvents();
      for (const difference of await this.#differences()) await this.#mend(difference);
      const left = await this.#differences();
      const blocking = left.filter((difference) => this.#blocked(difference).length > 0);
      orders.differ(this.#restrictions(blocking));
      const frozen = [...orders.frozenSymbols()].map(([symbol, reason]) => `${symbol} is frozen: ${reason}`);
      return {
        differences: [...blocking.map(describe), ...frozen],
        notes: left.filter((difference) => !blocking.includes(difference)).map(describe),
      };
    } catch (error) {
      log.warn({ error }, 'reconciliation failed');
      return { differences: [`the venue did not answer: ${String(error)}`], notes: [] };
    }
  }

  async #readAccountEvents(): Promise<void> {
    const { orders, exchange } = this.#options;
    const events: readonly AccountEvent[] = await exchange.accountEvents(
      Math.max(0, this.#eventsUntil - EVENT_OVERLAP_MS),
    );
    for (const event of events) {
      orders.tell(event);
      this.#eventsUntil = Math.max(this.#eventsUntil, event.time);
    }
  }

  async #differences(): Promise<readonly Difference[]> {
    const { orders, exchange, holdings } = this.#options;
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const before = orders.revision;
      const [openOrders, account] = [await exchange.openOrders(), await exchange.account()];
      // Something filled while the venue was being asked: its answers and our books are of different moments.
      if (orders.revision !== before) continue;
      const settled = (told: VenueOrder): boolean => {
        const order = orders.ownerOf(told);
        return order === undefined || !orders.isInFlight(order.clientOrderId);
      };
      const local = {
        unfinished: orders.unfinished().filter(({ clientOrderId }) => !orders.isInFlight(clientOrderId)),
        ownerOf: (told: VenueOrder) => orders.ownerOf(told),
        positions: this.#positions(),
        assets: holdings.assets(),
      };
      const lotSize = (symbol: string): BaseAmount => exchange.instrument(symbol)?.lotSize ?? ZERO_BASE;
      const comparison = { account: exchange.profile.account, lotSize };
      return compare(local, { openOrders: openOrders.filter(settled), account }, comparison);
    }
    throw new Error('orders kept filling while the venue was being asked');
  }

  async #mend(difference: Difference): Promise<void> {
    const { orders, exchange, log } = this.#options;
    log.warn({ kind: difference.kind }, describe(difference));
    switch (difference.kind) {
      case 'missing-at-venue': {
        const { symbol, clientOrderId } = difference.order;
        const lookup = await exchange.order(refOf(difference.order));
        if (lookup.kind === 'found' && (await orders.inquiry.learn(lookup.order))) return;
        orders.inquiry.doubt(symbol, `the venue does not list order ${clientOrderId}`);
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
        await orders.inquiry.learn(await exchange.cancel(refAt(difference.venue)), 'always');
        return;
      case 'position-differs':
      case 'balance-differs':
        // Only the trader can settle these; until then they restrict what may be sent.
        return;
    }
  }

  /** Symbols that are looked at: traded, held or with an order that has not ended. */
  #symbols(): readonly string[] {
    const { orders, holdings, symbols } = this.#options;
    const held = holdings.positions().map(({ symbol }) => symbol);
    const working = orders.unfinished().map(({ symbol }) => symbol);
    return [...new Set([...symbols, ...held, ...working])];
  }

  #positions(): ReadonlyMap<string, BaseAmount> {
    const { holdings } = this.#options;
    const derivatives = this.#symbols().filter(isDerivative);
    return new Map(derivatives.map((symbol) => [symbol, holdings.position(symbol).quantity]));
  }

  /** The symbols in which a difference stands against opening a position. */
  #blocked(difference: Difference): readonly string[] {
    switch (difference.kind) {
      case 'unknown-here':
        // On a spot market a foreign order takes nothing that is ours; one position a symbol is shared with it.
        return isDerivative(difference.symbol) ? [difference.symbol] : [];
      case 'missing-at-venue':
      case 'ended-here':
      case 'order-differs':
      case 'position-differs':
        return [difference.symbol];
      case 'balance-differs': {
        const all = this.#symbols();
        const ofCoin = all.filter((symbol) => parseSymbol(symbol)?.base === difference.asset);
        // What is no traded coin is money, for all of them.
        return ofCoin.length > 0 ? ofCoin : all;
      }
    }
  }

  #restrictions(differences: readonly Difference[]): ReadonlyMap<string, string> {
    return new Map(
      differences.flatMap((difference) =>
        this.#blocked(difference).map((symbol): [string, string] => [symbol, describe(difference)]),
      ),
    );
  }
}

/** ccxt's unified symbols name a settlement asset for derivatives only. */
function isDerivative(symbol: string): boolean {
  return symbol.includes(':');
}

/** How the venue finds an order that it has just told of. */
function refAt({ symbol, clientOrderId, venueOrderId, type }: VenueOrder) {
  return { symbol, clientOrderId, venueOrderId, type };
}
