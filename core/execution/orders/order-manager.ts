import {
  type AccountEvent,
  absolute,
  add,
  type BaseAmount,
  type ClientOrderId,
  type Clocks,
  type Disposer,
  type Exchange,
  type Fill,
  faultOf,
  floorTo,
  isFinal,
  type Logger,
  type Order,
  type OrderGate,
  type OrderIntent,
  type OrderLedger,
  refOf,
  remainingOf,
  sum,
  type Timers,
  type VenueEvent,
  type VenueOrder,
  ZERO_BASE,
} from '../../domain/index.ts';
import type { ClientOrderIds } from './client-order-id.ts';
import { type ExecutionListener, OrderTracker } from './order-tracker.ts';
import { Pursuit } from './pursuit.ts';
import { SymbolTrust } from './symbol-trust.ts';
import { type PositionReader, VenueInquiry } from './venue-inquiry.ts';

export interface OrderManagerOptions extends ExecutionListener {
  readonly exchange: Exchange;
  readonly ledger: OrderLedger;
  /** Every fill of the ledger, where the caller has read them already. */
  readonly fills?: Iterable<Fill>;
  readonly gate: OrderGate;
  readonly positions: PositionReader;
  readonly ids: ClientOrderIds;
  readonly clocks: Clocks;
  readonly timers: Timers;
  readonly log: Logger;
  readonly fillOverlapMs?: number;
}

/** What is to be placed; the manager adds the moment. */
export type PlaceRequest = Omit<OrderIntent, 'createdAt'>;

/**
 * `placed`: the venue has it. `known`: this id was placed before, nothing was sent. `rejected`: the venue does
 * not want it. `unknown`: the venue may or may not have it, and its symbol is frozen. `refused`: it never left;
 * `code` is the manager's or the gate's, `order` is there when its intent had been written.
 */
export type PlaceResult =
  | { readonly outcome: 'placed' | 'known' | 'rejected' | 'unknown'; readonly order: Order }
  | ({ readonly outcome: 'refused'; readonly order: Order | null } & Refusal);

export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/**
 * `ended`: the order is finished and its fills are counted. `working`: the venue still works it. `unknown`: the
 * venue did not say, and the symbol is frozen. `not-found`: there is no such order here.
 */
export type CancelOutcome = 'ended' | 'working' | 'unknown' | 'not-found';

/** How long to wait before each further question about what is in doubt. */
const DOUBT_PAUSES_MS = [250, 500, 1_000, 2_000, 2_500] as const;

/**
 * Sends orders so that none is lost and none is sent twice: the intent is written before anything leaves, only a
 * positive venue answer changes an order's state, and doubt keeps positions from growing in its symbol until the venue
 * has answered, which is asked for at once. What reduces units that are surely held goes on meanwhile.
 */
export class OrderManager {
  /** Asks the venue, for reconciliation. */
  readonly inquiry: VenueInquiry;
  readonly #exchange: Exchange;
  readonly #clocks: Clocks;
  readonly #gate: OrderGate;
  readonly #log: Logger;
  readonly #positions: PositionReader;
  readonly #tracker: OrderTracker;
  readonly #trust = new SymbolTrust();
  readonly #doubts: Pursuit;
  readonly #submitting = new Map<ClientOrderId, Promise<unknown>>();
  readonly #cancelling = new Map<ClientOrderId, Promise<CancelOutcome>>();
  readonly #pending = new Set<Promise<unknown>>();
  readonly #stopListening: Disposer;

  /** Orders that an earlier process left between intent and answer freeze their symbols until `resolve`. */
  constructor(options: OrderManagerOptions) {
    const { exchange, clocks, gate, log, positions } = options;
    this.#exchange = exchange;
    this.#clocks = clocks;
    this.#gate = gate;
    this.#log = log;
    this.#positions = positions;
    this.#tracker = new OrderTracker({ ...options, clock: clocks.market });
    this.inquiry = new VenueInquiry({ ...options, tracker: this.#tracker, trust: this.#trust });
    this.#doubts = new Pursuit({
      ...options,
      goal: 'asking about what is in doubt',
      attempt: (symbol) => this.#resolve(symbol),
      pausesMs: DOUBT_PAUSES_MS,
    });
    for (const { symbol, status, clientOrderId } of this.#tracker.unfinished()) {
      if (status === 'OPEN' || status === 'PARTIALLY_FILLED') continue;
      this.#trust.freeze(symbol, `order ${clientOrderId} was ${status} when the program last ended`);
    }
    this.#stopListening = exchange.onEvent((event) => this.#onEvent(event));
  }

