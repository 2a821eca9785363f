import type { AbstentionCode, LlmFailure } from '../domain/index.ts';

/** Reasons that lie with the line, not with one answer. While they last the next call is as hopeless. */
const LINE_CODES: ReadonlySet<AbstentionCode> = new Set([
  'unauthorised',
  'payment-required',
  'model-not-found',
  'request-refused',
  'rate-limited',
  'unavailable',
  'timeout',
]);

const FAILURES_BEFORE_REST = 3;
const FIRST_REST_MS = 60_000;
const LONGEST_REST_MS = 15 * 60_000;

/**
 * Leaves a dead line alone, so that a loop on short bars keeps its pace: after three failed calls in a row it rests
 * for a minute, then lets one call try, and doubles the rest up to a quarter of an hour while that fails.
 */
export class LineRest {
  #failures = 0;
  #restMs = FIRST_REST_MS;
  #until = Number.NEGATIVE_INFINITY;
  #last: LlmFailure | undefined;

  /** Why no call should be made now; undefined when one may. @param now monotonic ms. */
  refusal(now: number): LlmFailure | undefined {
    if (now >= this.#until || this.#last === undefined) return undefined;
    const seconds = Math.ceil((this.#until - now) / 1_000);
    return { code: this.#last.code, message: `${this.#last.message}; tried again in ${seconds} s` };
  }

  /** Notes how a call ended: with an answer, sound or not, or with a failure. */
  note(failure: LlmFailure | null, now: number): void {
    if (failure === null || !LINE_CODES.has(failure.code)) {
      // The budget and the program's end say nothing about the line.
      if (failure === null || failure.code === 'broken-answer' || failure.code === 'refused') {
        this.#failures = 0;
        this.#restMs = FIRST_REST_MS;
      }
      return;
    }
    this.#failures += 1;
    this.#last = failure;
    if (this.#failures < FAILURES_BEFORE_REST) return;
    this.#until = now + this.#restMs;
    this.#restMs = Math.min(LONGEST_REST_MS, this.#restMs * 2);
  }
}
