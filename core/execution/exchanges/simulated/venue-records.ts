import {
  type AccountEvent,
  type AccountEventId,
  accountEventId,
  type ClientOrderId,
  type Disposer,
  type OrderRef,
  type SimulatedVenueState,
  type SimulatedVenueStore,
  type TradeId,
  tradeId,
  type UtcMs,
  type VenueEvent,
  type VenueFill,
  VenueListeners,
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

/** All orders, fills and transfers the simulated venue ever had, kept in its store and told to whoever listens. */
export class VenueRecords {
  readonly #store: SimulatedVenueStore | undefined;
  readonly #idPrefix: string;
  readonly #orders: Map<VenueOrderId, VenueOrder>;
  readonly #venueIds: Map<VenueOrder['clientOrderId'], VenueOrderId>;
  /** By symbol, ascending by time. */
  readonly #fills = new Map<string, VenueFill[]>();
  #fillCount = 0;
  readonly #accountEvents: AccountEvent[];
  readonly #listeners = new VenueListeners();

  constructor(stored: SimulatedVenueState, store: SimulatedVenueStore | undefined, idPrefix: string) {
    this.#store = store;
    this.#idPrefix = idPrefix;
    this.#orders = new Map(stored.orders.map((order) => [order.venueOrderId, order]));
    this.#venueIds = new Map(stored.orders.map((order) => [order.clientOrderId, order.venueOrderId]));
    for (const fill of stored.fills) this.#keep(fill);
    this.#accountEvents = [...(stored.accountEvents ?? [])];
  }

  get nextOrderId(): VenueOrderId {
    return venueOrderId(`${this.#idPrefix}o${this.#orders.size + 1}`);
  }

  get nextTradeId(): TradeId {
    return tradeId(`${this.#idPrefix}t${this.#fillCount + 1}`);
  }

  get nextAccountEventId(): AccountEventId {
    return accountEventId(`${this.#idPrefix}a${this.#accountEvents.length + 1}`);
  }

  knows(id: ClientOrderId): boolean {
    return this.#venueIds.has(id);
  }

  find({ symbol, clientOrderId, venueOrderId }: OrderRef): VenueOrder | undefined {
    const id = clientOrderId === null ? venueOrderId : (this.#venueIds.get(clientOrderId) ?? null);
    const order = id === null ? undefined : this.#orders.get(id);
    return order?.symbol === symbol ? order : undefined;
  }

  /** A symbol's fills, ascending by time. */
  fills(symbol: string): readonly VenueFill[] {
    return this.#fills.get(symbol) ?? [];
  }

  accountEvents(since: UtcMs): readonly AccountEvent[] {
    return this.#accountEvents.slice(this.#accountEvents.findLastIndex(({ time }) => time < since) + 1);
  }

  /** Records a change, makes it durable, then announces it: the fill before what it makes of its order. */
  record(order: VenueOrder, also: Partial<SimulatedVenueState>): void {
    const fills = also.fills ?? [];
    this.#orders.set(order.venueOrderId, order);
    this.#venueIds.set(order.clientOrderId, order.venueOrderId);
    for (const fill of fills) this.#keep(fill);
    this.#save({ ...also, orders: [order] });
    for (const fill of fills) this.announce({ kind: 'fill', fill });
    // A listener that was told of the fill may have ended its order: that is then the last word.
    if (this.#orders.get(order.venueOrderId) === order) this.announce({ kind: 'order', order });
  }

  recordTransfer(event: AccountEvent, balances: SimulatedVenueState['balances']): void {
    this.#accountEvents.push(event);
    this.#save({ balances, accountEvents: [event] });
    this.announce({ kind: 'account', event });
  }

  recordBalances(balances: SimulatedVenueState['balances']): void {
    this.#save({ balances });
  }

  onEvent(listener: (event: VenueEvent) => void): Disposer {
    return this.#listeners.add(listener);
  }

  announce(event: VenueEvent): void {
    this.#listeners.tell(event);
  }

  #keep(fill: VenueFill): void {
    const own = this.#fills.get(fill.symbol);
    if (own === undefined) this.#fills.set(fill.symbol, [fill]);
    else own.push(fill);
    this.#fillCount += 1;
  }

  #save(change: Partial<SimulatedVenueState>): void {
    this.#store?.save({ ...NEW_VENUE, ...change });
  }
}
