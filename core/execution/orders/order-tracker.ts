import type { OrderStatus } from '../../contract/index.ts';
import {
  type AccountEvent,
  applyFillToOrder,
  applyOrderEvent,
  type BaseAmount,
  type ClientOrderId,
  type Clock,
  type Fill,
  isFinal,
  type Logger,
  mayFollow,
  negate,
  newOrder,
  type Order,
  type OrderEvent,
  type OrderIntent,
  type OrderLedger,
  type OrderRef,
  refOf,
  sum,
  type UtcMs,
  type VenueFill,
  type VenueOrder,
  type VenueProfile,
  ZERO_BASE,
} from '../../domain/index.ts';
import type { FillNotes } from './fill-notes.ts';
import { faultOfAccountEvent, faultOfFill } from './impossible.ts';
import { KnownOrders, type Tracked } from './known-orders.ts';
import { LedgerJournal } from './ledger-journal.ts';
import { OrderNames, type Told } from './order-names.ts';
import { TradeRecord } from './trade-record.ts';
import { UntoldFills } from './untold-fills.ts';

/** Who hears of what has been recorded. Called synchronously, after the ledger has it or will as soon as it can. */
export interface ExecutionListener {
  onFill(fill: Fill): void;
  onOrder(order: Order): void;
  onAccountEvent(event: AccountEvent): void;
  /** The ledger fails: no position is opened or enlarged. Null: it holds everything again. */
  onFault(message: string | null): void;
}

export interface OrderTrackerOptions extends ExecutionListener {
  readonly ledger: OrderLedger;
  /** What is to be known of every fill of the ledger, where the caller has gone through them already. */
  readonly recorded?: FillNotes;
  /** Why what was to be written before an entry, for what it is made say, is not; null: it is. Default: it always is. */
  readonly unwritten?: () => string | null;
  readonly clock: Clock;
  readonly log: Logger;
  readonly profile: Pick<VenueProfile, 'stopsBecomeOrders'>;
  /** The venue says that an entry of this symbol has filled more than its fills tell so far. */
  readonly onUntold: (symbol: string) => void;
}

/**
 * `counted`; `known`: it was before; `whose`: of an order that nobody here knows; `late`: counted, and its order had
 * ended here without it.
 */
export type CountResult = 'counted' | 'known' | 'whose' | 'late';

/** So long fills are looked for of an order that counts as cancelled: the venue may only have been silent about it. */
const MAY_BE_MISSING_MS = 86_400_000;

/**
 * What is known of our orders: the ledger, with the orders of this run at hand. Every change is written down before it
 * is announced, or kept for the ledger while that fails.
 */
export class OrderTracker {
  /** Trades and account events that have been counted. */
  readonly record: TradeRecord;
  readonly #journal: LedgerJournal;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #options: OrderTrackerOptions;
  readonly #orders: KnownOrders;
  /** Orders that have ended here and that the venue has spoken of since as if they had not. */
  readonly #strays = new Map<ClientOrderId, OrderRef>();
  readonly #names = new OrderNames();
  /** Intents of which nothing has been written down. */
  readonly #begun = new Map<ClientOrderId, OrderIntent>();
  readonly #untold: UntoldFills;
  #revision = 0;

  constructor(options: OrderTrackerOptions) {
    const { ledger, log, clock } = options;
    this.#options = options;
    this.#clock = clock;
    this.#log = log;
    this.#untold = new UntoldFills(options.profile);
    this.#journal = new LedgerJournal({ ledger, log, onFault: (message) => options.onFault(message) });
    this.#orders = new KnownOrders(ledger, log);
    for (const order of ledger.unfinishedOrders()) this.#keep(order);
    this.record = new TradeRecord({ ledger, recorded: options.recorded, now: clock.now() });
  }

  /** Why no position is opened or enlarged, or null. */
  get fault(): string | null {
    return this.#journal.fault;
  }

