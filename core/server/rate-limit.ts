import type { Clock, UtcMs } from '../domain/index.ts';

/** A bucket that fills steadily: short bursts pass, a flood does not. */
export class RateLimit {
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #clock: Clock;
  #left: number;
  #filledAt: UtcMs;

  constructor({
    burst,
    perSecond,
    clock,
  }: { readonly burst: number; readonly perSecond: number; readonly clock: Clock }) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#clock = clock;
    this.#left = burst;
    this.#filledAt = clock.now();
  }

  /** Takes one. @returns whether there was one. */
  take(): boolean {
    const now = this.#clock.now();
    // A clock that was set back fills nothing.
    const seconds = Math.max(0, now - this.#filledAt) / 1000;
    this.#left = Math.min(this.#burst, this.#left + seconds * this.#perSecond);
    this.#filledAt = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
