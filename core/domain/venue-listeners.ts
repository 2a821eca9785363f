import type { Disposer } from './disposable.ts';
import type { VenueEvent } from './exchange.ts';

/**
 * Who is told of a venue's events. What happens before anybody listens is kept, and told to the first who does as soon as
 * whatever is being put together at that moment has been: a fill between opening a venue and trading there would else be
 * missed until the books are compared. How the connection stands can be asked at any time and is not kept.
 */
export class VenueListeners {
  readonly #listeners = new Set<(event: VenueEvent) => void>();
  /** What nobody has been told of; null once somebody has. */
  #kept: VenueEvent[] | null = [];

  add(listener: (event: VenueEvent) => void): Disposer {
    this.#listeners.add(listener);
    if (this.#kept?.length === 0) this.#kept = null;
    if (this.#kept !== null) queueMicrotask(() => this.#tellKept());
    return () => {
      this.#listeners.delete(listener);
    };
  }

  tell(event: VenueEvent): void {
    if (this.#kept === null) for (const listener of [...this.#listeners]) listener(event);
    else if (event.kind !== 'connection') this.#kept.push(event);
  }

  #tellKept(): void {
    const kept = this.#kept ?? [];
    this.#kept = null;
    for (const event of kept) this.tell(event);
  }
}
