import { type Logger, type Timers, VenueError } from '../domain/index.ts';
import type { FlattenProblem } from './flatten-tally.ts';

export interface VenueTalkOptions {
  /** The venue's name. */
  readonly venue: string;
  readonly timers: Timers;
  readonly log: Logger;
}

/** A call that has not answered by then is not waited for. */
const LIMIT_MS = 10_000;

/** A conversation in an emergency: what fails or does not answer is noted, and the rest goes on. */
export class VenueTalk {
  readonly #options: VenueTalkOptions;
  #problems: readonly FlattenProblem[] = [];

  constructor(options: VenueTalkOptions) {
    this.#options = options;
  }

  /** What failed. */
  get problems(): readonly FlattenProblem[] {
    return this.#problems;
  }

  /** @returns what the call came to; undefined when it failed or did not answer. Never rejects. */
  async attempt<T>(what: string, act: () => Promise<T>): Promise<T | undefined> {
    const { venue, log } = this.#options;
    try {
      return await this.#within(act);
    } catch (error) {
      log.error({ what, error }, 'flattening: a step failed and is tried again');
      this.#problems = [...this.#problems, { about: what, line: `${venue} ${what}: ${String(error)}` }];
      return undefined;
    }
  }

  async #within<T>(act: () => Promise<T>): Promise<T> {
    const { timers } = this.#options;
    const done = new AbortController();
    const late = async (): Promise<never> => {
      await timers.wait(LIMIT_MS, done.signal);
      throw new VenueError('uncertain', `no answer in ${LIMIT_MS / 1000} s`);
    };
    try {
      return await Promise.race([act(), late()]);
    } finally {
      done.abort();
    }
  }
}
