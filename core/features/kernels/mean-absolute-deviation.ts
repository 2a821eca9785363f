// Indices run over 0..window-1 by construction, so reads of the cells are cast to number.

/**
 * Mean absolute deviation of the last `window` values, and the distance of the newest from their mean. The mean
 * moves with every bar, so each bar looks at the whole window: meant for short ones.
 */
export class MeanAbsoluteDeviation {
  readonly #window: number;
  readonly #cells: Float64Array;
  #next = 0;
  #seen = 0;
  #value = NaN;
  #distance = NaN;

  constructor(window: number) {
    this.#window = window;
    this.#cells = new Float64Array(window);
  }

  get value(): number {
    return this.#value;
  }

  /** Newest value minus the mean. */
  get distance(): number {
    return this.#distance;
  }

  push(x: number): void {
    if (Number.isNaN(x)) return;
    const window = this.#window;
    const cells = this.#cells;
    cells[this.#next] = x;
    this.#next = this.#next + 1 === window ? 0 : this.#next + 1;
    if (this.#seen < window) this.#seen += 1;
    if (this.#seen < window) return;
    // Measured from the newest value, so that equal values give exactly 0.
    let offset = 0;
    for (let i = 0; i < window; i++) offset += (cells[i] as number) - x;
    offset /= window;
    let deviation = 0;
    for (let i = 0; i < window; i++) deviation += Math.abs((cells[i] as number) - x - offset);
    this.#value = deviation / window;
    this.#distance = -offset;
  }
}
