import {
  type AccountEvent,
  type AccountEventId,
  accountEventId,
  type ClientOrderId,
  type Disposer,
  type FillPage,
  type FillQuery,
  isFinal,
  type OrderRef,
  type SimulatedVenueState,
  type SimulatedVenueStore,
  type TradeId,
  tradeId,
  type UtcMs,
  type VenueBeginning,
  type VenueEvent,
  type VenueFill,
  VenueListeners,
  type VenueOrder,
  type VenueOrderId,
  venueOrderId,
} from '../../../domain/index.ts';
import { fillPage } from './fill-page.ts';

const NO_CHANGE: SimulatedVenueState = {
  orders: [],
  fills: [],
  balances: new Map(),
  appliedUntil: new Map(),
};

/**
 * All orders, fills and transfers the simulated venue ever had, told to whoever listens. Those that have ended are in its
 * store alone: a start takes no longer for what has been, and memory holds what works.
 */
export class VenueRecords {
  readonly #store: SimulatedVenueStore;
  readonly #idPrefix: string;
  readonly #working: Map<VenueOrderId, VenueOrder>;
  #orderCount: number;
  readonly #fillCounts: Map<string, number>;
  #fillCount: number;
  /** By symbol; undefined where there was none. */
  readonly #lastFills = new Map<string, VenueFill | undefined>();
  readonly #accountEvents: AccountEvent[];
  readonly #listeners = new VenueListeners();

  constructor(beginning: VenueBeginning, store: SimulatedVenueStore, idPrefix: string) {
    this.#store = store;
    this.#idPrefix = idPrefix;
    this.#working = new Map(beginning.orders.map((order) => [order.venueOrderId, order]));
    this.#orderCount = beginning.orderCount;
    this.#fillCounts = new Map(beginning.fillCounts);
    this.#fillCount = [...this.#fillCounts.values()].reduce((sum, count) => sum + count, 0);
    this.#accountEvents = [...beginning.accountEvents];
  }

  get nextOrderId(): VenueOrderId {
    return venueOrderId(`${this.#idPrefix}o${this.#orderCount + 1}`);
  }

  get nextTradeId(): TradeId {
    return tradeId(`${this.#idPrefix}t${this.#fillCount + 1}`);
  }

  get nextAccountEventId(): AccountEventId {
    return accountEventId(`${this.#idPrefix}a${this.#accountEvents.length + 1}`);
  }

  knows(clientOrderId: ClientOrderId): boolean {
    return this.#store.order({ clientOrderId }) !== undefined;
  }

  find({ symbol, clientOrderId, venueOrderId }: OrderRef): VenueOrder | undefined {
    const order =
      clientOrderId !== null
        ? this.#store.order({ clientOrderId })
        : venueOrderId !== null
          ? this.#store.order({ venueOrderId })
          : undefined;
    return order?.symbol === symbol ? order : undefined;
  }

  lastFill(symbol: string): VenueFill | undefined {
    if (!this.#lastFills.has(symbol)) {
      const count = this.#fillCounts.get(symbol) ?? 0;
      this.#lastFills.set(symbol, count === 0 ? undefined : this.#store.fills(symbol, count - 1, 1)[0]);
    }
    return this.#lastFills.get(symbol);
  }

  fills(query: FillQuery, pageSize: number): FillPage {
    return fillPage(this.#store, this.#fillCounts.get(query.symbol) ?? 0, query, pageSize);
  }

  accountEvents(since: UtcMs): readonly AccountEvent[] {
    return this.#accountEvents.slice(this.#accountEvents.findLastIndex(({ time }) => time < since) + 1);
  }

  /** Records a change, makes it durable, then announces it: the fill before what it makes of its order. */
  record(order: VenueOrder, also: Partial<SimulatedVenueState>): void {
    const fills = also.fills ?? [];
    const { venueOrderId: id } = order;
    // What is recorded of an order is its beginning, or of one that works.
    if (!this.#working.has(id)) this.#orderCount += 1;
    this.#working.set(id, order);
    for (const fill of fills) this.#count(fill);
    this.#save({ ...also, orders: [order] });
    for (const fill of fills) this.announce({ kind: 'fill', fill });
    // A listener that was told of the fill may have ended its order: that is then the last word.
    if (this.#working.get(id) !== order) return;
    if (isFinal(order.status)) this.#working.delete(id);
    this.announce({ kind: 'order', order });
  }

  recordTransfer(event: AccountEvent, balances: SimulatedVenueState['balances']): void {
    this.#accountEvents.push(event);
    this.#save({ balances, accountEvents: [event] });
    this.announce({ kind: 'account', event });
  }

  recordAccount(account: Required<Pick<SimulatedVenueState, 'balances' | 'positions'>>): void {
    this.#save(account);
  }

  onEvent(listener: (event: VenueEvent) => void): Disposer {
    return this.#listeners.add(listener);
  }

  announce(event: VenueEvent): void {
    this.#listeners.tell(event);
  }

  #count(fill: VenueFill): void {
    this.#lastFills.set(fill.symbol, fill);
    this.#fillCounts.set(fill.symbol, (this.#fillCounts.get(fill.symbol) ?? 0) + 1);
    this.#fillCount += 1;
  }

  #save(change: Partial<SimulatedVenueState>): void {
    this.#store.save({ ...NO_CHANGE, ...change });
  }
}
