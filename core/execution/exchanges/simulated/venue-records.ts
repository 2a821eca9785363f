import {
  type ClientOrderId,
  type Disposer,
  type SimulatedVenueState,
  type SimulatedVenueStore,
  type TradeId,
  tradeId,
  type UtcMs,
  type VenueEvent,
  type VenueFill,
  type VenueOrder,
  type VenueOrderId,
  venueOrderId,
} from '../../../domain/index.ts';

export const NEW_VENUE: SimulatedVenueState = {
  orders: [],
  fills: [],
  balances: new Map(),
  appliedUntil: new Map(),
};

/** All orders and fills the simulated venue ever had, kept in its store and told to whoever listens. */
export class VenueRecords {
  readonly #store: SimulatedVenueStore | undefined;
  readonly #idPrefix: string;
  readonly #orders: Map<ClientOrderId, VenueOrder>;
  /** Ascending by time. */
  readonly #fills: VenueFill[];
  readonly #listeners = new Set<(event: VenueEvent) => void>();

  constructor(stored: SimulatedVenueState, store: SimulatedVenueStore | undefined, idPrefix: string) {
    this.#store = store;
    this.#idPrefix = idPrefix;
    this.#orders = new Map(stored.orders.map((order) => [order.clientOrderId, order]));
    this.#fills = [...stored.fills].sort((a, b) => a.time - b.time);
  }

  get nextOrderId(): VenueOrderId {
    return venueOrderId(`${this.#idPrefix}o${this.#orders.size + 1}`);
  }

  get nextTradeId(): TradeId {
    return tradeId(`${this.#idPrefix}t${this.#fills.length + 1}`);
  }

  order(id: ClientOrderId): VenueOrder | undefined {
    return this.#orders.get(id);
  }

  fillsSince(since: UtcMs): readonly VenueFill[] {
    return this.#fills.slice(this.#fills.findLastIndex(({ time }) => time < since) + 1);
  }

  /** Records a change, makes it durable, then announces it: the fill before what it makes of its order. */
  record(order: VenueOrder, also: Partial<SimulatedVenueState>): void {
    const fills = also.fills ?? [];
    this.#orders.set(order.clientOrderId, order);
    for (const fill of fills) {
      this.#fills.splice(this.#fills.findLastIndex(({ time }) => time <= fill.time) + 1, 0, fill);
    }
    this.#store?.save({ ...NEW_VENUE, ...also, orders: [order] });
    for (const fill of fills) this.#emit({ kind: 'fill', fill });
    this.#emit({ kind: 'order', order });
  }

  onEvent(listener: (event: VenueEvent) => void): Disposer {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #emit(event: VenueEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
