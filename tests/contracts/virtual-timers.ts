import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Clock, Timers } from '../../core/domain/index.ts';

interface Waiting {
  readonly dueMs: number;
  readonly end: () => void;
}

/** Time that passes only when a test says so. As a clock it shows its monotonic time. */
export class VirtualTimers implements Timers, Clock {
  #nowMs = 0;
  #waiting: readonly Waiting[] = [];

  monotonicMs(): number {
    return this.#nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  /** Waits that have not ended. */
  get waiting(): number {
    return this.#waiting.length;
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const waiting: Waiting = { dueMs: this.#nowMs + ms, end: resolve };
      // Behind those that are due at the same time: who waited first goes on first.
      this.#waiting = [...this.#waiting, waiting].sort((a, b) => a.dueMs - b.dueMs);
      signal?.addEventListener('abort', () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        resolve();
      });
    });
  }

  /** Lets time pass, one wait after the other; whoever goes on has done what it can before the next one does. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await othersTurn();
    for (let next = this.#waiting[0]; next !== undefined && next.dueMs <= untilMs; next = this.#waiting[0]) {
      this.#waiting = this.#waiting.slice(1);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.end();
      await othersTurn();
    }
    // Passes may overlap: one that began earlier does not turn the time back.
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }
}
