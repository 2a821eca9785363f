import type { Clock, Timers } from '../../../core/domain/index.ts';

interface Wait {
  readonly until: number;
  readonly end: () => void;
}

/** The time of the process under test: it is what its runner last said, and waits end when that says so. */
export class ToldTime implements Timers, Clock {
  readonly #waits = new Set<Wait>();
  #now: number;
  #skewMs: number;

  constructor(now: number, skewMs: number) {
    this.#now = now;
    this.#skewMs = skewMs;
  }

  /** The wall's clock, which may be wrong. */
  now(): number {
    return this.#now + this.#skewMs;
  }

  monotonicMs(): number {
    return this.#now;
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const end = (): void => {
        this.#waits.delete(wait);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const wait: Wait = { until: this.#now + ms, end };
      signal?.addEventListener('abort', end);
      // What waits for no time waits for the others' turn.
      if (ms <= 0) setImmediate(end);
      else this.#waits.add(wait);
    });
  }

  /** Ends the waits that are over, in their order. */
  passTo(now: number, skewMs: number): void {
    this.#skewMs = skewMs;
    this.#now = Math.max(this.#now, now);
    const over = [...this.#waits].filter(({ until }) => until <= this.#now);
    for (const { end } of over.toSorted((a, b) => a.until - b.until)) end();
  }
}
