// Indices run over 0..window by construction, so reads of the cells are cast to number.

/**
 * Sum and mean of the last `window` values, without ever subtracting one: the window is the values of the
 * current block, summed as they come, and the tail of the block before, whose suffix sums were taken when it was
 * complete (the two-stack queue; Tangwongsan, Hirzel and Schneider, "Low-Latency Sliding-Window Aggregation in
 * Worst-Case Constant Time", DEBS 2017). So the result is as exact as a fresh sum after any number of bars, even
 * when values of very different size have passed through.
 */
export class RollingSum {
  readonly #window: number;
  /** Before `#position`: the block's values. From there on: suffix sums of the block before. The last is 0. */
  readonly #cells: Float64Array;
  #position = 0;
  #seen = 0;
  #block = 0;
  #value = NaN;

  constructor(window: number) {
    this.#window = window;
    this.#cells = new Float64Array(window + 1);
  }

  get value(): number {
    return this.#value;
  }

  get mean(): number {
    return this.#value / this.#window;
  }

  push(x: number): number {
    if (Number.isNaN(x)) return this.#value;
    this.#cells[this.#position] = x;
    this.#position += 1;
    this.#block += x;
    if (this.#seen < this.#window) this.#seen += 1;
    if (this.#seen === this.#window) this.#value = this.#block + (this.#cells[this.#position] as number);
    if (this.#position === this.#window) this.#closeBlock();
    return this.#value;
  }

  #closeBlock(): void {
    const cells = this.#cells;
    let suffix = 0;
    for (let i = this.#window - 1; i >= 0; i--) {
      suffix += cells[i] as number;
      cells[i] = suffix;
    }
    this.#position = 0;
    this.#block = 0;
  }
}
