import type { Timers } from '../../domain/index.ts';

/** Where it does not say for how long: at first, at most, and how long after a pause another one counts as the next. */
const FIRST_MS = 2_000;
const LONGEST_MS = 60_000;
const CALM_MS = 60_000;

/** How long a venue wants to be left alone, as it last said. Who tries again and again asks here first. */
export class VenuePatience {
  readonly #timers: Pick<Timers, 'monotonicMs'>;
  #untilMs = 0;
  /** The last pause for which no time was said. */
  #unsaidMs = 0;

  constructor(timers: Pick<Timers, 'monotonicMs'>) {
    this.#timers = timers;
  }

  /** The venue wants to be left alone for so long. A shorter time does not end a longer one. */
  wait(forMs: number): void {
    this.#untilMs = Math.max(this.#untilMs, this.#timers.monotonicMs() + forMs);
  }

  /** The venue was asked too often, and does not say for how long it is to be left alone: twice as long each time. */
  waitUnsaid(): void {
    // Who asked at the same time is refused as well: that is one refusal.
    if (this.remainingMs > 0) return;
    const isNext = this.#timers.monotonicMs() - this.#untilMs < CALM_MS;
    this.#unsaidMs = isNext ? Math.min(LONGEST_MS, Math.max(FIRST_MS, 2 * this.#unsaidMs)) : FIRST_MS;
    this.wait(this.#unsaidMs);
  }

  get remainingMs(): number {
    return Math.max(0, this.#untilMs - this.#timers.monotonicMs());
  }
}

/** For the trader: how long is still to be waited. */
export function leftAlone(venue: string, remainingMs: number): string {
  return `${venue} asked to be left alone for another ${Math.ceil(remainingMs / 1_000)} s`;
}
