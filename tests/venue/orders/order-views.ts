import type { UtcMs } from '../../../core/domain/index.ts';
import type { VenueClock } from '../clock/venue-clock.ts';
import type { FaultBoard } from '../faults/fault-board.ts';
import type { OrderDesk } from './order-desk.ts';
import {
  type FillRecord,
  isOpen,
  type OrderRecord,
  type OrderState,
  stateAt,
  stateOf,
} from './order-record.ts';
import type { OrderName } from './order-store.ts';

/** An order as the answering node knows it. */
export interface SeenOrder {
  readonly order: OrderRecord;
  readonly state: OrderState;
}

export interface Page {
  readonly fromId?: number;
  readonly start?: UtcMs;
  readonly end?: UtcMs;
  readonly limit: number;
}

/** What the venue says when it is asked. The truth is the desk's; a node that answers may lag behind it, or forget. */
export class OrderViews {
  readonly #desk: OrderDesk;
  readonly #clock: VenueClock;
  readonly #faults: FaultBoard;

  constructor(desk: OrderDesk, clock: VenueClock, faults: FaultBoard) {
    this.#desk = desk;
    this.#clock = clock;
    this.#faults = faults;
  }

  /** The time whose state the node shows. */
  seenAt(route: string): UtcMs {
    const lag = this.#faults.strike('list-lag', route);
    return this.#clock.now() - (lag?.ms ?? 0);
  }

  find(route: string, account: string, symbol: string, name: OrderName): SeenOrder | undefined {
    const order = this.#desk.store.find(account, symbol, name);
    return order === undefined ? undefined : this.#seen(order, this.seenAt(route), route);
  }

  open(route: string, account: string, symbol?: string): readonly SeenOrder[] {
    return this.#all(route, account, symbol).filter(({ order, state }) => isOpen(order, state));
  }

  all(route: string, account: string, symbol: string, page: Page): readonly SeenOrder[] {
    const all = this.#all(route, account, symbol);
    return paged(
      all,
      page,
      ({ order }) => order.id,
      ({ order }) => order.createdAt,
    );
  }

  fills(
    route: string,
    account: string,
    symbol: string,
    page: Page & { readonly orderId?: number },
  ): readonly FillRecord[] {
    const at = this.seenAt(route);
    const all = this.#desk.fills.filter(
      (fill) =>
        fill.account === account &&
        fill.symbol.id === symbol &&
        fill.time <= at &&
        (page.orderId === undefined || fill.orderId === page.orderId),
    );
    return paged(
      all,
      page,
      (fill) => fill.tradeId,
      (fill) => fill.time,
    );
  }

  #all(route: string, account: string, symbol?: string): readonly SeenOrder[] {
    const at = this.seenAt(route);
    return this.#desk.store
      .all()
      .filter((order) => order.account === account && (symbol === undefined || order.symbol.id === symbol))
      .flatMap((order) => this.#seen(order, at, route) ?? []);
  }

  #seen(order: OrderRecord, at: UtcMs, route: string): SeenOrder | undefined {
    const state = stateAt(order, at);
    if (state === undefined) return undefined;
    const purge = this.#faults.inForce('orders-purged', route);
    const isForgotten =
      purge !== undefined && !isOpen(order) && stateOf(order).at < this.#clock.now() - (purge.ms ?? 0);
    return isForgotten ? undefined : { order, state };
  }
}

/** From an id or a time on the first of them, else the last. */
function paged<T>(
  all: readonly T[],
  { fromId, start, end, limit }: Page,
  idOf: (item: T) => number,
  timeOf: (item: T) => UtcMs,
): readonly T[] {
  const inside = all.filter(
    (item) =>
      (fromId === undefined || idOf(item) >= fromId) &&
      (start === undefined || timeOf(item) >= start) &&
      (end === undefined || timeOf(item) <= end),
  );
  return fromId === undefined && start === undefined ? inside.slice(-limit) : inside.slice(0, limit);
}
