import {
  isFinal,
  type SimulatedVenueState,
  type SimulatedVenueStore,
  type UtcMs,
  type VenueBeginning,
  type VenueFill,
  type VenueOrder,
  type VenueOrderKey,
} from '../domain/index.ts';
import type { RetriedWrites } from './retried-writes.ts';

/**
 * What the simulated venue remembers. It plays a machine of its own: what it knows it goes on knowing, and all that
 * waits is one change, which is never given up.
 */
export class RetriedVenueStore implements SimulatedVenueStore {
  readonly #store: SimulatedVenueStore;
  readonly #writes: RetriedWrites;
  #waiting: SimulatedVenueState | undefined;

  /** @param writes the venue's alone. */
  constructor(store: SimulatedVenueStore, writes: RetriedWrites) {
    this.#store = store;
    this.#writes = writes;
  }

  load(): VenueBeginning {
    const stored = this.#store.load();
    const waiting = this.#waiting;
    if (waiting === undefined) return stored;
    const isNew = ({ venueOrderId }: VenueOrder): boolean =>
      this.#store.order({ venueOrderId }) === undefined;
    const fillCounts = new Map(stored.fillCounts);
    for (const { symbol } of waiting.fills) fillCounts.set(symbol, (fillCounts.get(symbol) ?? 0) + 1);
    const { fills: _fills, ...all } = after({ ...stored, fills: [] }, waiting);
    return {
      ...all,
      orders: all.orders.filter(({ status }) => !isFinal(status)),
      orderCount: stored.orderCount + waiting.orders.filter(isNew).length,
      fillCounts,
    };
  }

  order(key: VenueOrderKey): VenueOrder | undefined {
    const isIt = (order: VenueOrder): boolean =>
      'venueOrderId' in key
        ? order.venueOrderId === key.venueOrderId
        : order.clientOrderId === key.clientOrderId;
    return this.#waiting?.orders.findLast(isIt) ?? this.#store.order(key);
  }

  fills(symbol: string, from: number, count: number): readonly VenueFill[] {
    const written = this.#store.fills(symbol, from, count);
    const waiting = this.#waitingFills(symbol);
    if (waiting.length === 0 || written.length === count) return written;
    // What waits comes behind all that is written.
    const first = written.length > 0 ? 0 : from - this.#store.fillsBefore(symbol, Number.POSITIVE_INFINITY);
    return [...written, ...waiting.slice(first, first + count - written.length)];
  }

  fillsBefore(symbol: string, time: UtcMs): number {
    const waiting = this.#waitingFills(symbol).filter((fill) => fill.time < time).length;
    return this.#store.fillsBefore(symbol, time) + waiting;
  }

  #waitingFills(symbol: string): readonly VenueFill[] {
    return this.#waiting?.fills.filter((fill) => fill.symbol === symbol) ?? [];
  }

  save(change: SimulatedVenueState): void {
    const all = this.#waiting === undefined ? change : after(this.#waiting, change);
    this.#writes.write({
      key: 'venue',
      expendable: false,
      run: () => this.#store.save(all),
      onWait: () => {
        this.#waiting = all;
      },
      onEnd: () => {
        this.#waiting = undefined;
      },
    });
  }
}

/** What a venue remembers after a further change. */
function after(state: SimulatedVenueState, change: SimulatedVenueState): Required<SimulatedVenueState> {
  const orders = new Map([...state.orders, ...change.orders].map((order) => [order.venueOrderId, order]));
  return {
    orders: [...orders.values()],
    fills: [...state.fills, ...change.fills],
    balances: new Map([...state.balances, ...change.balances]),
    appliedUntil: new Map([...state.appliedUntil, ...change.appliedUntil]),
    positions: new Map([...(state.positions ?? []), ...(change.positions ?? [])]),
    activeAt: new Map([...(state.activeAt ?? []), ...(change.activeAt ?? [])]),
    expiresAt: new Map([...(state.expiresAt ?? []), ...(change.expiresAt ?? [])]),
    accountEvents: [...(state.accountEvents ?? []), ...(change.accountEvents ?? [])],
  };
}
