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

/** Something that is gone after. */
interface Goal {
  /** How often it was asked for: a reason that comes during an attempt needs another one. */
  asked: number;
  /** Pauses that are still to come before the last one repeats. */
  pausesMs: readonly number[];
  /** Ends the pause that it is in; null during an attempt. */
  pause: AbortController | null;
}

/** Goes after goals, a symbol's or an order's, soon and again with growing pauses, until each is reached. */
export class Pursuit {
  readonly #options: PursuitOptions;
  readonly #goals = new Map<string, Goal>();
  readonly #end = new AbortController();

  constructor(options: PursuitOptions) {
    this.#options = options;
  }

  /** Begins; where that is under way, one attempt that begins after this call follows at least. */
  begin(key: string): void {
    if (this.#end.signal.aborted) return;
    const goal = this.#goals.get(key);
    if (goal !== undefined) {
      goal.asked += 1;
      return;
    }
    const begun: Goal = { asked: 1, pausesMs: this.#options.pausesMs, pause: null };
    this.#goals.set(key, begun);
    void this.#go(key, begun);
  }

  /** Begins, or begins anew where a long pause is under way: there is something new. */
  hurry(key: string): void {
    const pausing = this.#goals.get(key);
    this.begin(key);
    if (pausing === undefined || pausing.pause === null) return;
    pausing.pausesMs = this.#options.pausesMs;
    pausing.pause.abort();
  }

  /** Tries no more. */
  close(): void {
    this.#end.abort();
  }

  async #go(key: string, goal: Goal): Promise<void> {
    for (let reached = false; !reached; ) {
      await this.#wait(goal);
      if (this.#end.signal.aborted) return;
      const { asked } = goal;
      reached = (await this.#attempt(key)) && goal.asked === asked;
    }
    this.#goals.delete(key);
  }

  async #wait(goal: Goal): Promise<void> {
    const { timers, patience, pausesMs } = this.#options;
    const longest = Math.max(...pausesMs);
    const end = this.#end.signal;
    let isCut: boolean;
    do {
      const pause = new AbortController();
      const [leftMs = longest, ...later] = goal.pausesMs;
      goal.pausesMs = later;
      goal.pause = pause;
      await timers.wait(leftMs, AbortSignal.any([end, pause.signal]));
      isCut = pause.signal.aborted;
    } while (isCut && !end.aborted);
    goal.pause = null;
    // What the venue wants may have been told meanwhile.
    while (patience.remainingMs > 0 && !end.aborted) await timers.wait(patience.remainingMs, end);
  }

  async #attempt(key: string): Promise<boolean> {
    const { log, goal, attempt } = this.#options;
    try {
      return await attempt(key);
    } catch (error) {
      log.warn({ key, error }, `${goal}: the venue did not answer and is asked again`);
      return false;
    }
  }
}
