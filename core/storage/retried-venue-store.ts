import type { SimulatedVenueState, SimulatedVenueStore } from '../domain/index.ts';
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

  load(): SimulatedVenueState {
    const stored = this.#store.load();
    return this.#waiting === undefined ? stored : after(stored, this.#waiting);
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
function after(state: SimulatedVenueState, change: SimulatedVenueState): SimulatedVenueState {
  const orders = new Map([...state.orders, ...change.orders].map((order) => [order.venueOrderId, order]));
  return {
    orders: [...orders.values()],
    fills: [...state.fills, ...change.fills],
    balances: new Map([...state.balances, ...change.balances]),
    appliedUntil: new Map([...state.appliedUntil, ...change.appliedUntil]),
    activeAt: new Map([...(state.activeAt ?? []), ...(change.activeAt ?? [])]),
    expiresAt: new Map([...(state.expiresAt ?? []), ...(change.expiresAt ?? [])]),
    accountEvents: [...(state.accountEvents ?? []), ...(change.accountEvents ?? [])],
  };
}