  /** Whether the ledger holds everything. */
  get isDurable(): boolean {
    return this.#journal.behind === 0;
  }

  /** Writes down what the ledger did not take so far. @returns whether it holds everything. */
  retryLedger(): boolean {
    return this.#journal.retry();
  }

  /** Grows with everything recorded: tells whether something happened while the venue was being asked. */
  get revision(): number {
    return this.#revision;
  }

  /** Orders without a final status, oldest first. */
  unfinished(symbol?: string): readonly Order[] {
    return this.#orders.unfinished(symbol);
  }

  /** From when on fills of a symbol may be missing whose order counts as cancelled; infinity when none does. */
  mayBeMissingSince(symbol: string): UtcMs {
    return this.#orders.oldestCancelled(symbol, this.#clock.now() - MAY_BE_MISSING_MS);
  }

  order(id: ClientOrderId): Order | undefined {
    return this.#orders.get(id);
  }

  /** Whose the order is that a venue speaks of: by our id, by the venue's, or as the child of one of ours. */
  ownerOf(told: Told): Order | undefined {
    const id = this.#names.ownerOf(told);
    return id === null ? undefined : this.order(id);
  }

  /** Whether the venue has made another order of the one that it speaks of: only that other one tells. */
  isReplaced(order: Order, told: Told): boolean {
    return this.#names.isReplaced(order, told);
  }

