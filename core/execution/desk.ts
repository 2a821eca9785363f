import type { PositionView } from '../contract/index.ts';
import {
  type ClientOrderId,
  type Clocks,
  type Exchange,
  type Fill,
  isFinal,
  type Logger,
  type Order,
  type OrderGate,
  type OrderLedger,
  type Price,
  type Timers,
  type UtcMs,
} from '../domain/index.ts';
import { EngineStop } from './engine-stop.ts';
import { Flattener } from './flattener.ts';
import type { ClientOrderIds } from './orders/client-order-id.ts';
import { OrderManager } from './orders/order-manager.ts';
import type { ExecutionListener } from './orders/order-tracker.ts';
import { type Holdings, type ReconcileResult, Reconciler } from './reconciler.ts';
import { StopKeeper, type StopPlans } from './stop-keeper.ts';

export interface ExecutionDeskOptions extends ExecutionListener {
  readonly exchange: Exchange;
  readonly ledger: OrderLedger;
  /** Every fill of the ledger, where the caller has read them already. */
  readonly fills?: Iterable<Fill>;
  readonly gate: OrderGate;
  readonly holdings: Holdings;
  readonly plans: StopPlans;
  readonly ids: ClientOrderIds;
  /** Symbols that are traded. */
  readonly symbols: readonly string[];
  readonly clocks: Clocks;
  readonly timers: Timers;
  readonly log: Logger;
  /** A position has been without a stop at the venue for longer than that may take; null: it has one again. */
  readonly onProtection: (symbol: string, trouble: ProtectionTrouble | null) => void;
  readonly fillOverlapMs?: number;
}

/** How a position is guarded that has no stop at the venue. */
export interface ProtectionTrouble {
  readonly protection: Exclude<PositionView['protection'], 'venue'>;
  readonly message: string;
}

export interface Protection {
  readonly protection: PositionView['protection'];
  readonly stopPrice: Price | null;
}

/** How long the venue may take to confirm a stop before the trader is told. */
const PROTECTION_LIMIT_MS = 2_000;

/**
 * Step 7 of the loop, wired: orders, the stops that follow what they fill, the engine's own stop behind those, the
 * comparison with the venue and the way out. The engine and its tests use this one.
 */
export class ExecutionDesk {
  readonly orders: OrderManager;
  readonly ids: ClientOrderIds;
  readonly flattener: Flattener;
  readonly #options: ExecutionDeskOptions;
  readonly #stops: StopKeeper;
  readonly #engineStop: EngineStop;
  readonly #reconciler: Reconciler;
  /** Entries that the venue does not end by itself, with their time. */
  readonly #expiring = new Map<ClientOrderId, UtcMs>();
  readonly #troubled = new Set<string>();
  readonly #end = new AbortController();

