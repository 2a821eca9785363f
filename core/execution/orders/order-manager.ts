import {
  absolute,
  type ClientOrderId,
  type Clock,
  type Disposer,
  type Exchange,
  isFinal,
  type Logger,
  type Order,
  type OrderGate,
  type OrderIntent,
  type OrderLedger,
  VenueError,
  type VenueEvent,
  type VenueOrder,
} from '../../domain/index.ts';
import { type ExecutionListener, OrderTracker } from './order-tracker.ts';
import { SymbolTrust } from './symbol-trust.ts';
import { type PositionReader, VenueInquiry, type VenueInquiryOptions } from './venue-inquiry.ts';

export interface OrderManagerOptions
  extends Omit<VenueInquiryOptions, 'tracker' | 'trust'>,
    Pick<ExecutionListener, 'onFill' | 'onOrder'>,
    Partial<Pick<ExecutionListener, 'onFault'>> {
  readonly ledger: OrderLedger;
  readonly gate: OrderGate;
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

/**
 * Sends orders so that none is lost and none is sent twice: the intent is durable before anything leaves, only a
 * positive venue answer changes an order's state, and doubt about one freezes its symbol until the venue has
 * answered for orders, fills and position.
 */
export class OrderManager {
  /** Asks the venue, for reconciliation. */
  readonly inquiry: VenueInquiry;
  readonly #exchange: Exchange;
  readonly #clock: Clock;
  readonly #gate: OrderGate;
  readonly #log: Logger;
  readonly #positions: PositionReader;
  readonly #tracker: OrderTracker;
  readonly #trust = new SymbolTrust();
  readonly #submitting = new Map<ClientOrderId, Promise<unknown>>();
  readonly #cancelling = new Map<ClientOrderId, Promise<CancelOutcome>>();
  readonly #pending = new Set<Promise<unknown>>();
  readonly #stopListening: Disposer;

  /** Orders that an earlier process left between intent and answer freeze their symbols until `resolve`. */
  constructor(options: OrderManagerOptions) {
    const { exchange, ledger, clock, gate, log, positions, onFill, onOrder, onFault } = options;
    this.#exchange = exchange;
    this.#clock = clock;
    this.#gate = gate;
    this.#log = log;
    this.#positions = positions;
    this.#tracker = new OrderTracker({
      ledger,
      clock,
      log,
      onFill,
      onOrder,
      onFault: (message) => onFault?.(message),
    });
    this.inquiry = new VenueInquiry({ ...options, tracker: this.#tracker, trust: this.#trust });
    for (const { symbol, status, clientOrderId } of this.#tracker.unfinished()) {
      if (status === 'OPEN' || status === 'PARTIALLY_FILLED') continue;
      this.#trust.freeze(symbol, `order ${clientOrderId} was ${status} when the program last ended`);
    }
    this.#stopListening = exchange.onEvent((event) => this.#onEvent(event));
  }

  /** Stops listening to the venue. */
  close(): void {
    this.#stopListening();
  }

  /** Why nothing is sent any more, or null. Set for good when the ledger fails. */
  get fault(): string | null {
    return this.#tracker.fault;
  }

  /** Whether a conversation with the venue is under way. */
  get busy(): boolean {
    return this.#pending.size > 0;
  }

  /** Resolves when none is under way any more. */
  async idle(): Promise<void> {
    while (this.busy) await Promise.allSettled(this.#pending);
  }

  /** Symbols on which nothing is sent, with the reason. */
  frozenSymbols(): ReadonlyMap<string, string> {
    return this.#trust.frozen();
  }

  /** Symbols on which only reducing orders are sent, because the venue's position is not ours; with the reason. */
  differingSymbols(): ReadonlyMap<string, string> {
    return this.#trust.reducingOnly();
  }

  /** Notes that the venue's position differs from ours, or (null) no longer does. */
  positionDiffers(symbol: string, reason: string | null): void {
    this.#trust.differs(symbol, reason);
  }

  /** Orders without a final status, oldest first. */
  unfinished(symbol?: string): readonly Order[] {
    return this.#tracker.unfinished(symbol);
  }

  order(id: ClientOrderId): Order | undefined {
    return this.#tracker.order(id);
  }

  /** Grows with every fill recorded: tells whether something happened while the venue was being asked. */
  get revision(): number {
    return this.#tracker.revision;
  }

  /** Whether a call about this order is on its way, so that the venue's view of it may be out of date. */
  isInFlight(id: ClientOrderId): boolean {
    return this.#submitting.has(id) || this.#cancelling.has(id);
  }

  /**
   * Places an order. Synchronous up to the exchange's `submit`, so that a stop placed from `onFill` is at the
   * venue before that fill's announcement ends; the exception is a spot exit, whose stops must first let go of
   * the coins.
   */
  place(request: PlaceRequest): Promise<PlaceResult> {
    return this.#watch(this.#place({ ...request, createdAt: this.#clock.now() }));
  }

  /** Cancels an order, then fetches its fills: what was cancelled may have filled. */
  cancel(id: ClientOrderId): Promise<CancelOutcome> {
    const running = this.#cancelling.get(id);
    if (running !== undefined) return running;
    const cancelling = this.#cancel(id).finally(() => this.#cancelling.delete(id));
    this.#cancelling.set(id, cancelling);
    return this.#watch(cancelling);
  }

  /** Asks the venue about every frozen symbol. @returns the symbols still frozen, with the reason. */
  async resolve(): Promise<ReadonlyMap<string, string>> {
    for (const symbol of [...this.#trust.frozen().keys()]) {
      const orders = this.#tracker
        .unfinished(symbol)
        .filter((order) => !this.isInFlight(order.clientOrderId));
      await this.#watch(this.inquiry.resolve(symbol, orders));
    }
    return this.#trust.frozen();
  }

  async #place(intent: OrderIntent): Promise<PlaceResult> {
    const known = this.#tracker.order(intent.clientOrderId);
    if (known !== undefined) return { outcome: 'known', order: known };
    const refusal = this.#refusal(intent);
    if (refusal !== null) return { outcome: 'refused', order: null, ...refusal };
    if (!this.#tracker.begin(intent)) return { outcome: 'refused', order: null, ...this.#ledgerFailed() };
    const stops = this.#stopsHoldingCoins(intent);
    if (stops.length > 0) {
      const outcomes = await Promise.all(stops.map(({ clientOrderId }) => this.cancel(clientOrderId)));
      const obstacle = this.#doubt(intent) ?? stillHolding(outcomes) ?? this.#obstacle(intent);
      if (obstacle !== null) return this.#withdraw(intent, obstacle);
    }
    return this.#send(intent);
  }

  async #send(intent: OrderIntent): Promise<PlaceResult> {
    const id = intent.clientOrderId;
    const gate = this.#gate.mayLeave(intent);
    if (!gate.allowed) return this.#withdraw(intent, gate);
    if (!this.#tracker.move(id, 'SENT')) return this.#withdraw(intent, this.#ledgerFailed());
    try {
      const submitting = this.#exchange.submit(intent);
      this.#submitting.set(id, submitting);
      const answer = await submitting;
      // What fails from here on is not the submit: the venue has the order.
      await this.inquiry.learn(answer);
    } catch (error) {
      this.#submitFailed(intent, error);
    } finally {
      this.#submitting.delete(id);
    }
    return this.#resultOf(intent);
  }

  #resultOf(intent: OrderIntent): PlaceResult {
    const order = this.#tracker.order(intent.clientOrderId);
    if (order === undefined) return { outcome: 'refused', order: null, ...this.#ledgerFailed() };
    const { status } = order;
    if (status === 'UNKNOWN' || status === 'SENT') return { outcome: 'unknown', order };
    return { outcome: status === 'REJECTED' ? 'rejected' : 'placed', order };
  }

  /** Only an answer that the venue surely gave before acting is a rejection; everything else is doubt. */
  #submitFailed(intent: OrderIntent, error: unknown): void {
    const id = intent.clientOrderId;
    const reason = error instanceof Error ? error.message : String(error);
    const fault = error instanceof VenueError ? error.fault : 'uncertain';
    // The venue told of the order by another way meanwhile: that is its answer.
    if (this.#tracker.order(id)?.status !== 'SENT') return;
    if (fault === 'uncertain' || fault === 'unavailable') {
      this.#tracker.move(id, 'UNKNOWN', { reason });
      this.inquiry.doubt(intent.symbol, `the venue did not answer for order ${id}: ${reason}`);
      return;
    }
    this.#log.warn({ symbol: intent.symbol, clientOrderId: id, fault }, `order rejected: ${reason}`);
    this.#tracker.move(id, 'REJECTED', { reason });
  }

  async #cancel(id: ClientOrderId): Promise<CancelOutcome> {
    // A cancel that overtakes its order finds nothing at the venue, and the order works on.
    await Promise.allSettled([this.#submitting.get(id)]);
    const order = this.#tracker.order(id);
    if (order === undefined) return 'not-found';
    if (isFinal(order.status)) return 'ended';
    let answer: VenueOrder | null;
    try {
      answer = await this.#exchange.cancel(order.symbol, id);
    } catch (error) {
      const fault = error instanceof VenueError ? error.fault : 'uncertain';
      if (fault === 'rate-limited' || fault === 'unauthorised') return 'working';
      if (fault !== 'rejected') return this.#cancelInDoubt(order, error);
      // "Unknown order" may mean filled: ask before believing anything.
      answer = await this.#exchange.order(order.symbol, id).catch(() => null);
      if (answer === null) return this.#cancelInDoubt(order, error);
    }
    if (!(await this.inquiry.learn(answer, 'always'))) return 'unknown';
    const after = this.#tracker.order(id);
    return after !== undefined && isFinal(after.status) ? 'ended' : 'working';
  }

  #cancelInDoubt(order: Order, error: unknown): CancelOutcome {
    const reason = error instanceof Error ? error.message : String(error);
    this.inquiry.doubt(
      order.symbol,
      `the venue did not answer for the cancel of ${order.clientOrderId}: ${reason}`,
    );
    return 'unknown';
  }

  /** Why an order must not be sent now, or null. */
  #refusal(intent: OrderIntent): Refusal | null {
    const { symbol, purpose, reduceOnly } = intent;
    if (purpose !== 'entry' && !reduceOnly) {
      return { code: 'not-reduce-only', message: `an order for ${purpose} must be reduce-only` };
    }
    const doubt = this.#doubt(intent);
    if (doubt !== null) return doubt;
    const closing = this.#tracker.unfinished(symbol).some((order) => order.purpose === 'exit');
    if (closing && purpose === 'exit') {
      return { code: 'close-in-flight', message: `a close of ${symbol} is already on its way` };
    }
    return reduceOnly ? this.#obstacle(intent) : null;
  }

  /** What is not known well enough to send an order, or null. */
  #doubt({ symbol, reduceOnly }: OrderIntent): Refusal | null {
    if (this.#tracker.fault !== null) return this.#ledgerFailed();
    const { trust, reason } = this.#trust.of(symbol);
    if (trust === 'frozen') return { code: 'symbol-frozen', message: `${symbol} is frozen: ${reason}` };
    if (trust === 'reducing-only' && !reduceOnly) return { code: 'position-differs', message: reason };
    return null;
  }

  /** Why a reducing order would not reduce, or null. */
  #obstacle({ symbol, side, amount }: OrderIntent): Refusal | null {
    const { quantity } = this.#positions.position(symbol);
    const reduces = !quantity.isZero() && quantity.isPositive() === (side === 'sell');
    if (!reduces)
      return { code: 'nothing-to-reduce', message: `${symbol} has no position that this order reduces` };
    if (absolute(quantity).gte(amount)) return null;
    return { code: 'position-changed', message: `the position in ${symbol} is smaller than the order` };
  }

  /** On a spot market a resting stop holds the coins that an exit must sell. */
  #stopsHoldingCoins(intent: OrderIntent): readonly Order[] {
    const spot = this.#exchange.instrument(intent.symbol).kind === 'spot';
    if (!spot || intent.purpose === 'entry' || intent.purpose === 'protection') return [];
    return this.#tracker.unfinished(intent.symbol).filter(({ purpose }) => purpose === 'protection');
  }

  #ledgerFailed(): Refusal {
    return { code: 'ledger-failed', message: String(this.#tracker.fault) };
  }

  #withdraw(intent: OrderIntent, { code, message }: Refusal): PlaceResult {
    this.#tracker.move(intent.clientOrderId, 'CANCELED', { reason: message });
    return { outcome: 'refused', code, message, order: this.#tracker.order(intent.clientOrderId) ?? null };
  }

  #onEvent(event: VenueEvent): void {
    if (event.kind === 'fill') {
      this.#tracker.count(event.fill);
      return;
    }
    if (!this.#tracker.fillsMissing(event.order)) {
      this.#tracker.settle(event.order);
      return;
    }
    void this.#watch(this.inquiry.learn(event.order));
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

/** A stop that the venue did not let go of keeps the coins. */
function stillHolding(outcomes: readonly CancelOutcome[]): Refusal | null {
  if (!outcomes.includes('working')) return null;
  return { code: 'stop-holds-coins', message: 'the venue has not cancelled the stop that holds the coins' };
}
