import type { FillPurpose, OrderStatus } from '../../contract/index.ts';
import {
  type AccountEvent,
  type AccountEventId,
  absolute,
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
  subtract,
  sum,
  type UtcMs,
  type VenueFill,
  type VenueOrder,
  type VenueOrderId,
  ZERO_BASE,
} from '../../domain/index.ts';
import { LedgerJournal } from './ledger-journal.ts';

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
  /** Every fill of the ledger, where the caller has read them already. */
  readonly fills?: Iterable<Fill>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** `counted`; `known`: it was before; `whose`: of an order that nobody here knows. */
export type CountResult = 'counted' | 'known' | 'whose';

/**
 * What is known of our orders: the ledger, with the orders of this run at hand. Every change is written down before it
 * is announced, or kept for the ledger while that fails.
 */
export class OrderTracker {
  readonly #ledger: OrderLedger;
  readonly #journal: LedgerJournal;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #listener: ExecutionListener;
  readonly #unfinished: Map<ClientOrderId, Order>;
  /** Orders that ended in this run: what the venue says late is measured by them, also when the ledger is not there. */
  readonly #ended = new Map<ClientOrderId, Order>();
  /** The venue's ids of our orders and of the orders that it made of them. */
  readonly #owners = new Map<VenueOrderId, ClientOrderId>();
  /** How much of an order the venue said is filled, where its fills have not told all of it yet. */
  readonly #told = new Map<ClientOrderId, BaseAmount>();
  readonly #trades = new Set<string>();
  readonly #accountEvents: Set<AccountEventId>;
  readonly #lastFillAt = new Map<string, UtcMs>();
  #revision = 0;