  /** Stops listening to the venue and asking about doubts. */
  close(): void {
    this.#stopListening();
    this.#doubts.close();
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

  /** Whose the order is that the venue speaks of; undefined when it is nobody's here. */
  ownerOf(told: VenueOrder): Order | undefined {
    return this.#tracker.ownerOf(told);
  }

  /** Grows with every fill recorded: tells whether something happened while the venue was being asked. */
  get revision(): number {
    return this.#tracker.revision;
  }

  /** Whether a call about this order is on its way, so that the venue's view of it may be out of date. */
  isInFlight(id: ClientOrderId): boolean {
    return this.#submitting.has(id) || this.#cancelling.has(id);
  }

  /** Whether anything of a symbol could still open a position: its entries may be working, on their way or in doubt. */
  entriesAlive(symbol: string): boolean {
    return this.#tracker.unfinished(symbol).some(({ purpose }) => purpose === 'entry');
  }

  /**
   * The signed units that are surely held: the position, and what entries have filled according to the venue though
   * their fills are not told yet.
   */
  heldUnits(symbol: string): BaseAmount {
    return add(this.#positions.position(symbol).quantity, this.#tracker.untoldUnits(symbol));
  }

  /**
   * Places an order. Synchronous up to the exchange's `submit`, so that a stop placed from `onFill` is at the
   * venue before that fill's announcement ends; the exceptions are a close whose symbol has entries that must be
   * withdrawn first, and a spot close, whose stops must first let go of the coins.
   */
  place(request: PlaceRequest): Promise<PlaceResult> {
    return this.#watch(this.#place({ ...request, createdAt: this.#clocks.market.now() }));
  }

  /** Sends a close of the emergency stop, whatever the books say, and also while they cannot be written. */
  placeEmergency(intent: OrderIntent): Promise<PlaceResult> {
    this.#tracker.begin(intent);
    return this.#watch(this.#send(intent));
  }

  /** Cancels an order, then fetches its fills: what was cancelled may have filled. */
  cancel(id: ClientOrderId): Promise<CancelOutcome> {
    const running = this.#cancelling.get(id);
    if (running !== undefined) return running;
    const cancelling = this.#cancel(id).finally(() => this.#cancelling.delete(id));
    this.#cancelling.set(id, cancelling);
    return this.#watch(cancelling);
  }

  /** Takes back what of a symbol's entries has not filled. */
  async withdrawEntries(symbol: string): Promise<void> {
    const entries = this.#tracker.unfinished(symbol).filter(({ purpose }) => purpose === 'entry');
    await Promise.all(entries.map(({ clientOrderId }) => this.cancel(clientOrderId)));
  }

  /** Asks the venue once about every frozen symbol. @returns the symbols still frozen, with the reason. */
  async resolve(): Promise<ReadonlyMap<string, string>> {
    for (const symbol of [...this.#trust.frozen().keys()]) {
      try {
        await this.#watch(this.#resolve(symbol));
      } catch (error) {
        this.#log.warn({ symbol, error }, `the venue did not answer: ${symbol} stays frozen`);
      }
    }
    return this.#trust.frozen();
  }

  #resolve(symbol: string): Promise<boolean> {
    const orders = this.#tracker
      .unfinished(symbol)
      .filter(({ clientOrderId }) => !this.isInFlight(clientOrderId));
    return this.inquiry.resolve(symbol, orders);
  }

  async #place(wanted: OrderIntent): Promise<PlaceResult> {
    const known = this.#tracker.order(wanted.clientOrderId);
    if (known !== undefined) return { outcome: 'known', order: known };
    const refusal = this.#refusal(wanted);
    if (refusal !== null) return { outcome: 'refused', order: null, ...refusal };
    let intent = wanted;
    if (isClose(wanted) && this.entriesAlive(wanted.symbol)) {
      // Else what it goes on to buy would be left over, with nobody to close it.
      await this.withdrawEntries(wanted.symbol);
      intent = this.#grown(wanted);
      const changed = this.#refusal(intent);
      if (changed !== null) return { outcome: 'refused', order: null, ...changed };
    }
    if (!this.#tracker.begin(intent)) return { outcome: 'refused', order: null, ...this.#ledgerFailed() };
    const stops = this.#stopsHoldingCoins(intent);
    if (stops.length > 0) {
      const outcomes = await Promise.all(stops.map(({ clientOrderId }) => this.cancel(clientOrderId)));
      const obstacle = stillHolding(outcomes) ?? this.#doubt(intent) ?? this.#obstacle(intent);
      if (obstacle !== null) return this.#withdraw(intent, obstacle);
    }
    return this.#send(intent);
  }

  /** A close covers what its symbol's entries filled until they were withdrawn. */
  #grown(close: OrderIntent): OrderIntent {
    const instrument = this.#exchange.instrument(close.symbol);
    const held = absolute(this.heldUnits(close.symbol));
    const amount = instrument === undefined ? held : floorTo(held, instrument.lotSize);
    return amount.gt(close.amount) ? { ...close, amount } : close;
  }

  async #send(intent: OrderIntent): Promise<PlaceResult> {
    const id = intent.clientOrderId;
    const gate = this.#gate.mayLeave(intent);
    if (!gate.allowed) return this.#withdraw(intent, gate);
    if (!this.#tracker.markSent(id)) return this.#withdraw(intent, this.#ledgerFailed());
    let answer: VenueOrder | undefined;
    try {
      const submitting = this.#exchange.submit(intent);
      this.#submitting.set(id, submitting);
      answer = await submitting;
    } catch (error) {
      this.#submitFailed(intent, error);
    } finally {
      this.#submitting.delete(id);
    }
    if (answer !== undefined) await this.inquiry.learn(answer);
    return this.#resultOf(intent);
  }

  #resultOf({ clientOrderId, symbol }: OrderIntent): PlaceResult {
    const order = this.#tracker.order(clientOrderId);
    if (order === undefined) throw new RangeError(`order ${clientOrderId} of ${symbol} was never begun`);
    const { status } = order;
    if (status === 'UNKNOWN' || status === 'SENT') return { outcome: 'unknown', order };
    return { outcome: status === 'REJECTED' ? 'rejected' : 'placed', order };
  }

