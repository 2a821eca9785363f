import { type Exchange, type Timers, VenueError, type VenueEvent } from '../../domain/index.ts';

/**
 * A venue that is left alone for as long as it asked to be. Whoever calls it meanwhile is refused here, without a word
 * to the venue: one part of the program that goes on asking would have all of them shut out.
 */
export class PacedExchange implements Exchange {
  readonly #venue: Exchange;
  readonly #timers: Timers;
  /** Until when the venue wants to be left alone (monotonic). */
  #quietUntilMs = Number.NEGATIVE_INFINITY;

  constructor(venue: Exchange, timers: Timers) {
    this.#venue = venue;
    this.#timers = timers;
  }

  get id() {
    return this.#venue.id;
  }
  get profile() {
    return this.#venue.profile;
  }
  get connection() {
    return this.#venue.connection;
  }
  open(...args: Parameters<Exchange['open']>) {
    return this.#venue.open(...args);
  }
  close() {
    return this.#venue.close();
  }
  instrument(symbol: string) {
    return this.#venue.instrument(symbol);
  }
  costs(symbol: string) {
    return this.#venue.costs(symbol);
  }
  clockOffsetMs() {
    return this.#venue.clockOffsetMs();
  }
  submit(...args: Parameters<Exchange['submit']>) {
    return this.#call(() => this.#venue.submit(...args));
  }
  cancel(...args: Parameters<Exchange['cancel']>) {
    return this.#call(() => this.#venue.cancel(...args));
  }
  order(...args: Parameters<Exchange['order']>) {
    return this.#call(() => this.#venue.order(...args));
  }
  openOrders() {
    return this.#call(() => this.#venue.openOrders());
  }
  fills(...args: Parameters<Exchange['fills']>) {
    return this.#call(() => this.#venue.fills(...args));
  }
  account() {
    return this.#call(() => this.#venue.account());
  }
  accountEvents(...args: Parameters<Exchange['accountEvents']>) {
    return this.#call(() => this.#venue.accountEvents(...args));
  }
  onEvent(listener: (event: VenueEvent) => void) {
    return this.#venue.onEvent(listener);
  }

  /** Synchronous up to the venue, as its callers count on. */
  #call<T>(call: () => Promise<T>): Promise<T> {
    const leftMs = this.#quietUntilMs - this.#timers.monotonicMs();
    if (leftMs > 0) {
      const message = `${this.id} asked to be left alone for another ${Math.ceil(leftMs / 1_000)} s`;
      return Promise.reject(new VenueError('rate-limited', message, { retryAfterMs: leftMs }));
    }
    const answer = call();
    answer.catch((error: unknown) => this.#note(error));
    return answer;
  }

  #note(error: unknown): void {
    if (!(error instanceof VenueError) || error.retryAfterMs === null) return;
    this.#quietUntilMs = Math.max(this.#quietUntilMs, this.#timers.monotonicMs() + error.retryAfterMs);
  }
}
