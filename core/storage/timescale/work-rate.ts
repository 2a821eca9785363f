const SECOND_MS = 1_000;

/** How many rows a second are told while any are: the time in which there was nothing to tell is no part of it. */
export class WorkRate {
  readonly #overMs: number;
  #rows = 0;
  #ms = 0;

  /** @param overMs so much work makes a figure, and what is less where the work ends. */
  constructor(overMs: number) {
    this.#overMs = overMs;
  }

  /**
   * Counts a round of work, or one that had nothing to do.
   *
   * @returns rows a second, where there is a new figure.
   */
  round(rows: number, ms: number, worked: boolean): number | null {
    if (worked) {
      this.#rows += rows;
      this.#ms += ms;
      if (this.#ms < this.#overMs) return null;
    }
    const rate = this.#rows === 0 ? null : Math.round((this.#rows * SECOND_MS) / Math.max(1, this.#ms));
    this.#rows = 0;
    this.#ms = 0;
    return rate;
  }
}