  /** Only an answer that the venue surely gave before acting is a rejection; everything else is doubt. */
  #submitFailed({ clientOrderId: id, symbol }: OrderIntent, error: unknown): void {
    const reason = reasonOf(error);
    const fault = faultOf(error);
    // The venue told of the order by another way meanwhile: that is its answer.
    if (this.#tracker.order(id)?.status !== 'SENT') return;
    if (fault === 'uncertain' || fault === 'unavailable') {
      this.#tracker.move(id, 'UNKNOWN', { reason });
      this.#doubtAbout(symbol, `the venue did not answer for order ${id}: ${reason}`);
      return;
    }
    this.#log.warn({ symbol, clientOrderId: id, fault }, `order rejected: ${reason}`);
    this.#tracker.move(id, 'REJECTED', { reason });
  }

  async #cancel(id: ClientOrderId): Promise<CancelOutcome> {
    // A cancel that overtakes its order finds nothing at the venue, and the order works on.
    await Promise.allSettled([this.#submitting.get(id)]);
    const order = this.#tracker.order(id);
    if (order === undefined) return 'not-found';
    if (isFinal(order.status)) return 'ended';
    let answer: VenueOrder;
    try {
      answer = await this.#exchange.cancel(refOf(order));
    } catch (error) {
      const fault = faultOf(error);
      if (fault === 'rate-limited' || fault === 'unauthorised') return 'working';
      // Also a refusal: "unknown order" may mean filled, and may mean not there yet.
      return this.#cancelInDoubt(order, error);
    }
    return this.#afterCancel(order, answer);
  }

  async #afterCancel(order: Order, answer: VenueOrder): Promise<CancelOutcome> {
    const told = await this.inquiry.learn(answer, 'always');
    const { status } = this.#tracker.order(order.clientOrderId) ?? order;
    if (told) return isFinal(status) ? 'ended' : 'working';
    this.#doubts.begin(order.symbol);
    return 'unknown';
  }