  constructor(options: OrderTrackerOptions) {
    this.#ledger = options.ledger;
    this.#journal = new LedgerJournal({
      ledger: options.ledger,
      log: options.log,
      onFault: (message) => options.onFault(message),
    });
    this.#clock = options.clock;
    this.#log = options.log;
    this.#listener = options;
    this.#unfinished = new Map(this.#ledger.unfinishedOrders().map((order) => [order.clientOrderId, order]));
    for (const { venueOrderId, clientOrderId } of this.#unfinished.values()) {
      if (venueOrderId !== null) this.#owners.set(venueOrderId, clientOrderId);
    }
    this.#accountEvents = new Set([...this.#ledger.accountEvents()].map(({ id }) => id));
    for (const { symbol, tradeId, time } of options.fills ?? this.#ledger.fills()) {
      this.#trades.add(tradeKey(symbol, tradeId));
      this.#noteFillTime(symbol, time);
    }
  }

  /** Why no position is opened or enlarged, or null. */
  get fault(): string | null {
    return this.#journal.fault;
  }

  /** Writes down what the ledger did not take so far. @returns whether it holds everything. */
  retryLedger(): boolean {
    return this.#journal.retry();
  }

  /** Time of the symbol's newest fill recorded; undefined before the first. */
  lastFillAt(symbol: string): UtcMs | undefined {
    return this.#lastFillAt.get(symbol);
  }

  /** Grows with every fill recorded: tells whether something happened while the venue was being asked. */
  get revision(): number {
    return this.#revision;
  }

  unfinished(symbol?: string): readonly Order[] {
    const all = [...this.#unfinished.values()];
    return symbol === undefined ? all : all.filter((order) => order.symbol === symbol);
  }

  order(id: ClientOrderId): Order | undefined {
    return this.#unfinished.get(id) ?? this.#ended.get(id) ?? this.#stored(id);
  }

  /** Whose the order is that a venue speaks of: by our id, by the venue's, or as the child of one of ours. */
  ownerOf(
    told: Pick<VenueOrder, 'clientOrderId' | 'venueOrderId' | 'parentVenueOrderId'>,
  ): Order | undefined {
    const id = this.#owner(told.venueOrderId) ?? this.#owner(told.parentVenueOrderId) ?? told.clientOrderId;
    return id === null ? undefined : this.order(id);
  }

  /** The signed amount that entries have surely filled though their fills have not been told yet. */
  untoldUnits(symbol: string): BaseAmount {
    const units = [...this.#told].map(([id, filled]) => {
      const order = this.order(id);
      if (order === undefined || order.symbol !== symbol || order.purpose !== 'entry') return ZERO_BASE;
      const missing = subtract(filled, order.filledAmount);
      if (missing.lte(0)) return ZERO_BASE;
      return order.side === 'buy' ? absolute(missing) : negate(absolute(missing));
    });
    return sum(ZERO_BASE, units);
  }

  /**
   * Records an intent. One that opens a position must be durable before it is sent; one that reduces is not held up by
   * a ledger that fails. @returns whether it may go on.
   */
  begin(intent: OrderIntent): boolean {
    const write = (ledger: OrderLedger): void => ledger.appendIntent(intent);
    const durable = intent.purpose === 'entry' ? this.#journal.writeNow(write) : this.#journal.write(write);
    if (!durable && intent.purpose === 'entry') return false;
    const begun = newOrder(intent);
    this.#unfinished.set(intent.clientOrderId, begun);
    this.#listener.onOrder(begun);
    return true;
  }

  /** Marks an order as about to leave. @returns whether it may: an entry only when that is durable. */
  markSent(id: ClientOrderId): boolean {
    const moved = this.move(id, 'SENT');
    return moved && (this.order(id)?.purpose !== 'entry' || this.#journal.behind === 0);
  }

  /** Moves an order to a status. False when that may not follow. */
  move(
    id: ClientOrderId,
    status: OrderStatus,
    details: Pick<OrderEvent, 'venueOrderId' | 'reason'> = {},
  ): boolean {
    const moved = this.#append(id, status, details);
    if (moved !== undefined) this.#listener.onOrder(moved);
    return moved !== undefined;
  }

  /** Notes what the venue says has filled. @returns whether it is more than the fills recorded so far. */
  fillsMissing(answer: VenueOrder): boolean {
    const order = this.ownerOf(answer);
    if (order === undefined) return false;
    const told = this.#told.get(order.clientOrderId) ?? ZERO_BASE;
    if (answer.filledAmount.gt(told)) this.#told.set(order.clientOrderId, answer.filledAmount);
    if (answer.filledAmount.gt(order.filledAmount)) return true;
    if (order.filledAmount.gte(told)) this.#told.delete(order.clientOrderId);
    return false;
  }

  /** Takes over what the venue says of an order. What is older than what is known changes nothing. */
  settle(answer: VenueOrder): void {
    const order = this.ownerOf(answer);
    if (order === undefined) return;
    const { clientOrderId: id } = order;
    const { venueOrderId, parentVenueOrderId, status, reason } = answer;
    const isChild = parentVenueOrderId !== null && this.#owner(parentVenueOrderId) === id;
    // Once the venue has made another order of it, only that one tells.
    const isReplaced = !isChild && order.venueOrderId !== null && order.venueOrderId !== venueOrderId;
    this.#owners.set(venueOrderId, id);
    if (isReplaced || (order.status === status && order.venueOrderId === venueOrderId)) return;
    this.move(id, status, { venueOrderId, ...(reason === null ? {} : { reason }) });
  }

  /** Counts a fill, once, whenever it arrives. */
  count(reported: VenueFill): CountResult {
    const { symbol, tradeId, clientOrderId, venueOrderId } = reported;
    if (this.#trades.has(tradeKey(symbol, tradeId))) return 'known';
    const id = (venueOrderId === null ? undefined : this.#owner(venueOrderId)) ?? clientOrderId;
    const order = id === null ? undefined : this.order(id);
    if (order === undefined) return 'whose';
    const fill: Fill = { ...reported, clientOrderId: order.clientOrderId, purpose: order.purpose };
    const counted = this.#withFill(applyFillToOrder(order, fill), fill);
    this.#listener.onFill(fill);
    this.#listener.onOrder(counted);
    return 'counted';
  }

  /** Records a fill that no order of ours made. */
  countExternal(reported: VenueFill): void {
    const { symbol, tradeId } = reported;
    if (this.#trades.has(tradeKey(symbol, tradeId))) return;
    const purpose: FillPurpose = 'external';
    const fill: Fill = { ...reported, clientOrderId: null, purpose };
    this.#log.warn({ symbol, tradeId }, 'a fill of an order that is not ours');
    this.#record(fill);
    this.#listener.onFill(fill);
  }

  /** Records money that moved by another way than a fill, once. */
  countAccountEvent(event: AccountEvent): void {
    if (this.#accountEvents.has(event.id)) return;
    this.#accountEvents.add(event.id);
    this.#revision += 1;
    this.#journal.write((ledger) => ledger.appendAccountEvent(event));
    this.#listener.onAccountEvent(event);
  }

  #record(fill: Fill): void {
    this.#trades.add(tradeKey(fill.symbol, fill.tradeId));
    this.#noteFillTime(fill.symbol, fill.time);
    this.#revision += 1;
    this.#journal.write((ledger) => ledger.appendFill(fill));
  }

  /** An order moves with its fills; one that has ended does so only by having filled after all. */
  #withFill(order: Order, fill: Fill): Order {
    this.#record(fill);
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
    this.#journal.write((ledger) => ledger.appendEvent(event));
    if (moved.venueOrderId !== null) this.#owners.set(moved.venueOrderId, id);
    this.#keep(moved);
    return moved;
  }

  #keep(order: Order): void {
    const [home, other] = isFinal(order.status)
      ? [this.#ended, this.#unfinished]
      : [this.#unfinished, this.#ended];
    other.delete(order.clientOrderId);
    home.set(order.clientOrderId, order);
  }

  #owner(id: VenueOrderId | null): ClientOrderId | undefined {
    return id === null ? undefined : this.#owners.get(id);
  }

  #stored(id: ClientOrderId): Order | undefined {
    try {
      return this.#ledger.order(id);
    } catch (error) {
      this.#log.error({ error, clientOrderId: id }, 'the order ledger cannot be read');
      return undefined;
    }
  }

  #noteFillTime(symbol: string, time: UtcMs): void {
    this.#lastFillAt.set(symbol, Math.max(this.#lastFillAt.get(symbol) ?? time, time));
  }
}

function tradeKey(symbol: string, tradeId: string): string {
  return `${symbol} ${tradeId}`;
}
