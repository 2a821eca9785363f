import { type Timers, VenueError } from '../../domain/index.ts';

/** How long the venue wants to be left alone, as it last said. Who tries again and again asks here first. */
export class VenuePatience {
  readonly #timers: Pick<Timers, 'monotonicMs'>;
  #untilMs = 0;

  constructor(timers: Pick<Timers, 'monotonicMs'>) {
    this.#timers = timers;
  }

  /** Takes note of what a failed call says about it. */
  note(error: unknown): void {
    const waitMs = error instanceof VenueError ? error.retryAfterMs : null;
    if (waitMs !== null) this.#untilMs = Math.max(this.#untilMs, this.#timers.monotonicMs() + waitMs);
  }

  get remainingMs(): number {
    return Math.max(0, this.#untilMs - this.#timers.monotonicMs());
  }
}
