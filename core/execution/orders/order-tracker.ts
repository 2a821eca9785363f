import type { OrderStatus } from '../../contract/index.ts';
import {
  applyFillToOrder,
  applyOrderEvent,
  type ClientOrderId,
  type Clock,
  type Fill,
  isFinal,
  type Logger,
  mayFollow,
  newOrder,
  type Order,
  type OrderEvent,
  type OrderIntent,
  type OrderLedger,
  type UtcMs,
  type VenueFill,
  type VenueOrder,
} from '../../domain/index.ts';

/** Who hears of what has been recorded. Called synchronously, after the ledger has it. */
export interface ExecutionListener {
  onFill(fill: Fill): void;
  onOrder(order: Order): void;
  /** The ledger failed: nothing new will be sent by this process. Called once. */
  onFault(message: string): void;
}

export interface OrderTrackerOptions extends ExecutionListener {
  readonly ledger: OrderLedger;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * What is known of our orders: the ledger, with the unfinished ones at hand. Everything is recorded before it is
 * believed or announced. A ledger that fails is a fault for good; what could not be recorded is not counted, and
 * the venue will tell it again.
 */
export class OrderTracker {
  readonly #ledger: OrderLedger;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #listener: ExecutionListener;
  readonly #unfinished: Map<ClientOrderId, Order>;
  #fault: string | null = null;
  #lastFillAt: UtcMs | null = null;
  #revision = 0;

  constructor(options: OrderTrackerOptions) {
    this.#ledger = options.ledger;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#listener = options;
    this.#unfinished = new Map(this.#ledger.unfinishedOrders().map((order) => [order.clientOrderId, order]));
    for (const fill of this.#ledger.fills()) this.#noteFillTime(fill.time);
  }

  /** Why nothing may be sent any more, or null. */
  get fault(): string | null {
    return this.#fault;
  }

  /** Time of the newest fill recorded; null before the first. */
  get lastFillAt(): UtcMs | null {
    return this.#lastFillAt;
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
    return this.#unfinished.get(id) ?? this.#durably(() => this.#ledger.order(id));
  }

  /** Records an intent. False, with the fault set, when the ledger does not take it. */
  begin(intent: OrderIntent): boolean {
    const begun = this.#durably(() => {
      this.#ledger.appendIntent(intent);
      return newOrder(intent);
    });
    if (begun === undefined) return false;
    this.#unfinished.set(intent.clientOrderId, begun);
    this.#listener.onOrder(begun);
    return true;
  }

  /** Moves an order to a status. False when that may not follow, or the ledger does not take it. */
  move(
    id: ClientOrderId,
    status: OrderStatus,
    details: Pick<OrderEvent, 'venueOrderId' | 'reason'> = {},
  ): boolean {
    const moved = this.#append(id, status, details);
    if (moved !== undefined) this.#listener.onOrder(moved);
    return moved !== undefined;
  }

  /** Takes over what the venue says of an order. What is older than what is known changes nothing. */
  settle({ clientOrderId, venueOrderId, status, reason }: VenueOrder): void {
    const order = this.#unfinished.get(clientOrderId);
    if (order === undefined || (order.status === status && order.venueOrderId === venueOrderId)) return;
    this.move(clientOrderId, status, { venueOrderId, ...(reason === null ? {} : { reason }) });
  }

  /** Whether the venue has filled more of an order of ours than the fills recorded so far. */
  fillsMissing(answer: VenueOrder): boolean {
    const order = this.order(answer.clientOrderId);
    return order !== undefined && answer.filledAmount.gt(order.filledAmount);
  }

  /** Counts a fill, once, whenever it arrives. False when it is known, foreign, or could not be recorded. */
  count(reported: VenueFill): boolean {
    const order = this.order(reported.clientOrderId);
    if (order === undefined) {
      this.#log.warn(
        { symbol: reported.symbol, tradeId: reported.tradeId },
        'a fill of an order that is not ours',
      );
      return false;
    }
    const fill: Fill = { ...reported, purpose: order.purpose };
    if (this.#durably(() => this.#ledger.appendFill(fill)) !== true) return false;
    this.#noteFillTime(fill.time);
    this.#revision += 1;
    const counted = this.#withFill(applyFillToOrder(order, fill));
    this.#listener.onFill(fill);
    this.#listener.onOrder(counted);
    return true;
  }

  /** An unfinished order moves with its fills; a finished one keeps its status. */
  #withFill(order: Order): Order {
    if (!this.#unfinished.has(order.clientOrderId)) return order;
    this.#unfinished.set(order.clientOrderId, order);
    const status = order.filledAmount.gte(order.amount) ? 'FILLED' : 'PARTIALLY_FILLED';
    return this.#append(order.clientOrderId, status, {}) ?? order;
  }

  #append(
    id: ClientOrderId,
    status: OrderStatus,
    details: Pick<OrderEvent, 'venueOrderId' | 'reason'>,
  ): Order | undefined {
    let order = this.#unfinished.get(id);
    // An intent that the venue knows of was sent by a process that ended before it could say so.
    if (order?.status === 'INTENT' && !mayFollow('INTENT', status)) order = this.#append(id, 'UNKNOWN', {});
    if (order === undefined || !mayFollow(order.status, status)) return undefined;

    const event: OrderEvent = { clientOrderId: id, status, at: this.#clock.now(), ...details };
    const moved = applyOrderEvent(order, event);
    const written = this.#durably(() => {
      this.#ledger.appendEvent(event);
      return true;
    });
    if (written === undefined) return undefined;
    if (isFinal(status)) this.#unfinished.delete(id);
    else this.#unfinished.set(id, moved);
    return moved;
  }

  #noteFillTime(time: UtcMs): void {
    this.#lastFillAt = Math.max(this.#lastFillAt ?? time, time);
  }

  #durably<T>(use: () => T): T | undefined {
    try {
      return use();
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  #fail(error: unknown): void {
    this.#log.error({ error }, 'the order ledger failed');
    if (this.#fault !== null) return;
    this.#fault = `the order ledger cannot be used, so nothing is sent any more: ${String(error)}`;
    this.#listener.onFault(this.#fault);
  }
}
