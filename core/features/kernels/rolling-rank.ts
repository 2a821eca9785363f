// Indices run over 0..window by construction, so reads of the cells are cast to number.

/**
 * Percentile rank of the newest of the last `window` values: the share of the others that lie below it, 0..1, those
 * equal to it counting half (so it is 0.5 among equals).
 * The window is kept in order of arrival (to know what leaves) and sorted (to know the rank).
 */
export class RollingRank {
  readonly #window: number;
  readonly #arrivals: Float64Array;
  readonly #sorted: Float64Array;
  #next = 0;
  #seen = 0;
  #value = NaN;

  constructor(window: number) {
    this.#window = window;
    this.#arrivals = new Float64Array(window);
    this.#sorted = new Float64Array(window);
  }

  push(x: number): number {
    if (Number.isNaN(x)) return this.#value;
    const window = this.#window;
    const sorted = this.#sorted;
    if (this.#seen < window) {
      const to = this.#above(x, this.#seen);
      sorted.copyWithin(to + 1, to, this.#seen);
      sorted[to] = x;
      this.#seen += 1;
    } else {
      this.#replace(this.#arrivals[this.#next] as number, x);
    }
    this.#arrivals[this.#next] = x;
    this.#next = this.#next + 1 === window ? 0 : this.#next + 1;
    if (this.#seen === window) this.#value = this.#rank(x);
    return this.#value;
  }

  #rank(x: number): number {
    return (this.#atOrAbove(x) + this.#above(x, this.#window) - 1) / 2 / (this.#window - 1);
  }

  /** Takes `old` out of the sorted full window and puts `x` in, moving only what lies between them. */
  #replace(old: number, x: number): void {
    const sorted = this.#sorted;
    const from = this.#above(old, this.#window) - 1;
    const to = this.#above(x, this.#window);
    if (to > from) {
      sorted.copyWithin(from, from + 1, to);
      sorted[to - 1] = x;
    } else {
      sorted.copyWithin(to + 1, to, from);
      sorted[to] = x;
    }
  }

  /** Index of the first sorted value above `x` among the first `length`. */
  #above(x: number, length: number): number {
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] as number) <= x) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Index of the first sorted value at or above `x` in a full window. */
  #atOrAbove(x: number): number {
    let low = 0;
    let high = this.#window;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] as number) < x) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
