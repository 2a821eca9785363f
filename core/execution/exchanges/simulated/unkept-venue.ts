import {
  type AccountEvent,
  type AssetAmount,
  type ClientOrderId,
  isFinal,
  type Position,
  type SimulatedVenueState,
  type SimulatedVenueStore,
  type UtcMs,
  type VenueBeginning,
  type VenueFill,
  type VenueOrder,
  type VenueOrderId,
  type VenueOrderKey,
} from '../../../domain/index.ts';

/** Remembers everything until the program ends: for backtests, and for tests of what comes after. */
export class UnkeptVenue implements SimulatedVenueStore {
  readonly #orders = new Map<VenueOrderId, VenueOrder>();
  readonly #venueIds = new Map<ClientOrderId, VenueOrderId>();
  /** By symbol, ascending by time. */
  readonly #fills = new Map<string, VenueFill[]>();
  readonly #accountEvents: AccountEvent[] = [];
  readonly #balances = new Map<string, AssetAmount>();
  readonly #appliedUntil = new Map<string, UtcMs>();
  readonly #positions = new Map<string, Position>();
  readonly #activeAt = new Map<VenueOrderId, UtcMs>();
  readonly #expiresAt = new Map<VenueOrderId, UtcMs>();

  load(): VenueBeginning {
    return {
      orders: [...this.#orders.values()].filter(({ status }) => !isFinal(status)),
      orderCount: this.#orders.size,
      fillCounts: new Map([...this.#fills].map(([symbol, { length }]) => [symbol, length])),
      balances: new Map(this.#balances),
      appliedUntil: new Map(this.#appliedUntil),
      positions: new Map(this.#positions),
      activeAt: new Map(this.#activeAt),
      expiresAt: new Map(this.#expiresAt),
      accountEvents: [...this.#accountEvents],
    };
  }

  save(change: SimulatedVenueState): void {
    for (const order of change.orders) {
      this.#orders.set(order.venueOrderId, order);
      if (order.clientOrderId !== null) this.#venueIds.set(order.clientOrderId, order.venueOrderId);
    }
    for (const fill of change.fills) {
      const own = this.#fills.get(fill.symbol);
      if (own === undefined) this.#fills.set(fill.symbol, [fill]);
      else own.push(fill);
    }
    this.#accountEvents.push(...(change.accountEvents ?? []));
    put(this.#balances, change.balances);
    put(this.#appliedUntil, change.appliedUntil);
    put(this.#positions, change.positions);
    put(this.#activeAt, change.activeAt);
    put(this.#expiresAt, change.expiresAt);
  }

  order(key: VenueOrderKey): VenueOrder | undefined {
    const id = 'venueOrderId' in key ? key.venueOrderId : this.#venueIds.get(key.clientOrderId);
    return id === undefined ? undefined : this.#orders.get(id);
  }

  fills(symbol: string, from: number, count: number): readonly VenueFill[] {
    return this.#fills.get(symbol)?.slice(from, from + count) ?? [];
  }

  fillsBefore(symbol: string, time: UtcMs): number {
    return (this.#fills.get(symbol) ?? []).findLastIndex((fill) => fill.time < time) + 1;
  }
}

function put<K, V>(all: Map<K, V>, more: ReadonlyMap<K, V> = new Map()): void {
  for (const [key, value] of more) all.set(key, value);
}
