import {
  type AccountEvent,
  absolute,
  type BaseAmount,
  type ClientOrderId,
  type Clocks,
  type Disposer,
  type Exchange,
  floorTo,
  type Instrument,
  type Logger,
  type Order,
  type OrderGate,
  type OrderIntent,
  type OrderLedger,
  type StateStore,
  type Timers,
  type UtcMs,
  type VenueEvent,
  type VenueOrder,
} from '../../domain/index.ts';
import { Admission, isClose, type PositionReader } from './admission.ts';
import type { ClientOrderIds } from './client-order-id.ts';
import type { FillNotes } from './fill-notes.ts';
import { type CancelOutcome, OrderCanceller } from './order-canceller.ts';
import { OrderSender, type PlaceResult } from './order-sender.ts';
import { type ExecutionListener, OrderTracker } from './order-tracker.ts';
import { Pursuit } from './pursuit.ts';
import { SymbolTrust } from './symbol-trust.ts';
import { VenueInquiry } from './venue-inquiry.ts';
import type { VenuePatience } from './venue-patience.ts';

export interface OrderManagerOptions extends ExecutionListener {
  readonly exchange: Exchange;
  /** The same venue, for emergencies. */
  readonly emergency: Exchange;
  readonly ledger: OrderLedger;
  /** What is to be known of every fill of the ledger, where the caller has gone through them already. */
  readonly recorded?: FillNotes;
  /** Why what was to be written before an entry, for what it is made say, is not; null: it is. Default: it always is. */
  readonly unwritten?: () => string | null;
  /** From when on fills are to be read of a symbol of which the ledger has none. Default: the start. */
  readonly fillsFrom?: UtcMs;
  readonly state: StateStore;
  readonly gate: OrderGate;
  readonly positions: PositionReader;
  readonly instruments: (symbol: string) => Instrument | undefined;
  readonly ids: ClientOrderIds;
  readonly clocks: Clocks;
  readonly timers: Timers;
  readonly patience: VenuePatience;
  /** Whether everything is being closed: who does that asks about what is in doubt himself. */
  readonly isFlattening: () => boolean;
  readonly log: Logger;
  /** Whatever a symbol holds is about to be closed: nothing more of it is wanted. */
  readonly onClosing: (symbol: string) => void;
  /** The venue says that an entry has filled more than its fills tell so far: there is more to protect. */
  readonly onUntold: (symbol: string) => void;
  /** Nothing of a symbol is in doubt any more. */
  readonly onCertainty: (symbol: string) => void;
}

/** What is to be placed; the manager adds the moment. */
export type PlaceRequest = Omit<OrderIntent, 'createdAt'>;

/** Lists of fills can lag by half a minute: so long the venue is asked often about what is in doubt. */
const DOUBT_PAUSES_MS = [
  250,
  500,
  1_000,
  2_000,
  ...Array<number>(12).fill(2_500),
  5_000,
  10_000,
  30_000,
] as const;
/** How long to wait before the ledger is tried again. */
const LEDGER_PAUSES_MS = [250, 1_000] as const;

/**
 * Sends orders so that none is lost and none is sent twice: the intent is written before anything leaves, only a
 * positive venue answer changes an order's state, and doubt keeps positions from growing in its symbol until the venue
 * has answered, which is asked for at once. What reduces units that are surely held goes on meanwhile.
 */
export class OrderManager {
  /** Asks the venue, for reconciliation. */
  readonly inquiry: VenueInquiry;
  readonly #options: OrderManagerOptions;
  readonly #tracker: OrderTracker;
  readonly #trust = new SymbolTrust();
  readonly #admission: Admission;
  readonly #canceller: OrderCanceller;
  readonly #doubts: Pursuit;
  readonly #ledgerRetry: Pursuit;
  readonly #sender: OrderSender;
  /** Ids of closes that wait for entries to be withdrawn. */
  readonly #reserved = new Set<ClientOrderId>();
  readonly #pending = new Set<Promise<unknown>>();
  readonly #stopListening: Disposer;

