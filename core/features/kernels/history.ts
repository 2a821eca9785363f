// Ring indices stay inside the ring, so reads are cast to number.

/** The last `depth` + 1 values of a series, by age in bars. */
export class History {
  readonly #ring: Float64Array;
  #newest = 0;

  constructor(depth: number) {
    this.#ring = new Float64Array(depth + 1).fill(NaN);
  }

  push(x: number): void {
    if (Number.isNaN(x)) return;
    this.#newest = this.#newest + 1 === this.#ring.length ? 0 : this.#newest + 1;
    this.#ring[this.#newest] = x;
  }

  /** The value `bars` bars ago, 0 being the newest; NaN before there was one. `bars` must not exceed the depth. */
  ago(bars: number): number {
    const at = this.#newest - bars;
    return this.#ring[at < 0 ? at + this.#ring.length : at] as number;
  }
}
