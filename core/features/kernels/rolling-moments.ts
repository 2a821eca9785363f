// Indices run over 0..window by construction, so reads of the cells are cast to number.

/**
 * Skewness and kurtosis of the last `window` values: blocks as in `RollingVariance`, carrying the sums of second,
 * third and fourth powers of the deviations, extended and joined by the formulas of P. Pebay, "Formulas for Robust,
 * One-Pass Parallel Computation of Covariances and Arbitrary-Order Statistical Moments", Sandia SAND2008-6212.
 */
export class RollingMoments {
  readonly #window: number;
  readonly #means: Float64Array;
  readonly #second: Float64Array;
  readonly #third: Float64Array;
  readonly #fourth: Float64Array;
  #position = 0;
  #seen = 0;
  /** Mean and sums of second to fourth powers of the deviations: of the current block, and of the window. */
  readonly #block = new Float64Array(4);
  readonly #total = new Float64Array(4).fill(NaN);

  constructor(window: number) {
    this.#window = window;
    this.#means = new Float64Array(window + 1);
    this.#second = new Float64Array(window + 1);
    this.#third = new Float64Array(window + 1);
    this.#fourth = new Float64Array(window + 1);
  }

  /** Population skewness; 0 for a constant series. */
  get skewness(): number {
    const second = this.#total[1] as number;
    if (second === 0) return 0;
    const variance = second / this.#window;
    return (this.#total[2] as number) / this.#window / (variance * Math.sqrt(variance));
  }

  /** Population kurtosis, 3 for the normal distribution and for a constant series. */
  get kurtosis(): number {
    const second = this.#total[1] as number;
    if (second === 0) return 3;
    return ((this.#total[3] as number) * this.#window) / (second * second);
  }

  push(x: number): void {
    if (Number.isNaN(x)) return;
    const window = this.#window;
    const count = this.#position + 1;
    this.#means[this.#position] = x;
    this.#position = count;
    extend(this.#block, x, count);
    if (this.#seen < window) this.#seen += 1;
    if (this.#seen === window) this.#join(count);
    if (count === window) this.#closeBlock();
  }

  /** The window's moments from the block (`b` values) and the older tail (`a` values). */
  #join(b: number): void {
    const a = this.#window - b;
    const n = this.#window;
    const block = this.#block;
    const total = this.#total;
    const a2 = this.#second[b] as number;
    const a3 = this.#third[b] as number;
    const b2 = block[1] as number;
    const b3 = block[2] as number;
    const gap = (block[0] as number) - (this.#means[b] as number);
    const share = gap / n;
    const weight = gap * share * a * b;
    total[0] = (block[0] as number) - share * a;
    total[1] = a2 + b2 + weight;
    total[2] = a3 + b3 + weight * share * (a - b) + 3 * share * (a * b2 - b * a2);
    total[3] =
      (this.#fourth[b] as number) +
      (block[3] as number) +
      weight * share * share * (a * a - a * b + b * b) +
      6 * share * share * (a * a * b2 + b * b * a2) +
      4 * share * (a * b3 - b * a3);
  }

  #closeBlock(): void {
    const block = this.#block.fill(0);
    for (let i = this.#window - 1, count = 1; i >= 0; i--, count++) {
      extend(block, this.#means[i] as number, count);
      this.#means[i] = block[0] as number;
      this.#second[i] = block[1] as number;
      this.#third[i] = block[2] as number;
      this.#fourth[i] = block[3] as number;
    }
    this.#position = 0;
    block.fill(0);
  }
}

/** Adds the `n`-th value to a block's moments. */
function extend(block: Float64Array, x: number, n: number): void {
  const mean = block[0] as number;
  const second = block[1] as number;
  const third = block[2] as number;
  const step = x - mean;
  const share = step / n;
  const square = share * share;
  const weight = step * share * (n - 1);
  block[0] = mean + share;
  block[3] =
    (block[3] as number) + weight * square * (n * n - 3 * n + 3) + 6 * square * second - 4 * share * third;
  block[2] = third + weight * share * (n - 2) - 3 * share * second;
  block[1] = second + weight;
}
