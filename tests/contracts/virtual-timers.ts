import type { Timers } from '../../core/domain/index.ts';

interface Waiting {
  readonly dueMs: number;
  readonly end: () => void;
}

/** How often what is due may have something to say before the next moment: enough for chains of awaits. */
const TURNS = 50;

/** Time that passes when a test says so, and what was waiting for it happens in order. */
export class VirtualTimers implements Timers {
  #nowMs = 0;
  #waiting: Waiting[] = [];

  monotonicMs(): number {
    return this.#nowMs;
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const waiting: Waiting = { dueMs: this.#nowMs + ms, end: resolve };
      this.#waiting.push(waiting);
      signal?.addEventListener('abort', () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        resolve();
      });
    });
  }

  /** How many are waiting. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Lets time pass, with everything that happens meanwhile. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await turns();
    for (let next = this.#next(untilMs); next !== undefined; next = this.#next(untilMs)) {
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      this.#waiting = this.#waiting.filter((other) => other !== next);
      next.end();
      await turns();
    }
    this.#nowMs = untilMs;
  }

  #next(untilMs: number): Waiting | undefined {
    const due = this.#waiting.filter(({ dueMs }) => dueMs <= untilMs);
    return due.sort((a, b) => a.dueMs - b.dueMs)[0];
  }
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await Promise.resolve();
}
