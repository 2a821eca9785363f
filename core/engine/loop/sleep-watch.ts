import type { Clock } from '../../domain/index.ts';

/** A program that computes is late by less, and so is a clock that was corrected. */
const STOOD_STILL_MS = 20_000;

/**
 * Tells when the machine has slept, by its clock, which goes on meanwhile: on most systems the timers rest with it. A
 * program that was stopped, or too busy to look, has missed as much.
 */
export class SleepWatch {
  readonly #machine: Clock;
  readonly #everyMs: number;
  #lookedAt: number;

  /** Whoever asks looks so often. */
  constructor(machine: Clock, everyMs: number) {
    this.#machine = machine;
    this.#everyMs = everyMs;
    this.#lookedAt = machine.now();
  }

  /** For how many milliseconds nobody has looked, where that is long; null: all is well. A clock set back says nothing. */
  look(): number | null {
    const now = this.#machine.now();
    const missedMs = now - this.#lookedAt - this.#everyMs;
    this.#lookedAt = now;
    return missedMs > STOOD_STILL_MS ? missedMs : null;
  }
}

/** For the trader. */
export function stoodStillWords(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const hours = Math.floor(minutes / 60);
  const seconds = Math.floor(ms / 1_000);
  const long = hours > 0 ? `${hours} h ${minutes % 60} min` : minutes > 0 ? `${minutes} min` : `${seconds} s`;
  return `for ${long}: the machine slept, or its clock was set. Stops at the venue held meanwhile; entries wait until the books have been compared with the venue`;
}
