import { RollingSum, RollingVariance } from '../kernels/index.ts';

/**
 * Variance ratio (A. Lo and C. MacKinlay, Review of Financial Studies 1988): variance of overlapping `q`-bar returns
 * over q times that of one-bar returns, both about the mean of the window. 1 for a random walk and for no movement.
 */
export class VarianceRatio {
  readonly #q: number;
  readonly #window: number;
  readonly #returns;
  readonly #sum;
  readonly #sums;

  constructor(q: number, window: number) {
    this.#q = q;
    this.#window = window;
    this.#returns = new RollingVariance(window);
    this.#sum = new RollingSum(q);
    this.#sums = new RollingVariance(window - q + 1);
  }

  push(logReturn: number): number {
    const count = this.#window - this.#q + 1;
    this.#returns.push(logReturn);
    if (!Number.isNaN(logReturn)) this.#sums.push(this.#sum.push(logReturn));
    const distance = this.#sums.mean - this.#q * this.#returns.mean;
    const aggregated = (this.#sums.sumOfSquares / count + distance * distance) / this.#q;
    const single = this.#returns.variance;
    return single === 0 ? 1 : aggregated / single;
  }
}
