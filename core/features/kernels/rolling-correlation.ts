// Indices run over 0..window by construction, so reads of the cells are cast to number.

/**
 * Pearson correlation and regression of y on x over the last `window` pairs: blocks as in `RollingVariance`, with
 * the co-moment joined like the squares. A pair with a NaN is ignored.
 */
export class RollingCorrelation {
  readonly #window: number;
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #xx: Float64Array;
  readonly #yy: Float64Array;
  readonly #xy: Float64Array;
  #position = 0;
  #seen = 0;
  /** Of the current block: means of x and y, sums of squared deviations, and of their products. */
  readonly #block = new Float64Array(5);
  #xSquares = NaN;
  #ySquares = NaN;
  #products = NaN;

  constructor(window: number) {
    this.#window = window;
    this.#x = new Float64Array(window + 1);
    this.#y = new Float64Array(window + 1);
    this.#xx = new Float64Array(window + 1);
    this.#yy = new Float64Array(window + 1);
    this.#xy = new Float64Array(window + 1);
  }

  /** Pearson correlation, -1..1; 0 when either series is constant. */
  get correlation(): number {
    if (this.#xSquares === 0 || this.#ySquares === 0) return 0;
    const value = this.#products / Math.sqrt(this.#xSquares * this.#ySquares);
    return Math.max(-1, Math.min(1, value));
  }

  /** Slope of y on x; 0 when x is constant. */
  get beta(): number {
    return this.#xSquares === 0 ? 0 : this.#products / this.#xSquares;
  }

  push(x: number, y: number): void {
    if (Number.isNaN(x) || Number.isNaN(y)) return;
    const window = this.#window;
    const at = this.#position;
    this.#x[at] = x;
    this.#y[at] = y;
    this.#position = at + 1;
    const block = this.#block;
    extend(block, x, y, at + 1);
    if (this.#seen < window) this.#seen += 1;
    if (this.#seen === window) {
      const xGap = (block[0] as number) - (this.#x[at + 1] as number);
      const yGap = (block[1] as number) - (this.#y[at + 1] as number);
      const weight = ((at + 1) * (window - at - 1)) / window;
      this.#xSquares = (block[2] as number) + (this.#xx[at + 1] as number) + xGap * xGap * weight;
      this.#ySquares = (block[3] as number) + (this.#yy[at + 1] as number) + yGap * yGap * weight;
      this.#products = (block[4] as number) + (this.#xy[at + 1] as number) + xGap * yGap * weight;
    }
    if (at + 1 === window) this.#closeBlock();
  }

  #closeBlock(): void {
    const block = this.#block.fill(0);
    for (let i = this.#window - 1, count = 1; i >= 0; i--, count++) {
      extend(block, this.#x[i] as number, this.#y[i] as number, count);
      this.#x[i] = block[0] as number;
      this.#y[i] = block[1] as number;
      this.#xx[i] = block[2] as number;
      this.#yy[i] = block[3] as number;
      this.#xy[i] = block[4] as number;
    }
    this.#position = 0;
    block.fill(0);
  }
}

/** Adds the `count`-th pair to a block's means, squares and products. */
function extend(block: Float64Array, x: number, y: number, count: number): void {
  const xStep = x - (block[0] as number);
  const yStep = y - (block[1] as number);
  const xMean = (block[0] as number) + xStep / count;
  const yMean = (block[1] as number) + yStep / count;
  block[0] = xMean;
  block[1] = yMean;
  block[2] = (block[2] as number) + xStep * (x - xMean);
  block[3] = (block[3] as number) + yStep * (y - yMean);
  block[4] = (block[4] as number) + xStep * (y - yMean);
}
