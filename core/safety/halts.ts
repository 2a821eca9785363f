import type { UtcMs } from '../domain/index.ts';
import type { Trip } from './breaker-document.ts';
import type { BreakerCode } from './breaker-rules.ts';

/** The breaker's halts in force, one of a rule at most. */
export class Halts {
  #trips: readonly Trip[];
  /** Asked for with every verdict. */
  #longestFirst: readonly Trip[];

  /** In the order in which they began, the worst of one moment first. */
  constructor(trips: readonly Trip[] = []) {
    this.#trips = trips;
    this.#longestFirst = longestFirst(trips);
  }

  get all(): readonly Trip[] {
    return this.#trips;
  }

  has(code: BreakerCode): boolean {
    return this.#trips.some((trip) => trip.code === code);
  }

  add(trip: Trip): void {
    this.#set([...this.#trips, trip]);
  }

  remove(ended: readonly Trip[]): void {
    this.#set(this.#trips.filter((trip) => !ended.includes(trip)));
  }

  /** Those whose time is over. */
  over(time: UtcMs): readonly Trip[] {
    return this.#trips.filter(({ until }) => until !== null && time >= until);
  }

  /** Those that only the trader ends. */
  waiting(): readonly Trip[] {
    return this.#trips.filter(({ until }) => until === null);
  }

  /** When the next one ends by itself; infinite when none does. */
  get nextEnd(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { until } of this.#trips) if (until !== null) next = Math.min(next, until);
    return next;
  }

  /** The one that lasts longest; of equals the worse. */
  get longest(): Trip | undefined {
    return this.#longestFirst[0];
  }

  /** Why, of all of them, the longest first; null when there is none. */
  get reason(): string | null {
    const messages = this.#longestFirst.map(({ message }) => message);
    return messages.length === 0 ? null : messages.join('; ');
  }

  #set(trips: readonly Trip[]): void {
    this.#trips = trips;
    this.#longestFirst = longestFirst(trips);
  }
}

/** Of those that last as long the worse first. */
function longestFirst(trips: readonly Trip[]): readonly Trip[] {
  const end = ({ until }: Trip) => until ?? Number.MAX_VALUE;
  return trips.toSorted((a, b) => end(b) - end(a));
}
