import type { WallTimers } from '../../domain/index.ts';

/** Waits up to this are over at once, as if the time had passed: retries need nobody's help. */
const SHORT_MS = 5_000;

interface Waiting {
  readonly due: number;
  readonly end: () => void;
}

/** Time that passes when a test says so; short waits pass by themselves and are written down. */
export class ManualTimers implements WallTimers {
  /** The short waits so far, in ms. */
  readonly waits: number[] = [];
  #now = 0;
  #waiting: Waiting[] = [];

  monotonicMs(): number {
    return this.#now;
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    if (ms <= SHORT_MS) {
      this.waits.push(ms);
      this.#now += ms;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const waiting: Waiting = { due: this.#now + ms, end: resolve };
      this.#waiting.push(waiting);
      signal?.addEventListener('abort', () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        resolve();
      });
    });
  }

  advance(ms: number): void {
    this.#now += ms;
    const due = this.#waiting.filter((waiting) => waiting.due <= this.#now);
    this.#waiting = this.#waiting.filter((waiting) => waiting.due > this.#now);
    for (const { end } of due) end();
  }
}
