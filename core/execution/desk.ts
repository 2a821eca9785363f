import type { PositionView } from '../contract/index.ts';
import {
  type AccountEvent,
  type ClientOrderId,
  type Clocks,
  type Exchange,
  type Fill,
  type Instrument,
  isFinal,
  type Logger,
  type Order,
  type OrderGate,
  type OrderLedger,
  type Price,
  remainingOf,
  type StateStore,
  type Timers,
  type UtcMs,
} from '../domain/index.ts';
import { EngineStop } from './engine-stop.ts';
import { Flattener } from './flattener.ts';
import { MakerEntries, type MakerRules, type WantedEntry } from './maker-entries.ts';
import type { ClientOrderIds } from './orders/client-order-id.ts';
import type { FillNotes } from './orders/fill-notes.ts';
import { OrderManager } from './orders/order-manager.ts';
import type { PlaceResult } from './orders/order-sender.ts';
import type { ExecutionListener } from './orders/order-tracker.ts';
import { PacedExchange } from './orders/paced-exchange.ts';
import { Pursuit } from './orders/pursuit.ts';
import { VenuePatience } from './orders/venue-patience.ts';
import { ProtectionWatch } from './protection-watch.ts';
import { type Holdings, type ReconcileResult, Reconciler } from './reconciler.ts';
import { StopKeeper, type StopPlans } from './stop-keeper.ts';

export interface ExecutionDeskOptions extends ExecutionListener {
  readonly exchange: Exchange;
  readonly ledger: OrderLedger;
  /** What is to be known of every fill of the ledger, where the caller has gone through them already. */
  readonly recorded?: FillNotes;
  /** Why what was to be written before an entry, for what it is made say, is not; null: it is. Default: it always is. */
  readonly unwritten?: () => string | null;
  /** From when on fills are to be read of a symbol of which the ledger has none. Default: the start. */
  readonly fillsFrom?: UtcMs;
  readonly state: StateStore;
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
}

/** How long to wait before a comparison that the venue did not answer is tried again. */
const COMPARISON_PAUSES_MS = [2_000, 5_000, 10_000] as const;

/** How a position is guarded that has no stop at the venue. */
export interface ProtectionTrouble {
  readonly protection: Exclude<PositionView['protection'], 'venue'>;
  readonly message: string;
}