  async #cancelInDoubt(order: Order, error: unknown): Promise<CancelOutcome> {
    const lookup = await this.#exchange.order(refOf(order)).catch(() => null);
    if (faultOf(error) === 'rejected' && lookup?.kind === 'found')
      return this.#afterCancel(order, lookup.order);
    const reason = reasonOf(error);
    this.#doubtAbout(
      order.symbol,
      `the venue did not answer for the cancel of ${order.clientOrderId}: ${reason}`,
    );
    return 'unknown';
  }

  #doubtAbout(symbol: string, reason: string): void {
    this.inquiry.doubt(symbol, reason);
    this.#doubts.begin(symbol);
  }

  /** Why an order must not be sent now, or null. */
  #refusal(intent: OrderIntent): Refusal | null {
    const { symbol, purpose, reduceOnly } = intent;
    if (purpose !== 'entry' && !reduceOnly) {
      return { code: 'not-reduce-only', message: `an order for ${purpose} must be reduce-only` };
    }
    const doubt = this.#doubt(intent);
    if (doubt !== null) return doubt;
    if (isClose(intent) && this.#tracker.unfinished(symbol).some(isClose)) {
      return { code: 'close-in-flight', message: `a close of ${symbol} is already on its way` };
    }
    return reduceOnly ? this.#obstacle(intent) : null;
  }

  /** What is not known well enough to send an order, or null. */
  #doubt(intent: OrderIntent): Refusal | null {
    const { symbol, reduceOnly } = intent;
    const { trust, reason } = this.#trust.of(symbol);
    if (reduceOnly) return trust === 'frozen' ? this.#doubtOfReducing(intent, reason) : null;
    if (trust === 'frozen') return { code: 'symbol-frozen', message: `${symbol} is frozen: ${reason}` };
    if (trust === 'reducing-only') return { code: 'position-differs', message: reason };
    return null;
  }

  /** In doubt an order reduces units that are surely held, beside whatever else may reduce them already. */
  #doubtOfReducing({ symbol, amount, clientOrderId }: OrderIntent, reason: string): Refusal | null {
    const inDoubt = this.#tracker
      .unfinished(symbol)
      .filter((order) => order.reduceOnly && order.clientOrderId !== clientOrderId)
      .filter(({ status }) => status === 'SENT' || status === 'UNKNOWN');
    const spoken = sum(ZERO_BASE, inDoubt.map(remainingOf));
    if (add(spoken, amount).lte(absolute(this.heldUnits(symbol)))) return null;
    return { code: 'symbol-frozen', message: `${symbol} is frozen: ${reason}` };
  }

  /** Why a reducing order would not reduce, or null. */
  #obstacle({ symbol, side, amount }: OrderIntent): Refusal | null {
    const held = this.heldUnits(symbol);
    const reduces = !held.isZero() && held.isPositive() === (side === 'sell');
    if (!reduces)
      return { code: 'nothing-to-reduce', message: `${symbol} has no position that this order reduces` };
    if (absolute(held).gte(amount)) return null;
    return { code: 'position-changed', message: `the position in ${symbol} is smaller than the order` };
  }

  /** On a spot market a resting stop holds the coins that a close must sell. */
  #stopsHoldingCoins(intent: OrderIntent): readonly Order[] {
    const isSpot = this.#exchange.instrument(intent.symbol)?.kind === 'spot';
    if (!isSpot || !isClose(intent)) return [];
    return this.#tracker.unfinished(intent.symbol).filter(({ type }) => type === 'stop');
  }

  #ledgerFailed(): Refusal {
    return { code: 'ledger-failed', message: String(this.#tracker.fault) };
  }

  #withdraw(intent: OrderIntent, { code, message }: Refusal): PlaceResult {
    this.#tracker.move(intent.clientOrderId, 'CANCELED', { reason: message });
    return { outcome: 'refused', code, message, order: this.#tracker.order(intent.clientOrderId) ?? null };
  }

  #onEvent(event: VenueEvent): void {
    switch (event.kind) {
      case 'fill':
        this.inquiry.count(event.fill);
        this.#pursueDoubt(event.fill.symbol);
        break;
      case 'order':
        this.#onOrderTold(event.order);
        break;
      case 'account':
        this.tell(event.event);
        break;
      case 'connection':
        // Whoever wires execution reconciles when a connection is back.
        break;
    }
  }

  /** Takes money that moved by another way than a fill into the books, once. */
  tell(event: AccountEvent): void {
    this.#tracker.countAccountEvent(event);
  }

  #onOrderTold(order: VenueOrder): void {
    if (!this.#tracker.fillsMissing(order)) {
      this.#tracker.settle(order);
      return;
    }
    const learning = this.inquiry.learn(order).then(() => this.#pursueDoubt(order.symbol));
    void this.#watch(learning);
  }

  #pursueDoubt(symbol: string): void {
    if (this.#trust.of(symbol).trust === 'frozen') this.#doubts.begin(symbol);
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

/** An order that closes a position at the market, for whatever reason; a stop only waits to. */
export function isClose({ purpose, type }: Pick<OrderIntent, 'purpose' | 'type'>): boolean {
  return purpose !== 'entry' && type !== 'stop';
}

/** A stop that the venue did not surely let go of keeps the coins, or has sold them. */
function stillHolding(outcomes: readonly CancelOutcome[]): Refusal | null {
  if (!outcomes.includes('working') && !outcomes.includes('unknown')) return null;
  return { code: 'stop-holds-coins', message: 'the venue has not cancelled the stop that holds the coins' };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
