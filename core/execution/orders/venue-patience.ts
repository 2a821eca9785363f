import type { Timers } from '../../domain/index.ts';

/** How long a venue wants to be left alone, as it last said. Who tries again and again asks here first. */
export class VenuePatience {
  readonly #timers: Pick<Timers, 'monotonicMs'>;
  #untilMs = 0;

  constructor(timers: Pick<Timers, 'monotonicMs'>) {
    this.#timers = timers;
  }

  /** The venue wants to be left alone for so long. A shorter time does not end a longer one. */
  wait(forMs: number): void {
    this.#untilMs = Math.max(this.#untilMs, this.#timers.monotonicMs() + forMs);
  }

  get remainingMs(): number {
    return Math.max(0, this.#untilMs - this.#timers.monotonicMs());
  }
}

/** For the trader: how long is still to be waited. */
export function leftAlone(venue: string, remainingMs: number): string {
  return `${venue} asked to be left alone for another ${Math.ceil(remainingMs / 1_000)} s`;
}