  constructor(options: ExecutionDeskOptions) {
    const { exchange, plans, clocks, timers, log, ids } = options;
    this.#options = options;
    this.ids = ids;
    this.orders = new OrderManager({
      ...options,
      positions: options.holdings,
      onFill: (fill) => this.#onFill(fill),
      onOrder: (order) => this.#onOrder(order),
    });
    const instruments = (symbol: string) => exchange.instrument(symbol);
    const parts = { orders: this.orders, ids, plans, instruments, clock: clocks.market, timers, log };
    this.#stops = new StopKeeper({ ...parts, profile: exchange.profile });
    this.#engineStop = new EngineStop({ ...parts, isCovered: (symbol) => this.#stops.covers(symbol) });
    this.#reconciler = new Reconciler({ ...options, orders: this.orders });
    this.flattener = new Flattener({
      ...parts,
      exchange,
      symbols: () => [...new Set([...options.symbols, ...this.#held()])],
    });
    for (const order of this.orders.unfinished()) this.#noteExpiry(order);
  }

  /** A symbol's price: what has no stop at the venue is closed when it gets there. */
  price(symbol: string, price: number): void {
    this.#engineStop.price(symbol, price);
    if (this.#expiring.size > 0) this.#expire();
  }

  /** Brings a symbol's protection in line with what is held and with the plan. */
  protect(symbol: string): void {
    this.#stops.follow(symbol);
    this.#engineStop.follow(symbol);
    this.#watchProtection(symbol);
  }

  /** The same for everything held or working: after a restart, or where a stop was taken away by hand. */
  protectAll(): void {
    const working = this.orders.unfinished().map(({ symbol }) => symbol);
    for (const symbol of new Set([...this.#held(), ...working])) this.protect(symbol);
  }

  /** `venue` when confirmed stops cover everything that can be traded; `engine` while the engine watches the price. */
  protectionOf(symbol: string): Protection {
    const stopPrice = this.#stops.stopPrice(symbol);
    if (this.#stops.covers(symbol)) return { protection: 'venue', stopPrice };
    return { protection: this.#engineStop.watches(symbol) ? 'engine' : 'none', stopPrice };
  }

  /** Compares our books with the venue's, and puts right what the venue's answers put right. */
  async reconcile(): Promise<ReconcileResult> {
    const result = await this.#reconciler.reconcile();
    this.protectAll();
    return result;
  }

  /** Stops listening, asking and trying. Orders and positions stay as they are. */
  close(): void {
    this.#end.abort();
    this.orders.close();
    this.#stops.close();
  }

  /** A fill reaches the books and the stop before its announcement ends. */
  #onFill(fill: Fill): void {
    this.#options.onFill(fill);
    this.protect(fill.symbol);
    // What an entry goes on to buy after its position was closed would be a position that nobody decided on.
    const reduces = fill.purpose !== 'entry' && fill.purpose !== 'external';
    if (reduces && this.orders.entriesAlive(fill.symbol)) void this.orders.withdrawEntries(fill.symbol);
  }

  #onOrder(order: Order): void {
    this.#noteExpiry(order);
    this.#options.onOrder(order);
    // A close that ended without closing everything leaves a rest to protect; so does a stop that was taken away.
    if (order.type !== 'stop' && isFinal(order.status)) this.protect(order.symbol);
    if (order.type !== 'stop') return;
    if (isFinal(order.status)) this.#stops.followSoon(order.symbol);
    this.#watchProtection(order.symbol);
  }

  #noteExpiry({ clientOrderId, expiresAt, status }: Order): void {
    if (this.#options.exchange.profile.goodTillDate || expiresAt === null) return;
    if (isFinal(status)) this.#expiring.delete(clientOrderId);
    else this.#expiring.set(clientOrderId, expiresAt);
  }

  #expire(): void {
    const now = this.#options.clocks.market.now();
    for (const [id, expiresAt] of this.#expiring) {
      if (expiresAt > now) continue;
      this.#expiring.delete(id);
      void this.orders.cancel(id).then((outcome) => {
        if (outcome === 'working') this.#expiring.set(id, expiresAt);
      });
    }
  }

  /** Tells, once, when the venue has not confirmed a position's stop in time, and when it has one again. */
  #watchProtection(symbol: string): void {
    const { timers } = this.#options;
    if (this.#isGuarded(symbol)) {
      if (this.#troubled.delete(symbol)) this.#options.onProtection(symbol, null);
      return;
    }
    if (this.#troubled.has(symbol)) return;
    void timers.wait(PROTECTION_LIMIT_MS, this.#end.signal).then(() => this.#tellTrouble(symbol));
  }

  #tellTrouble(symbol: string): void {
    if (this.#end.signal.aborted || this.#isGuarded(symbol) || this.#troubled.has(symbol)) return;
    this.#troubled.add(symbol);
    this.#options.onProtection(
      symbol,
      this.#engineStop.watches(symbol)
        ? {
            protection: 'engine',
            message: `${symbol} has no stop at the venue: this program watches the price and closes it, as long as it runs`,
          }
        : {
            protection: 'none',
            message: `${symbol} has no stop at the venue and no plan to close it by: it is not protected`,
          },
    );
  }

  #isGuarded(symbol: string): boolean {
    return this.#stops.covers(symbol) || !this.#stops.isNeeded(symbol);
  }

  #held(): readonly string[] {
    return this.#options.holdings.positions().map(({ symbol }) => symbol);
  }
}