export interface Protection {
  readonly protection: PositionView['protection'];
  readonly stopPrice: Price | null;
}

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
  readonly #makers: MakerEntries;
  readonly #protection: ProtectionWatch;
  readonly #reconciler: Reconciler;
  /** What was taken away while the line was down is missed by nothing else. */
  readonly #comparison: Pursuit;
  /** Entries that the venue does not end by itself, with their time. */
  readonly #expiring = new Map<ClientOrderId, UtcMs>();

  constructor(given: ExecutionDeskOptions) {
    const { plans, clocks, timers, log, ids } = given;
    const patience = new VenuePatience(timers);
    // Getting out does not pay for what others have asked for; what it asks for itself it does.
    const ofEmergencies = new VenuePatience(timers);
    // Whatever is asked during a flattening is asked for it: comparisons wait.
    const isUrgent = (): boolean => this.flattener.isUrgent;
    const exchange = new PacedExchange(given.exchange, { timers, patience, isUrgent });
    const emergency = new PacedExchange(given.exchange, {
      timers,
      patience: ofEmergencies,
      others: [patience],
      isUrgent: () => true,
    });
    const options = { ...given, exchange };
    this.#options = options;
    this.ids = ids;
    const instruments = (symbol: string): Instrument | undefined => this.#instrument(symbol);
    this.orders = new OrderManager({
      ...options,
      emergency,
      positions: options.holdings,
      instruments,
      patience,
      isFlattening: () => this.flattener.ending !== null,
      onFill: (fill) => this.#onFill(fill),
      onOrder: (order) => this.#onOrder(order),
      onAccountEvent: (event) => this.#onAccountEvent(event),
      onClosing: (symbol) => this.#makers.end(symbol),
      onUntold: (symbol) => this.protect(symbol),
      onCertainty: (symbol) => this.protect(symbol),
    });
    const parts = {
      orders: this.orders,
      ids,
      plans,
      instruments,
      clock: clocks.market,
      timers,
      patience,
      log,
    };
    const stops = new StopKeeper({ ...parts, profile: exchange.profile });
    this.#stops = stops;
    this.#engineStop = new EngineStop({ ...parts, isCovered: (symbol) => stops.covers(symbol) });
    this.#makers = new MakerEntries({ ...parts, exchange });
    this.#protection = new ProtectionWatch({
      timers,
      isGuarded: (symbol) => stops.covers(symbol) || !stops.isNeeded(symbol) || stops.isClosing(symbol),
      onChange: (symbol, isGuarded) => this.#onProtection(symbol, isGuarded),
    });
    this.#comparison = new Pursuit({
      ...parts,
      goal: 'comparing with the venue',
      // One that fails asks for another itself.
      attempt: () => this.reconcile().then(() => true),
      pausesMs: COMPARISON_PAUSES_MS,
    });
    this.#reconciler = new Reconciler({
      ...options,
      orders: this.orders,
      instruments,
      onSilence: () => this.#comparison.begin(exchange.id),
      held: () => this.flattener.ending,
    });
    this.flattener = new Flattener({
      ...parts,
      exchange: emergency,
      patience: ofEmergencies,
      positions: options.holdings,
      symbols: () => [...new Set([...options.symbols, ...this.#held()])],
    });
    for (const order of this.orders.unfinished()) this.#noteExpiry(order);
  }

  /** A symbol's price: what has no stop at the venue is closed when it gets there. */
  price(symbol: string, price: number): void {
    this.#engineStop.price(symbol, price);
    this.flattener.price(symbol, price);
    this.#makers.price(symbol, price);
    if (this.#expiring.size > 0) this.#expire();
  }

  /** Enters as a maker first. @returns what the first order came to; the entry may go on when that was rejected. */
  makeEntry(wanted: WantedEntry, rules: MakerRules): Promise<PlaceResult> {
    return this.#makers.begin(wanted, rules);
  }

  /** Whether an entry that makes first is under way, also between two of its orders. */
  isMakingEntry(symbol: string): boolean {
    return this.#makers.has(symbol);
  }

  /** Takes back the entries that rest and were judged by looser limits; one that makes first goes on with what may be added. */
  judgeEntriesAnew(): void {
    this.#makers.judgeAnew();
    for (const { clientOrderId, symbol, purpose, type } of this.orders.unfinished()) {
      // Of an earlier process: nobody goes on with it.
      if (purpose === 'entry' && type === 'limit' && !this.#makers.has(symbol))
        void this.orders.withdraw(clientOrderId);
    }
  }

  /** Takes back the entries that rest, for nobody follows them when the program has ended. */
  endEntries(): Promise<void> {
    return this.#makers.close();
  }

  /** Brings a symbol's protection in line with what is held and with the plan. */
  protect(symbol: string): void {
    this.#stops.follow(symbol);
    this.#engineStop.follow(symbol);
    this.#protection.look(symbol);
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
    this.#expire();
    const result = await this.#reconciler.reconcile();
    this.protectAll();
    return result;
  }

  /** Stops listening, asking and trying. Orders and positions stay as they are. */
  close(): void {
    const parts = [this.orders, this.#stops, this.#engineStop, this.#protection, this.#comparison];
    for (const part of parts) part.close();
  }

  /** A fill reaches the books and the stop before its announcement ends. */
  #onFill(fill: Fill): void {
    const { symbol, purpose } = fill;
    try {
      this.#options.onFill(fill);
    } finally {
      this.protect(symbol);
      // What an entry goes on to buy after its position was closed would be a position that nobody decided on.
      const reduces = purpose !== 'entry' && purpose !== 'external';
      if (reduces) this.#makers.end(symbol);
      else this.#makers.onFill(fill);
      if (reduces && this.orders.entriesAlive(symbol)) void this.orders.withdrawEntries(symbol);
    }
  }

  /** Coins that come or go by another way than a fill are held, or are not: the stops follow what is. */
  #onAccountEvent(event: AccountEvent): void {
    try {
      this.#options.onAccountEvent(event);
    } finally {
      this.protectAll();
    }
  }

  #onOrder(order: Order): void {
    const { symbol, type, status, purpose } = order;
    this.#noteExpiry(order);
    try {
      this.#options.onOrder(order);
    } finally {
      const hasEnded = isFinal(status);
      // A close that ended without closing everything leaves a rest to protect. What filled as a whole was told before.
      if (type !== 'stop' && hasEnded && remainingOf(order).gt(0)) this.protect(symbol);
      // So does a stop that was taken away; the venue that has just done so is given a moment.
      if (type === 'stop' && hasEnded) this.#stops.followSoon(symbol);
      const mayMatter = hasEnded || status === 'UNKNOWN' || this.#protection.isOpen(symbol);
      if (purpose !== 'entry' && mayMatter) this.#protection.look(symbol);
      this.#makers.onOrder(order);
    }
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
      void this.orders.withdraw(id);
    }
  }

  #onProtection(symbol: string, isGuarded: boolean): void {
    const { onProtection, log } = this.#options;
    try {
      onProtection(symbol, isGuarded ? null : this.#troubleOf(symbol));
    } catch (error) {
      log.error({ symbol, error }, 'a listener of execution failed');
    }
  }

  #troubleOf(symbol: string): ProtectionTrouble {
    const what = `${symbol} has no stop at the venue that covers it`;
    if (!this.#engineStop.watches(symbol)) {
      const message = `${what}, and there is no plan to close it by: it is not protected`;
      return { protection: 'none', message };
    }
    const message = `${what}: this program watches the price and closes it, as long as it runs`;
    return { protection: 'engine', message };
  }

  /** A venue that fails to tell of one market must not keep the others from being protected or closed. */
  #instrument(symbol: string): Instrument | undefined {
    const { exchange, log } = this.#options;
    try {
      return exchange.instrument(symbol);
    } catch (error) {
      log.error({ symbol, error }, 'the venue fails to tell of a market');
      return undefined;
    }
  }

  #held(): readonly string[] {
    return this.#options.holdings.positions().map(({ symbol }) => symbol);
  }
}
