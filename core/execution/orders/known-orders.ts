import {
  type ClientOrderId,
  isFinal,
  type Logger,
  type Order,
  type OrderLedger,
  type UtcMs,
} from '../../domain/index.ts';

/** An order of this run, as it stands whenever it is looked at. */
export interface Tracked {
  readonly order: Order;
}

/** How many ended orders are kept in memory: a program that runs for months must not keep every one. */
const ENDED_KEPT = 1_000;
/** How many of a symbol's latest orders are looked through. */
const RECENT = 100;

/** Orders of this run and those that an earlier one left unfinished, in memory; all others as the ledger has them. */
export class KnownOrders {
  readonly #ledger: Pick<OrderLedger, 'order' | 'recentOrders'>;
  readonly #log: Logger;
  readonly #orders = new Map<ClientOrderId, { order: Order }>();
  readonly #unfinished = new Map<ClientOrderId, Tracked>();
  /** Those that have ended, oldest first. */
  readonly #ended = new Set<ClientOrderId>();

  constructor(ledger: Pick<OrderLedger, 'order' | 'recentOrders'>, log: Logger) {
    this.#ledger = ledger;
    this.#log = log;
  }

  get(id: ClientOrderId): Order | undefined {
    return this.#orders.get(id)?.order ?? this.#stored(id);
  }

  /** Oldest first. */
  unfinished(symbol?: string): readonly Order[] {
    const found: Order[] = [];
    for (const { order } of this.#unfinished.values()) {
      if (symbol === undefined || order.symbol === symbol) found.push(order);
    }
    return found;
  }

  isUnfinished(id: ClientOrderId): boolean {
    return this.#unfinished.has(id);
  }

  /**
   * When the oldest of a symbol's orders since a moment was made that counts as cancelled; infinity without any. One that
   * the venue had long not told of may have filled all the same.
   */
  oldestCancelled(symbol: string, since: UtcMs): UtcMs {
    const cancelled = this.#recent(symbol).filter(
      ({ status, createdAt }) => status === 'CANCELED' && createdAt >= since,
    );
    return Math.min(...cancelled.map(({ createdAt }) => createdAt));
  }

  /** Those of these that are of a symbol. */
  ofSymbol(symbol: string, ids: Iterable<ClientOrderId>): readonly Order[] {
    return [...ids]
      .map((id) => this.get(id))
      .filter((order) => order !== undefined)
      .filter((order) => order.symbol === symbol);
  }

  /** Takes over how an order stands. */
  keep(order: Order): Tracked {
    const { clientOrderId: id, status } = order;
    const tracked = this.#orders.get(id) ?? { order };
    tracked.order = order;
    this.#orders.set(id, tracked);
    if (isFinal(status)) {
      this.#unfinished.delete(id);
      this.#ended.add(id);
    } else {
      this.#unfinished.set(id, tracked);
    }
    return tracked;
  }

  /** Leaves the oldest ended order to the ledger, where there are many. */
  forgetOldest(mayBeForgotten: (id: ClientOrderId) => boolean): void {
    const [oldest] = this.#ended;
    if (oldest === undefined || this.#ended.size <= ENDED_KEPT || !mayBeForgotten(oldest)) return;
    this.#ended.delete(oldest);
    this.#orders.delete(oldest);
  }

  #stored(id: ClientOrderId): Order | undefined {
    return this.#read(() => this.#ledger.order(id), undefined);
  }

  #recent(symbol: string): readonly Order[] {
    return this.#read(() => this.#ledger.recentOrders({ symbol, limit: RECENT }), []);
  }

  #read<T>(read: () => T, otherwise: T): T {
    try {
      return read();
    } catch (error) {
      this.#log.error({ error }, 'the order ledger cannot be read');
      return otherwise;
    }
  }
}
