import { VenueError } from '../../../domain/index.ts';

/** Each wait twice as long as the one before, up to the longest, and never shorter than the venue asks for. */
export class BackOff {
  readonly #firstMs: number;
  readonly #longestMs: number;
  #nextMs: number;

  constructor(firstMs: number, longestMs: number) {
    this.#firstMs = firstMs;
    this.#longestMs = longestMs;
    this.#nextMs = firstMs;
  }

  /** How long to wait after this failure. */
  after(error: unknown): number {
    const waitMs = this.#nextMs;
    this.#nextMs = Math.min(2 * waitMs, this.#longestMs);
    const asked = error instanceof VenueError ? (error.retryAfterMs ?? 0) : 0;
    return Math.max(waitMs, asked);
  }

  reset(): void {
    this.#nextMs = this.#firstMs;
  }
}
