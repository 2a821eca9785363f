import type { Logger, Timers } from '../../domain/index.ts';
import type { VenuePatience } from './venue-patience.ts';

export interface PursuitOptions {
  readonly timers: Timers;
  readonly log: Logger;
  readonly patience: VenuePatience;
  /** What is tried again, for the log. */
  readonly goal: string;
  /** Tries once. @returns whether the goal is reached; a rejection counts as not. */
  readonly attempt: (key: string) => Promise<boolean>;
  /** How long to wait before each attempt; the last one holds for all further ones. */
  readonly pausesMs: readonly [number, ...number[]];
}

/** Goes after goals, a symbol's or an order's, soon and again with growing pauses, until each is reached. */
export class Pursuit {
  readonly #options: PursuitOptions;
  /** How often each goal under way was asked for: a reason that comes during an attempt needs another one. */
  readonly #pursued = new Map<string, number>();
  readonly #end = new AbortController();

  constructor(options: PursuitOptions) {
    this.#options = options;
  }

  /** Begins; where that is under way, one attempt that begins after this call follows at least. */
  begin(key: string): void {
    if (this.#end.signal.aborted) return;
    const asked = this.#pursued.get(key) ?? 0;
    this.#pursued.set(key, asked + 1);
    if (asked === 0) void this.#go(key);
  }

  /** Tries no more. */
  close(): void {
    this.#end.abort();
  }

  async #go(key: string): Promise<void> {
    const { timers, patience } = this.#options;
    const [first, ...later] = this.#options.pausesMs;
    let pauseMs = first;
    for (let reached = false; !reached; ) {
      // What the venue wants may be told during a pause.
      for (let leftMs: number = pauseMs; leftMs > 0; leftMs = patience.remainingMs) {
        await timers.wait(leftMs, this.#end.signal);
        if (this.#end.signal.aborted) return;
      }
      pauseMs = later.shift() ?? pauseMs;
      const asked = this.#pursued.get(key);
      reached = (await this.#attempt(key)) && this.#pursued.get(key) === asked;
    }
    this.#pursued.delete(key);
  }

  async #attempt(key: string): Promise<boolean> {
    const { log, goal, patience, attempt } = this.#options;
    try {
      return await attempt(key);
    } catch (error) {
      patience.note(error);
      log.warn({ key, error }, `${goal}: the venue did not answer and is asked again`);
      return false;
    }
  }
}