  /** The signed amount that entries have surely filled though their fills have not been told yet. */
  untoldUnits(symbol: string): BaseAmount {
    const entries = this.#orders
      .ofSymbol(symbol, this.#untold.orders())
      .filter(({ purpose }) => purpose === 'entry');
    return sum(
      ZERO_BASE,
      entries.map((order) =>
        order.side === 'buy' ? this.#untold.of(order) : negate(this.#untold.of(order)),
      ),
    );
  }

  /** Orders of a symbol that have ended here and may work at the venue. */
  strays(symbol: string): readonly Order[] {
    return this.#orders.ofSymbol(symbol, this.#strays.keys());
  }

  /** Whether the venue has spoken of an order as alive that had ended here. */
  isStray(id: ClientOrderId): boolean {
    return this.#strays.has(id);
  }

  /** Whether an order of this run may still work at the venue. */
  isAlive(id: ClientOrderId): boolean {
    return this.#orders.isUnfinished(id) || this.#strays.has(id);
  }

  /** How the venue finds an order again, by what it last called it. */
  refOf(order: Order): OrderRef {
    const venueOrderId = this.#names.venueIdOf(order);
    return this.#strays.get(order.clientOrderId) ?? { ...refOf(order), venueOrderId };
  }

  /** Takes an intent, to be written down with what becomes of it first: before it leaves that it is sent. */
  begin(intent: OrderIntent): Tracked {
    this.#begun.set(intent.clientOrderId, intent);
    const tracked = this.#keep(newOrder(intent));
    this.#announce(() => this.#options.onOrder(tracked.order));
    return tracked;
  }

  /**
   * Why an order must not leave because of what is not written down; null: it may. What opens a position must be durable
   * before it is sent, with what it is for; what reduces one is not held up by a disk that fails.
   */
  unwritten({ order }: Tracked): string | null {
    if (order.purpose !== 'entry') return null;
    return this.isDurable ? (this.#options.unwritten?.() ?? null) : String(this.fault);
  }

  /** Moves an order to a status. False when that may not follow. */
  move(
    id: ClientOrderId,
    status: OrderStatus,
    details: Pick<OrderEvent, 'venueOrderId' | 'reason'> = {},
  ): boolean {
    const moved = this.#append(id, status, details);
    if (moved !== undefined) this.#announce(() => this.#options.onOrder(moved));
    return moved !== undefined;
  }

  /**
   * Takes note of whose an order is that the venue tells of, and of how much it says is filled.
   *
   * @returns the order of ours; undefined when it is nobody's here, or when another has taken its place.
   */
  hear(answer: VenueOrder): Order | undefined {
    const order = this.ownerOf(answer);
    if (order === undefined) return undefined;
    const { clientOrderId: id, symbol, purpose } = order;
    const isAnother = this.#names.hear(order, answer);
    if (this.#names.isReplaced(order, answer)) return undefined;
    // What was said of the order that this one came from is not what filled.
    if (isAnother) this.#untold.forget(id);
    if (this.#untold.note(order, answer) && purpose === 'entry') {
      this.#announce(() => this.#options.onUntold(symbol));
    }
    return order;
  }

  /** Whether the venue says that more of an order is filled than its fills tell. */
  fillsMissing(id: ClientOrderId): boolean {
    const order = this.order(id);
    return order !== undefined && this.#untold.of(order).gt(0);
  }

  /** No longer expects fills that the venue once spoke of. */
  forgetUntold(id: ClientOrderId): void {
    this.#untold.forget(id);
  }

  /** Takes over what the venue says of an order whose fills are counted. What is older than what is known changes nothing. */
  settle(answer: VenueOrder): void {
    const order = this.ownerOf(answer);
    if (order === undefined || this.#names.isReplaced(order, answer)) return;
    const { clientOrderId: id } = order;
    const { venueOrderId, reason } = answer;
    if (isFinal(answer.status)) this.#strays.delete(id);
    else if (isFinal(order.status)) {
      this.noteStray(id, answer);
      return;
    }
    const isPart = answer.status === 'OPEN' && order.filledAmount.gt(0);
    const status = isPart ? 'PARTIALLY_FILLED' : answer.status;
    if (order.status === status && order.venueOrderId === venueOrderId) return;
    this.move(id, status, { venueOrderId, ...(reason === null ? {} : { reason }) });
  }

  /**
   * The venue speaks of an order as alive that has ended here. What has filled as a whole surely is not, but where the
   * venue knows it as a larger one than the fills told of.
   */
  noteStray(id: ClientOrderId, { symbol, clientOrderId, venueOrderId, type, amount }: VenueOrder): void {
    const order = this.order(id);
    if (order === undefined || !isFinal(order.status)) return;
    if (order.status === 'FILLED' && amount.lte(order.amount)) return;
    this.#keep(order);
    this.#strays.set(id, { symbol, clientOrderId, venueOrderId, type });
  }

  /** An order that has ended here has done so at the venue too. */
  forgetStray(id: ClientOrderId): void {
    this.#strays.delete(id);
  }

  /** Why a fill cannot be, whatever the venue says; null: it can. */
  faultOf(reported: VenueFill): string | null {
    return faultOfFill(reported, this.#filledBy(reported));
  }

  /** Counts a fill, once, whenever it arrives. */
  count(reported: VenueFill): CountResult {
    if (this.record.has(reported)) return 'known';
    const order = this.#filledBy(reported);
    if (order === undefined) return 'whose';
    const { clientOrderId, purpose, status, expected } = order;
    const fill: Fill = {
      ...reported,
      ...{ clientOrderId, purpose },
      ...(expected === undefined ? {} : { expected }),
    };
    const counted = this.#withFill(applyFillToOrder(order, fill), fill);
    const isLate = isFinal(status) && counted.status !== 'FILLED';
    const venueOrderId = reported.venueOrderId ?? this.#names.venueIdOf(order);
    if (isLate) this.#strays.set(clientOrderId, { ...refOf(order), venueOrderId });
    this.#announce(() => this.#options.onFill(fill));
    this.#announce(() => this.#options.onOrder(counted));
    return isLate ? 'late' : 'counted';
  }

  /** Records a fill that no order of ours made. */
  countExternal(reported: VenueFill): void {
    const { symbol, tradeId } = reported;
    if (this.record.has(reported)) return;
    const fill: Fill = { ...reported, clientOrderId: null, purpose: 'external' };
    this.#log.warn({ symbol, tradeId }, 'a fill of an order that is not ours');
    this.#recordFill(fill);
    this.#announce(() => this.#options.onFill(fill));
  }

  /** Records money that moved by another way than a fill, once. */
  countAccountEvent(told: AccountEvent): void {
    const fault = faultOfAccountEvent(told);
    if (fault !== null) {
      this.#log.error({ event: told.id }, `the venue tells of a movement of money that cannot be: ${fault}`);
      return;
    }
    // The ledger keeps whole milliseconds.
    const event = { ...told, time: Math.floor(told.time) };
    if (!this.record.noteAccountEvent(event)) return;
    this.#revision += 1;
    // The ledger itself counts an event once.
    this.#journal.write({ run: (ledger) => ledger.appendAccountEvent(event), isDone: () => false });
    this.#announce(() => this.#options.onAccountEvent(event));
  }

  #filledBy({ symbol, venueOrderId, clientOrderId }: VenueFill): Order | undefined {
    const id = this.#names.byVenueId(symbol, venueOrderId) ?? clientOrderId;
    return id === null ? undefined : this.order(id);
  }

  #recordFill(fill: Fill): void {
    this.record.note(fill);
    this.#revision += 1;
    // The ledger itself counts a fill once.
    this.#journal.write({ run: (ledger) => ledger.appendFill(fill), isDone: () => false });
  }

  /** An order moves with its fills; one that has ended does so only by having filled after all. */
  #withFill(order: Order, fill: Fill): Order {
    const intent = this.#begun.get(order.clientOrderId);
    // It has not left here: whoever sent it, the ledger has the order before its fill.
    if (intent !== undefined) this.#writeIntent(intent);
    this.#recordFill(fill);
    this.#keep(order);
    const isFilled = order.filledAmount.gte(order.amount);
    if (!isFilled && isFinal(order.status)) return order;
    return this.#append(order.clientOrderId, isFilled ? 'FILLED' : 'PARTIALLY_FILLED', {}) ?? order;
  }

  #append(
    id: ClientOrderId,
    status: OrderStatus,
    details: Pick<OrderEvent, 'venueOrderId' | 'reason'>,
  ): Order | undefined {
    let order = this.order(id);
    // An intent that the venue knows of was sent by a process that ended before it could say so.
    if (order?.status === 'INTENT' && !mayFollow('INTENT', status)) order = this.#append(id, 'UNKNOWN', {});
    if (order === undefined || !mayFollow(order.status, status)) return undefined;

    const event: OrderEvent = { clientOrderId: id, status, at: this.#clock.now(), ...details };
    const moved = applyOrderEvent(order, event);
    this.#revision += 1;
    this.#writeEvent(event);
    this.#keep(moved);
    if (isFinal(moved.status)) this.#untold.forget(id);
    if (moved.status === 'FILLED') this.#strays.delete(id);
    return moved;
  }

  /** With the intent, where that has not been written down. */
  #writeEvent(event: OrderEvent): void {
    const { clientOrderId: id, status } = event;
    const intent = this.#begun.get(id);
    this.#begun.delete(id);
    this.#journal.write({
      run: (ledger) =>
        intent === undefined ? ledger.appendEvent(event) : ledger.appendIntent(intent, event),
      isDone: (ledger) => ledger.order(id)?.status === status,
    });
  }

  #writeIntent(intent: OrderIntent): void {
    const { clientOrderId: id } = intent;
    this.#begun.delete(id);
    this.#journal.write({
      run: (ledger) => ledger.appendIntent(intent),
      isDone: (ledger) => ledger.order(id) !== undefined,
    });
  }

  #keep(order: Order): Tracked {
    this.#names.note(order.symbol, order.venueOrderId, order.clientOrderId);
    this.#orders.forgetOldest((id) => this.isDurable && !this.#strays.has(id));
    return this.#orders.keep(order);
  }

  /** A listener that fails must not keep the others, nor what follows, from happening. */
  #announce(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#log.error({ error }, 'a listener of execution failed');
    }
  }
}
