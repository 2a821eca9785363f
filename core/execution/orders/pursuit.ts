import { type Logger, type Timers, VenueError } from '../../domain/index.ts';

export interface PursuitOptions {
  readonly timers: Timers;
  readonly log: Logger;
  /** What is tried again, for the log. */
  readonly goal: string;
  /** Tries once. @returns whether the goal is reached; a rejection counts as not. */
  readonly attempt: (symbol: string) => Promise<boolean>;
  /** How long to wait before each attempt; the last one holds for all further ones. */
  readonly pausesMs: readonly [number, ...number[]];
}

/** Goes after a goal for a symbol, at once and again with growing pauses, until it is reached. */
export class Pursuit {
  readonly #options: PursuitOptions;
  readonly #pursued = new Set<string>();
  readonly #end = new AbortController();

  constructor(options: PursuitOptions) {
    this.#options = options;
  }

  /** Begins, unless that is under way for this symbol. */
  begin(symbol: string): void {
    if (this.#pursued.has(symbol) || this.#end.signal.aborted) return;
    this.#pursued.add(symbol);
    void this.#go(symbol).finally(() => this.#pursued.delete(symbol));
  }

  close(): void {
    this.#end.abort();
  }

  async #go(symbol: string): Promise<void> {
    const { timers } = this.#options;
    const [first, ...later] = this.#options.pausesMs;
    let pauseMs = first;
    for (let reached = false; !reached; ) {
      await timers.wait(pauseMs, this.#end.signal);
      if (this.#end.signal.aborted) return;
      pauseMs = later.shift() ?? pauseMs;
      reached = await this.#attempt(symbol);
    }
  }

  async #attempt(symbol: string): Promise<boolean> {
    const { timers, log, goal, attempt } = this.#options;
    try {
      return await attempt(symbol);
    } catch (error) {
      log.warn({ symbol, error }, `${goal}: the venue did not answer and is asked again`);
      const waitMs = error instanceof VenueError ? (error.retryAfterMs ?? 0) : 0;
      if (waitMs > 0) await timers.wait(waitMs, this.#end.signal);
      return false;
    }
  }
}
