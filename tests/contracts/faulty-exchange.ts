import {
  type Disposer,
  type Exchange,
  VenueError,
  type VenueEvent,
  type VenueFault,
} from '../../core/domain/index.ts';

type Call = 'submit' | 'cancel' | 'order' | 'openOrders' | 'fillsSince' | 'positions';

/** `before`: the venue never got the call. `after`: it acted, and its answer was lost. */
interface Fault {
  readonly when: 'before' | 'after';
  readonly error: unknown;
}

/** A venue whose line is bad: calls fail on demand, before or after taking effect, and events can be withheld. */
export class FaultyExchange implements Exchange {
  readonly id: string;
  readonly calls: string[] = [];
  /** While true no event reaches the listeners, as during a disconnect. */
  mute = false;
  /** Answers put in the place of the venue's own. */
  readonly instead: Partial<{ [K in Call]: (...args: Parameters<Exchange[K]>) => ReturnType<Exchange[K]> }> =
    {};
  readonly #venue: Exchange;
  readonly #listeners = new Set<(event: VenueEvent) => void>();
  readonly #faults = new Map<Call, Fault[]>();

  constructor(venue: Exchange) {
    this.#venue = venue;
    this.id = venue.id;
  }

  /** The next call of this kind fails. */
  fail(call: Call, when: Fault['when'] = 'after', fault: VenueFault | Error = 'uncertain'): void {
    const error = fault instanceof Error ? fault : new VenueError(fault, `the line broke (${fault})`);
    this.#faults.set(call, [...(this.#faults.get(call) ?? []), { when, error }]);
  }

  instrument(symbol: string) {
    return this.#venue.instrument(symbol);
  }
  submit(...args: Parameters<Exchange['submit']>) {
    return this.#call('submit', args[0].clientOrderId, () =>
      (this.instead.submit ?? this.#venue.submit.bind(this.#venue))(...args),
    );
  }
  cancel(...args: Parameters<Exchange['cancel']>) {
    return this.#call('cancel', args[1], () =>
      (this.instead.cancel ?? this.#venue.cancel.bind(this.#venue))(...args),
    );
  }
  order(...args: Parameters<Exchange['order']>) {
    return this.#call('order', args[1], () =>
      (this.instead.order ?? this.#venue.order.bind(this.#venue))(...args),
    );
  }
  openOrders() {
    return this.#call('openOrders', '', () =>
      (this.instead.openOrders ?? this.#venue.openOrders.bind(this.#venue))(),
    );
  }
  fillsSince(...args: Parameters<Exchange['fillsSince']>) {
    return this.#call('fillsSince', '', () =>
      (this.instead.fillsSince ?? this.#venue.fillsSince.bind(this.#venue))(...args),
    );
  }
  positions() {
    return this.#call('positions', '', () =>
      (this.instead.positions ?? this.#venue.positions.bind(this.#venue))(),
    );
  }
  balances() {
    return this.#venue.balances();
  }
  onEvent(listener: (event: VenueEvent) => void): Disposer {
    this.#listeners.add(listener);
    const stop = this.#venue.onEvent((event) => {
      if (!this.mute) listener(event);
    });
    return () => {
      this.#listeners.delete(listener);
      stop();
    };
  }

  /** Announces something that the venue itself did not. */
  announce(event: VenueEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #call<T>(call: Call, id: string, act: () => Promise<T>): Promise<T> {
    this.calls.push(id === '' ? call : `${call} ${id}`);
    const fault = this.#faults.get(call)?.shift();
    if (fault === undefined) return act();
    if (fault.when === 'before') return Promise.reject(fault.error);
    return act().then(
      () => Promise.reject(fault.error),
      () => Promise.reject(fault.error),
    );
  }
}
