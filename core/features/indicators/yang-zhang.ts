import { RollingSum, RollingVariance } from '../kernels/index.ts';

/**
 * Volatility per bar from open, high, low and close (D. Yang and Q. Zhang, "Drift-Independent Volatility Estimation",
 * Journal of Business 2000): overnight variance + k open-to-close variance + (1 - k) Rogers-Satchell, the
 * variances being sample variances.
 */
export class YangZhang {
  readonly #overnight;
  readonly #openToClose;
  readonly #rogersSatchell;
  readonly #weight: number;

  constructor(window: number) {
    this.#overnight = new RollingVariance(window);
    this.#openToClose = new RollingVariance(window);
    this.#rogersSatchell = new RollingSum(window);
    this.#weight = 0.34 / (1.34 + (window + 1) / (window - 1));
  }

  push(open: number, high: number, low: number, close: number, previousClose: number): number {
    const overnight = Math.log(open / previousClose);
    if (Number.isNaN(overnight)) return NaN;
    const up = Math.log(high / open);
    const down = Math.log(low / open);
    const whole = Math.log(close / open);
    this.#overnight.push(overnight);
    this.#openToClose.push(whole);
    this.#rogersSatchell.push(up * (up - whole) + down * (down - whole));
    const variance =
      this.#overnight.sampleVariance +
      this.#weight * this.#openToClose.sampleVariance +
      (1 - this.#weight) * Math.max(0, this.#rogersSatchell.mean);
    return Math.sqrt(variance);
  }
}
