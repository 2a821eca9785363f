import { VenueError } from '../../../domain/index.ts';

/**
 * Whether the venue takes the key, by what it answers to signed calls: a key can be revoked, bound to another address or
 * lose a right while the program runs, and a user stream goes on meanwhile.
 */
export class KeyWatch {
  readonly #venue: string;
  readonly #onChange: () => void;
  #reading: string | null = null;
  #trading: string | null = null;

  /** @param venue its name. */
  constructor(venue: string, onChange: () => void) {
    this.#venue = venue;
    this.#onChange = onChange;
  }

  /** What is the matter, with what to do; null while nothing is. */
  get trouble(): string | null {
    return this.#reading ?? this.#trading;
  }

  /** Makes a call that may ask the venue, or know the answer without. */
  async asking<T>(call: () => Promise<T>): Promise<T> {
    return this.#watched(call, (refused) => {
      if (refused !== null) this.#reading = this.#notTaken(refused);
    });
  }

  /** Makes a call that surely asks: its answer shows that the key is taken. */
  async proving<T>(call: () => Promise<T>): Promise<T> {
    return this.#watched(call, (refused) => {
      this.#reading = refused && this.#notTaken(refused);
    });
  }

  /** Makes a call about an order. */
  async ordering<T>(call: () => Promise<T>): Promise<T> {
    return this.#watched(call, (refused) => {
      this.#trading =
        refused &&
        `${this.#venue} takes no orders by this key (${refused}): allow it to trade there; it is tried again within minutes`;
    });
  }

  /** Lets orders be tried again: nothing else would show that the right was given. */
  forgive(): void {
    this.#change(() => {
      this.#trading = null;
    });
  }

  #notTaken(refused: string): string {
    return `${this.#venue} does not take the key any more (${refused}): see there that it exists, may read and trade, and is allowed from this machine's address`;
  }

  async #watched<T>(call: () => Promise<T>, set: (refused: string | null) => void): Promise<T> {
    try {
      const answer = await call();
      this.#change(() => set(null));
      return answer;
    } catch (error) {
      if (error instanceof VenueError && error.fault === 'unauthorised')
        this.#change(() => set(error.message));
      throw error;
    }
  }

  #change(change: () => void): void {
    const before = this.trouble;
    change();
    if (this.trouble !== before) this.#onChange();
  }
}