  /** Orders that an earlier process left between intent and answer freeze their symbols until `resolve`. */
  constructor(options: OrderManagerOptions) {
    const { exchange, clocks } = options;
    this.#options = options;
    const trust = this.#trust;
    const tracker = new OrderTracker({
      ...options,
      profile: exchange.profile,
      clock: clocks.market,
      onFault: (message) => this.#onFault(message),
    });
    this.#tracker = tracker;
    const onDoubt = (symbol: string): void => this.#doubts.hurry(symbol);
    this.inquiry = new VenueInquiry({ ...options, tracker, trust, onDoubt });
    const { inquiry } = this;
    const admission = new Admission({ ...options, tracker, trust, inquiry, clock: clocks.market });
    this.#admission = admission;
    const parts = { ...options, tracker, inquiry, admission };
    const canceller = new OrderCanceller({ ...parts, submitting: (id) => this.#sender.submitting(id) });
    this.#canceller = canceller;
    this.#sender = new OrderSender({ ...parts, canceller });
    this.#doubts = new Pursuit({
      ...options,
      goal: 'asking about what is in doubt',
      attempt: async (symbol) => !options.isFlattening() && this.#resolve(symbol),
      pausesMs: DOUBT_PAUSES_MS,
    });
    this.#ledgerRetry = new Pursuit({
      ...options,
      goal: 'writing the order ledger',
      attempt: async () => tracker.retryLedger(),
      pausesMs: LEDGER_PAUSES_MS,
    });
    for (const { symbol, status, clientOrderId } of tracker.unfinished()) {
      if (status === 'OPEN' || status === 'PARTIALLY_FILLED') continue;
      trust.freeze(symbol, `order ${clientOrderId} was ${status} when the program last ended`);
    }
    this.#stopListening = exchange.onEvent((event) => this.#onEvent(event));
  }

  /** Stops listening to the venue, asking about doubts and trying again. */
  close(): void {
    this.#stopListening();
    for (const goal of [this.#doubts, this.#ledgerRetry, this.#canceller]) goal.close();
  }

  /** Why no position is opened or enlarged, or null: the ledger cannot be written. */
  get fault(): string | null {
    return this.#tracker.fault;
  }

  /** Writes down what the ledger did not take so far. */
  retryLedger(): void {
    this.#tracker.retryLedger();
  }

  /** Whether a conversation with the venue is under way. */
  get busy(): boolean {
    return this.#pending.size > 0;
  }

  /** Resolves when none is under way any more. Doubts are asked about beside that. */
  async idle(): Promise<void> {
    while (this.busy) await Promise.allSettled(this.#pending);
  }

  /** Symbols in doubt, with the reason: no position is opened or enlarged there. */
  frozenSymbols(): ReadonlyMap<string, string> {
    return this.#trust.frozen();
  }

  /** Symbols on which only reducing orders are sent, because the venue is not as our books have it; with the reason. */
  differingSymbols(): ReadonlyMap<string, string> {
    return this.#trust.reducingOnly();
  }

  /** Takes over where the venue is not as our books have it, by symbol, as of the last comparison. */
  differ(reasons: ReadonlyMap<string, string>): void {
    this.#trust.differ(reasons);
  }

  /** Orders without a final status, oldest first. */
  unfinished(symbol?: string): readonly Order[] {
    return this.#tracker.unfinished(symbol);
  }

  order(id: ClientOrderId): Order | undefined {
    return this.#tracker.order(id);
  }

  /** Whether an order has this id, or is about to. */
  isTaken(id: ClientOrderId): boolean {
    return this.#reserved.has(id) || this.#tracker.order(id) !== undefined;
  }

  /** Whose the order is that the venue speaks of; undefined when it is nobody's here. */
  ownerOf(told: VenueOrder): Order | undefined {
    return this.#tracker.ownerOf(told);
  }

  /** Whether the venue has made another order of the one that it speaks of: only that other one tells. */
  isReplaced(order: Order, told: VenueOrder): boolean {
    return this.#tracker.isReplaced(order, told);
  }

  /** Grows with everything recorded: tells whether something happened while the venue was being asked. */
  get revision(): number {
    return this.#tracker.revision;
  }

  /** Whether an order is being placed or cancelled, so that the venue's view of it may be out of date. */
  isInFlight(id: ClientOrderId): boolean {
    return this.#sender.isPlacing(id) || this.#canceller.isCancelling(id);
  }

  /** Whether anything of a symbol could still open a position: its entries may be working, on their way or in doubt. */
  entriesAlive(symbol: string): boolean {
    return this.#tracker.unfinished(symbol).some(isEntry);
  }

  /**
   * The signed units that are surely held: the position, and what entries have filled according to the venue though
   * their fills are not told yet. On a spot market nobody owns less than nothing.
   */
  heldUnits(symbol: string): BaseAmount {
    return this.#admission.heldUnits(symbol);
  }

  /**
   * How much of what is held such orders of ours may sell, or may have sold already, that have not surely ended, or was
   * sold by fills that may be ours.
   */
  spokenFor(symbol: string, which: (order: Order) => boolean): BaseAmount {
    return this.#admission.spokenFor(symbol, which);
  }

  /**
   * Places an order. Synchronous up to the exchange's `submit`, so that a stop placed from `onFill` is at the
   * venue before that fill's announcement ends; the exceptions are a close whose symbol has entries that must be
   * withdrawn first, and a spot close, whose stops must first let go of the coins.
   */
  place(request: PlaceRequest): Promise<PlaceResult> {
    return this.#watch(this.#place({ ...request, createdAt: this.#options.clocks.market.now() }));
  }

  /** Sends a close of the emergency stop, whatever the books say, and also while they cannot be written. */
  placeEmergency(request: PlaceRequest): Promise<PlaceResult> {
    const intent = { ...request, createdAt: this.#options.clocks.market.now() };
    this.#options.onClosing(intent.symbol);
    return this.#watch(this.#sender.send(intent, { emergency: true }));
  }

  /** Cancels an order, then fetches its fills: what was cancelled may have filled. Never rejects. */
  cancel(id: ClientOrderId): Promise<CancelOutcome> {
    return this.#watch(this.#canceller.cancel(id));
  }

  /** Cancels an order that is no longer wanted, and goes on until it has ended. */
  withdraw(id: ClientOrderId): Promise<CancelOutcome> {
    return this.#watch(this.#canceller.withdraw(id));
  }

  /** Takes back what of a symbol's entries has not filled, and goes on until they have ended. */
  async withdrawEntries(symbol: string): Promise<void> {
    const entries = this.#tracker.unfinished(symbol).filter(isEntry);
    await Promise.all(entries.map(({ clientOrderId }) => this.withdraw(clientOrderId)));
  }

  /** Asks the venue once about every frozen symbol. @returns the symbols still frozen, with the reason. */
  async resolve(): Promise<ReadonlyMap<string, string>> {
    await Promise.all(
      [...this.#trust.frozen().keys()].map((symbol) => this.#watch(this.#tryResolve(symbol))),
    );
    return this.#trust.frozen();
  }

  /** Takes money that moved by another way than a fill into the books, once. */
  tell(event: AccountEvent): void {
    this.#tracker.countAccountEvent(event);
  }

  async #tryResolve(symbol: string): Promise<void> {
    const { log } = this.#options;
    try {
      if (await this.#resolve(symbol)) return;
    } catch (error) {
      log.warn({ symbol, error }, `the venue did not answer: ${symbol} stays frozen`);
    }
    this.#doubts.begin(symbol);
  }

  async #resolve(symbol: string): Promise<boolean> {
    if (!this.#trust.isFrozen(symbol)) return true;
    // What has ended here is not wanted any more, wherever it still works.
    const strays = this.#tracker.strays(symbol);
    await Promise.all(strays.map(({ clientOrderId }) => this.#canceller.cancel(clientOrderId)));
    return this.inquiry.resolve(symbol, () =>
      [...this.#tracker.unfinished(symbol), ...this.#tracker.strays(symbol)].filter(
        ({ clientOrderId }) => !this.isInFlight(clientOrderId),
      ),
    );
  }

  async #place(wanted: OrderIntent): Promise<PlaceResult> {
    const known = this.#tracker.order(wanted.clientOrderId);
    if (known !== undefined) return { outcome: 'known', order: known };
    const refusal = this.#admission.refusal(wanted);
    if (refusal !== null) return { outcome: 'refused', order: null, ...refusal };
    if (isClose(wanted)) this.#options.onClosing(wanted.symbol);
    if (!isClose(wanted) || !this.entriesAlive(wanted.symbol)) {
      return this.#sender.send(wanted, { emergency: false });
    }
    const { symbol } = wanted;
    // A strategy's sale of a part is of that part, whatever else fills; anything else is to leave nothing over.
    const part = wanted.purpose === 'exit' && wanted.amount.lt(this.#allHeld(symbol)) ? wanted.amount : null;
    this.#reserved.add(wanted.clientOrderId);
    try {
      // Else what it goes on to buy would be left over, with nobody to close it.
      await this.withdrawEntries(symbol);
      const held = this.#allHeld(symbol);
      const intent = { ...wanted, amount: part === null || part.gt(held) ? held : part };
      const changed = this.#admission.refusal(intent);
      if (changed !== null) return { outcome: 'refused', order: null, ...changed };
      return await this.#sender.send(intent, { emergency: false });
    } finally {
      this.#reserved.delete(wanted.clientOrderId);
    }
  }

  /** What an order can close of a symbol: in whole lots, where the venue still tells of them. */
  #allHeld(symbol: string): BaseAmount {
    const lotSize = this.#options.instruments(symbol)?.lotSize;
    const held = absolute(this.heldUnits(symbol));
    return lotSize === undefined ? held : floorTo(held, lotSize);
  }

  #onFault(message: string | null): void {
    if (message !== null) this.#ledgerRetry.begin('ledger');
    this.#options.onFault(message);
  }

  #onEvent(event: VenueEvent): void {
    switch (event.kind) {
      case 'fill':
        this.inquiry.count(event.fill);
        this.#pursueDoubt(event.fill.symbol);
        break;
      case 'order':
        if (!this.inquiry.hear(event.order)) void this.#watch(this.inquiry.learn(event.order));
        this.#pursueDoubt(event.order.symbol);
        break;
      case 'account':
        this.tell(event.event);
        break;
      case 'connection':
        // Whoever wires execution reconciles when a connection is back.
        break;
    }
  }

  #pursueDoubt(symbol: string): void {
    if (this.#trust.isFrozen(symbol)) this.#doubts.hurry(symbol);
  }

  #watch<T>(work: Promise<T>): Promise<T> {
    this.#pending.add(work);
    const done = (): void => {
      this.#pending.delete(work);
    };
    work.then(done, done);
    return work;
  }
}

function isEntry({ purpose }: Order): boolean {
  return purpose === 'entry';
}
