import {
  applyFillToOrder,
  applyOrderEvent,
  type ClientOrderId,
  type Fill,
  isFinal,
  LedgerError,
  newOrder,
  type Order,
  type OrderEvent,
  type OrderIntent,
  type OrderLedger,
  type PageQuery,
} from '../../domain/index.ts';

/** The order ledger of backtests and tests: the rules of the durable one, gone with the process. */
export class MemoryOrderLedger implements OrderLedger {
  readonly #orders = new Map<ClientOrderId, Order>();
  readonly #unfinished = new Set<ClientOrderId>();
  readonly #fills: Fill[] = [];
  readonly #trades = new Map<string, Set<string>>();

  appendIntent(intent: OrderIntent): void {
    if (this.#orders.has(intent.clientOrderId)) {
      throw new LedgerError(`order ${intent.clientOrderId} is in the ledger already`);
    }
    this.#orders.set(intent.clientOrderId, newOrder(intent));
    this.#unfinished.add(intent.clientOrderId);
  }

  appendEvent(event: OrderEvent): void {
    this.#orders.set(event.clientOrderId, applyOrderEvent(this.#known(event.clientOrderId), event));
    if (isFinal(event.status)) this.#unfinished.delete(event.clientOrderId);
  }

  appendFill(fill: Fill): boolean {
    const order = this.#known(fill.clientOrderId);
    const trades = this.#trades.get(fill.symbol) ?? new Set();
    if (trades.has(fill.tradeId)) return false;
    this.#trades.set(fill.symbol, trades.add(fill.tradeId));
    this.#fills.push(fill);
    this.#orders.set(fill.clientOrderId, applyFillToOrder(order, fill));
    return true;
  }

  order(id: ClientOrderId): Order | undefined {
    return this.#orders.get(id);
  }

  unfinishedOrders(): readonly Order[] {
    return [...this.#unfinished].map((id) => this.#known(id));
  }

  recentOrders({ symbol, before = Number.POSITIVE_INFINITY, limit }: PageQuery): readonly Order[] {
    return [...this.#orders.values()]
      .filter((order) => order.createdAt < before && (symbol === undefined || order.symbol === symbol))
      .reverse()
      .slice(0, limit);
  }

  fills(): Iterable<Fill> {
    return this.#fills;
  }

  #known(id: ClientOrderId): Order {
    const order = this.#orders.get(id);
    if (order === undefined) throw new LedgerError(`order ${id} is not in the ledger`);
    return order;
  }
}
