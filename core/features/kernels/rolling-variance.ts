// Indices run over 0..window by construction, so reads of the cells are cast to number.

/**
 * Mean and variance of the last `window` values. Blocks as in `RollingSum`, each a Welford recursion (B. P.
 * Welford, Technometrics 1962), joined by the pairwise formula of Chan, Golub and LeVeque (1979): nothing is
 * subtracted, equal values give a variance of exactly 0, and nothing drifts.
 */
export class RollingVariance {
  readonly #window: number;
  readonly #means: Float64Array;
  readonly #squares: Float64Array;
  #position = 0;
  #seen = 0;
  #blockMean = 0;
  #blockSquares = 0;
  #mean = NaN;
  #sumOfSquares = NaN;

  constructor(window: number) {
    this.#window = window;
    this.#means = new Float64Array(window + 1);
    this.#squares = new Float64Array(window + 1);
  }

  get mean(): number {
    return this.#mean;
  }

  /** Sum of squared deviations from the mean. */
  get sumOfSquares(): number {
    return this.#sumOfSquares;
  }

  /** Population variance. */
  get variance(): number {
    return this.#sumOfSquares / this.#window;
  }

  /** Variance with the divisor window - 1. */
  get sampleVariance(): number {
    return this.#sumOfSquares / (this.#window - 1);
  }

  /** Population standard deviation. */
  get deviation(): number {
    return Math.sqrt(this.#sumOfSquares / this.#window);
  }

  push(x: number): void {
    if (Number.isNaN(x)) return;
    const window = this.#window;
    this.#means[this.#position] = x;
    const count = this.#position + 1;
    this.#position = count;
    const step = x - this.#blockMean;
    const blockMean = this.#blockMean + step / count;
    const blockSquares = this.#blockSquares + step * (x - blockMean);
    this.#blockMean = blockMean;
    this.#blockSquares = blockSquares;
    if (this.#seen < window) this.#seen += 1;
    if (this.#seen === window) {
      const gap = blockMean - (this.#means[count] as number);
      const older = window - count;
      // With no older part the cell past the end is 0 and its weight too.
      this.#mean = blockMean - (gap * older) / window;
      this.#sumOfSquares =
        blockSquares + (this.#squares[count] as number) + (gap * gap * count * older) / window;
    }
    if (count === window) this.#closeBlock();
  }

  #closeBlock(): void {
    const means = this.#means;
    const squares = this.#squares;
    let mean = 0;
    let sumOfSquares = 0;
    for (let i = this.#window - 1, count = 1; i >= 0; i--, count++) {
      const x = means[i] as number;
      const step = x - mean;
      mean += step / count;
      sumOfSquares += step * (x - mean);
      means[i] = mean;
      squares[i] = sumOfSquares;
    }
    this.#position = 0;
    this.#blockMean = 0;
    this.#blockSquares = 0;
  }
}
