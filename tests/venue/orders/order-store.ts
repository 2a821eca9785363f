import { isOpen, isStopType, type OrderRecord, stateOf } from './order-record.ts';

/** How an order is asked for. */
export interface OrderName {
  readonly id?: number;
  readonly clientId?: string;
}

const FIRST_ID = 1_000;

/** Every order there ever was. Ids count within a symbol, as the venue's do. */
export class OrderStore {
  readonly #all: OrderRecord[] = [];
  readonly #byId = new Map<string, OrderRecord>();
  readonly #open = new Set<OrderRecord>();
  readonly #lastIds = new Map<string, number>();

  nextId(symbol: string): number {
    const id = this.peekId(symbol);
    this.#lastIds.set(symbol, id);
    return id;
  }

  /** The id that the next order will have. */
  peekId(symbol: string): number {
    return (this.#lastIds.get(symbol) ?? FIRST_ID) + 1;
  }

  add(order: OrderRecord): void {
    this.#all.push(order);
    this.#byId.set(`${order.symbol.id} ${order.id}`, order);
    this.#open.add(order);
  }

  ended(order: OrderRecord): void {
    this.#open.delete(order);
  }

  get(symbol: string, id: number): OrderRecord | undefined {
    return this.#byId.get(`${symbol} ${id}`);
  }

  all(): readonly OrderRecord[] {
    return this.#all;
  }

  open(account: string, symbol?: string): readonly OrderRecord[] {
    return [...this.#open].filter(
      (order) => order.account === account && (symbol === undefined || order.symbol.id === symbol),
    );
  }

  openByClientId(account: string, symbol: string, clientId: string): OrderRecord | undefined {
    return this.open(account, symbol).find((order) => order.clientId === clientId);
  }

  waitingStops(): readonly OrderRecord[] {
    return [...this.#open].filter((order) => isStopType(order.type) && !stateOf(order).working);
  }

  /** By the venue's id, or by the client's: of several that had it the open one, else the last. */
  find(account: string, symbol: string, name: OrderName): OrderRecord | undefined {
    if (name.id !== undefined) {
      const order = this.get(symbol, name.id);
      return order?.account === account ? order : undefined;
    }
    const named = this.#all.filter(
      (order) => order.account === account && order.symbol.id === symbol && order.clientId === name.clientId,
    );
    return named.findLast((order) => isOpen(order)) ?? named.at(-1);
  }
}
