import type { FillPurpose } from '../../contract/index.ts';
import {
  type AccountEvent,
  type AccountEventId,
  applyFillToOrder,
  applyOrderEvent,
  type ClientOrderId,
  executionKey,
  type Fill,
  isFinal,
  type LedgerAccountEvent,
  LedgerError,
  newOrder,
  type Order,
  type OrderEvent,
  type OrderIntent,
  type OrderLedger,
  type PageQuery,
  type TradeId,
} from '../../domain/index.ts';

/** The order ledger of backtests and tests: the rules of the durable one, gone with the process. */
export class MemoryOrderLedger implements OrderLedger {
  readonly #orders = new Map<ClientOrderId, Order>();
  readonly #unfinished = new Set<ClientOrderId>();
  readonly #fills: Fill[] = [];
  readonly #executions = new Set<string>();
  readonly #accountEvents = new Map<AccountEventId, LedgerAccountEvent>();
  #opened = false;

  appendIntent(intent: OrderIntent, first?: OrderEvent): void {
    if (this.#orders.has(intent.clientOrderId)) {
      throw new LedgerError(`order ${intent.clientOrderId} is in the ledger already`);
    }
    const order = newOrder(intent);
    this.#keep(first === undefined ? order : applyOrderEvent(order, first));
  }

  appendEvent(event: OrderEvent): void {
    this.#keep(applyOrderEvent(this.#known(event.clientOrderId), event));
  }

  appendFill(fill: Fill): boolean {
    const { clientOrderId: id, symbol, tradeId } = fill;
    if ((id === null) !== (fill.purpose === 'external')) {
      throw new LedgerError(`fill ${tradeId} of ${symbol} names an order exactly when it is of ours`);
    }
    const order = id === null ? null : this.#known(id);
    const key = executionKey(fill);
    if (this.#executions.has(key)) return false;
    this.#executions.add(key);
    this.#fills.push(fill);
    if (order !== null) this.#orders.set(order.clientOrderId, applyFillToOrder(order, fill));
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

  fills(after = 0): Iterable<Fill> {
    return after === 0 ? this.#fills : this.#fills.slice(after);
  }

  executions(): Iterable<string> {
    return this.#executions;
  }

  purposeOf(symbol: string, trade: TradeId, among: number): FillPurpose | undefined {
    return this.#fills.slice(0, among).findLast((fill) => fill.symbol === symbol && fill.tradeId === trade)
      ?.purpose;
  }

  recentFills(limit: number): readonly Fill[] {
    return this.#fills.slice(Math.max(0, this.#fills.length - limit));
  }

  appendAccountEvent(event: AccountEvent): boolean {
    if (this.#accountEvents.has(event.id)) return false;
    const opens = event.kind === 'opening';
    if (opens && this.#opened) throw new LedgerError('the account was opened already');
    this.#opened ||= opens;
    this.#accountEvents.set(event.id, { ...event, afterFills: this.#fills.length });
    return true;
  }

  accountEvents(after = 0): Iterable<LedgerAccountEvent> {
    return after === 0 ? this.#accountEvents.values() : [...this.#accountEvents.values()].slice(after);
  }

  #keep(order: Order): void {
    this.#orders.set(order.clientOrderId, order);
    if (isFinal(order.status)) this.#unfinished.delete(order.clientOrderId);
    else this.#unfinished.add(order.clientOrderId);
  }

  #known(id: ClientOrderId): Order {
    const order = this.#orders.get(id);
    if (order === undefined) throw new LedgerError(`order ${id} is not in the ledger`);
    return order;
  }
}
