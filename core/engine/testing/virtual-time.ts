import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Clock, Timers } from '../../domain/index.ts';

interface Waiting {
  readonly due: number;
  readonly end: () => void;
}

/** Time that passes only when a test says so. Its clock stands at the monotonic time. */
export class VirtualTime implements Timers, Clock {
  #now = 0;
  #waiting: readonly Waiting[] = [];

  monotonicMs(): number {
    return this.#now;
  }

  now(): number {
    return this.#now;
  }

  /** Waits that have not ended. */
  get pending(): number {
    return this.#waiting.length;
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const waiting: Waiting = { due: this.#now + ms, end: resolve };
      // Behind those that are due at the same time: who waited first goes on first.
      this.#waiting = [...this.#waiting, waiting].sort((a, b) => a.due - b.due);
      signal?.addEventListener('abort', () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        resolve();
      });
    });
  }

  /** Lets time pass, one wait after the other; whoever goes on has done what it can before the next one does. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    await othersTurn();
    for (let next = this.#waiting[0]; next !== undefined && next.due <= until; next = this.#waiting[0]) {
      this.#waiting = this.#waiting.slice(1);
      this.#now = Math.max(this.#now, next.due);
      next.end();
      await othersTurn();
    }
    this.#now = until;
  }
}
