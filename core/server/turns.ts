import { CallError } from '../contract/index.ts';

/** More wait for nobody's answer: a program that asks on without reading would fill the memory. */
const MOST_WAITING = 64;

/**
 * Lets one question of other programs through at a time, and whatever else has come meanwhile in between: an answer of
 * thousands of rows takes milliseconds, and hundreds asked for at once would hold up the emergency stop for seconds.
 */
export class Turns {
  readonly #later: (act: () => void) => void;
  readonly #waiting: (() => void)[] = [];

  /** @param later acts once everything that has come by then was looked at. */
  constructor(later: (act: () => void) => void = setImmediate) {
    this.#later = later;
  }

  /** Resolves when it is its turn. @throws CallError when too many wait. */
  async wait(): Promise<void> {
    if (this.#waiting.length >= MOST_WAITING) {
      throw new CallError('UNAVAILABLE', 'too many questions at once: wait for the answers', {
        retryable: true,
      });
    }
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) this.#later(this.#next);
    });
  }

  readonly #next = (): void => {
    this.#waiting.shift()?.();
    if (this.#waiting.length > 0) this.#later(this.#next);
  };
}
