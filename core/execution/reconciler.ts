import {
  type AssetAmount,
  type BaseAmount,
  type Exchange,
  type Instrument,
  type Logger,
  type Order,
  type Position,
  type VenueOrder,
  ZERO_BASE,
} from '../domain/index.ts';
import { compare, type Difference, describe } from './orders/differences.ts';
import { coinOf, isDerivative } from './orders/markets.ts';
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
  readonly instruments: (symbol: string) => Instrument | undefined;
  /** Symbols that are traded; those with something held or working are looked at as well. */
  readonly symbols: readonly string[];
  readonly log: Logger;
  /** The venue did not answer: nothing could be compared. */
  readonly onSilence: () => void;
  /** Resolves when what goes before a comparison is done; null: nothing does. */
  readonly held: () => Promise<void> | null;
}

export interface ReconcileResult {
  /** What stands against opening positions, a line each. A venue that is silent does. */
  readonly differences: readonly string[];
  /** What the trader may want to know, and which stands against nothing. */
  readonly notes: readonly string[];
}

/** What stands against opening positions, and in which symbols. */
interface Obstacle {
  readonly line: string;
  readonly symbols: readonly string[];
}

/** How often the venue is asked again when something happens meanwhile. */
const TRIES = 5;

/**
 * Compares our books with the venue's and takes over what the venue positively says: answers for orders in doubt,
 * fills that were missed, orders of ours that we forgot. It never makes up a fill and never drops a working order; an
 * order of ours that has ended here and works there is cancelled there. What still differs then is told, and its
 * symbol may only be reduced until it no longer does. It asks nothing while everything is being closed: what a venue
 * answers in a minute is for that.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  #running: Promise<ReconcileResult> | undefined;

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
      await this.#turn();
      await orders.resolve();
      const silent = await this.#replayFills();
      await this.#turn();
      await orders.inquiry.replayAccountEvents();
      for (const difference of await this.#differences()) await this.#mend(difference);
      await this.#turn();
      await orders.resolve();
      const left = (await this.#differences()).map((each) => this.#obstacle(each));
      const obstacles = [...silent, ...left.filter(({ symbols }) => symbols.length > 0)];
      orders.differ(
        new Map(obstacles.flatMap(({ line, symbols }) => symbols.map((symbol) => [symbol, line]))),
      );
      const frozen = [...orders.frozenSymbols()].map(([symbol, reason]) => `${symbol} is frozen: ${reason}`);
      return {
        differences: [...obstacles.map(({ line }) => line), ...frozen],
        notes: left.filter(({ symbols }) => symbols.length === 0).map(({ line }) => line),
      };
    } catch (error) {
      log.warn({ error }, 'reconciliation failed');
      this.#options.onSilence();
      return { differences: [`the venue did not answer: ${String(error)}`], notes: [] };
    }
  }

  async #turn(): Promise<void> {
    for (let held = this.#options.held(); held !== null; held = this.#options.held()) await held;
  }

  /** A market that the venue does not tell of, because it is no longer listed, say, must not hold up the others. */
  async #replayFills(): Promise<readonly Obstacle[]> {
    const { orders, log } = this.#options;
    const silent: Obstacle[] = [];
    for (const symbol of this.#symbols()) {
      await this.#turn();
      try {
        await orders.inquiry.replayFills(symbol);
      } catch (error) {
        log.warn({ symbol, error }, 'the fills of a symbol could not be fetched');
        silent.push({
          line: `${symbol}: the venue does not tell its fills: ${String(error)}`,
          symbols: [symbol],
        });
      }
    }
    return silent;
  }

  async #differences(): Promise<readonly Difference[]> {
    const { orders, exchange, holdings, instruments } = this.#options;
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      await this.#turn();
      const before = orders.revision;
      const openOrders = await exchange.openOrders();
      const account = await exchange.account();
      // Something happened while the venue was being asked: its answers and our books are of different moments.
      if (orders.revision !== before) continue;
      const isSettled = (told: VenueOrder): boolean => {
        const order = orders.ownerOf(told);
        return order === undefined || !orders.isInFlight(order.clientOrderId);
      };
      const local = {
        unfinished: orders.unfinished().filter(({ clientOrderId }) => !orders.isInFlight(clientOrderId)),
        ownerOf: (told: VenueOrder) => orders.ownerOf(told),
        isReplaced: (order: Order, told: VenueOrder) => orders.isReplaced(order, told),
        positions: this.#positions(isDerivative),
        coins: this.#positions((symbol) => !isDerivative(symbol)),
        assets: holdings.assets(),
      };
      const lotSize = (symbol: string): BaseAmount => instruments(symbol)?.lotSize ?? ZERO_BASE;
      const comparison = { account: exchange.profile.account, lotSize };
      return compare(local, { openOrders: openOrders.filter(isSettled), account }, comparison);
    }
    throw new Error('orders kept filling while the venue was being asked');
  }

  async #mend(difference: Difference): Promise<void> {
    const { orders, log } = this.#options;
    log.warn({ kind: difference.kind }, describe(difference));
    switch (difference.kind) {
      case 'missing-at-venue': {
        const { symbol, clientOrderId } = difference.order;
        orders.inquiry.doubt(symbol, `the venue does not list order ${clientOrderId}`);
        return;
      }
      case 'unknown-here':
        await orders.inquiry.adopt(difference.venue);
        return;
      case 'order-differs':
      case 'ended-here':
        await orders.inquiry.learn(difference.venue);
        return;
      case 'position-differs':
      case 'sold-too-much':
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

  #positions(which: (symbol: string) => boolean): ReadonlyMap<string, BaseAmount> {
    const { holdings } = this.#options;
    const symbols = this.#symbols().filter(which);
    return new Map(symbols.map((symbol) => [symbol, holdings.position(symbol).quantity]));
  }

  #obstacle(difference: Difference): Obstacle {
    return { line: describe(difference), symbols: this.#blocked(difference) };
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
      case 'sold-too-much':
        return [difference.symbol];
      case 'balance-differs': {
        const all = this.#symbols();
        const ofCoin = all.filter((symbol) => !isDerivative(symbol) && coinOf(symbol) === difference.asset);
        // What is no traded coin is money, for all of them.
        return ofCoin.length > 0 ? ofCoin : all;
      }
    }
  }
}
