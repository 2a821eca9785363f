// Indices run over 0..window by construction, so reads of the cells are cast to number.

/**
 * Ordinary least squares of the last `window` values on their bar index. Blocks as in `RollingVariance`, with the
 * co-moment of index and value beside the squares. As indices are consecutive, a block of m values that gains one
 * at distance (m + 1) / 2 from the mean index changes its co-moment by +-step * m / 2, and two adjacent blocks of
 * a and b values join with + (difference of means) * a * b / 2.
 */
export class RollingRegression {
  readonly #window: number;
  /** Sum of squared deviations of the indices 0..window-1. */
  readonly #indexSquares: number;
  readonly #means: Float64Array;
  readonly #squares: Float64Array;
  readonly #products: Float64Array;
  #position = 0;
  #seen = 0;
  #blockMean = 0;
  #blockSquares = 0;
  #blockProducts = 0;
  #valueSquares = NaN;
  #crossProducts = NaN;

  constructor(window: number) {
    this.#window = window;
    this.#indexSquares = (window * (window * window - 1)) / 12;
    this.#means = new Float64Array(window + 1);
    this.#squares = new Float64Array(window + 1);
    this.#products = new Float64Array(window + 1);
  }

  /** Units of the value per bar. */
  get slope(): number {
    return this.#crossProducts / this.#indexSquares;
  }

  /** Share of the variance that the line explains, 0..1; 0 for a constant series. */
  get rSquared(): number {
    if (this.#valueSquares === 0) return 0;
    return Math.min(
      1,
      (this.#crossProducts * this.#crossProducts) / (this.#indexSquares * this.#valueSquares),
    );
  }

  /** t statistic of the slope: infinite for a perfect line, 0 for a constant series. */
  get tStatistic(): number {
    if (this.#crossProducts === 0) return 0;
    const explained = (this.#crossProducts * this.#crossProducts) / this.#indexSquares;
    const residual = Math.max(0, this.#valueSquares - explained);
    return Math.sign(this.#crossProducts) * Math.sqrt((explained * (this.#window - 2)) / residual);
  }

  push(y: number): void {
    if (Number.isNaN(y)) return;
    const window = this.#window;
    const before = this.#position;
    const count = before + 1;
    this.#means[before] = y;
    this.#position = count;
    const step = y - this.#blockMean;
    this.#blockMean += step / count;
    this.#blockSquares += step * (y - this.#blockMean);
    this.#blockProducts += (step * before) / 2;
    if (this.#seen < window) this.#seen += 1;
    if (this.#seen === window) {
      const older = window - count;
      const gap = this.#blockMean - (this.#means[count] as number);
      const weight = count * older;
      this.#valueSquares =
        this.#blockSquares + (this.#squares[count] as number) + (gap * gap * weight) / window;
      this.#crossProducts = this.#blockProducts + (this.#products[count] as number) + (gap * weight) / 2;
    }
    if (count === window) this.#closeBlock();
  }

  #closeBlock(): void {
    let mean = 0;
    let squares = 0;
    let products = 0;
    for (let i = this.#window - 1, before = 0; i >= 0; i--, before++) {
      const y = this.#means[i] as number;
      const step = y - mean;
      mean += step / (before + 1);
      squares += step * (y - mean);
      products -= (step * before) / 2;
      this.#means[i] = mean;
      this.#squares[i] = squares;
      this.#products[i] = products;
    }
    this.#position = 0;
    this.#blockMean = 0;
    this.#blockSquares = 0;
    this.#blockProducts = 0;
  }
}
