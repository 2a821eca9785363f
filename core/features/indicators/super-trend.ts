import { wilder } from '../kernels/index.ts';

/**
 * SuperTrend (O. Seban): bands of `multiplier` RMA(true range) around the median price that only tighten while the
 * close stays inside; the line is the lower band in an uptrend and the upper band in a downtrend.
 */
export class SuperTrend {
  readonly #averageRange;
  readonly #multiplier: number;
  #up = true;
  #upper = NaN;
  #lower = NaN;
  #previousClose = NaN;

  constructor(window: number, multiplier: number) {
    this.#averageRange = wilder(window);
    this.#multiplier = multiplier;
  }

  /** The line: support in an uptrend, resistance in a downtrend. */
  push(medianPrice: number, trueRange: number, close: number): number {
    const width = this.#multiplier * this.#averageRange.push(trueRange);
    if (Number.isNaN(width)) return NaN;
    const upper = medianPrice + width;
    const lower = medianPrice - width;
    // Comparisons with the NaN of the first bar are false, so its bands are taken as they are.
    this.#upper = upper > this.#upper && this.#previousClose <= this.#upper ? this.#upper : upper;
    this.#lower = lower < this.#lower && this.#previousClose >= this.#lower ? this.#lower : lower;
    if (this.#up && close < this.#lower) this.#up = false;
    else if (!this.#up && close > this.#upper) this.#up = true;
    this.#previousClose = close;
    return this.#up ? this.#lower : this.#upper;
  }
}
