/**
 * Exponential mean seeded with the plain mean of its first `window` values. The recursion is a contraction:
 * rounding errors fade like the data do, so it needs no correction however long it runs.
 */
export class ExponentialMean {
  readonly #window: number;
  readonly #alpha: number;
  #seen = 0;
  #seed = 0;
  #value = NaN;

  constructor(window: number, alpha: number) {
    this.#window = window;
    this.#alpha = alpha;
  }

  get value(): number {
    return this.#value;
  }

  push(x: number): number {
    if (Number.isNaN(x)) return this.#value;
    if (this.#seen === this.#window) {
      this.#value += this.#alpha * (x - this.#value);
      return this.#value;
    }
    this.#seen += 1;
    this.#seed += x;
    if (this.#seen === this.#window) this.#value = this.#seed / this.#window;
    return this.#value;
  }
}

/** EMA: alpha = 2 / (window + 1). */
export function ema(window: number): ExponentialMean {
  return new ExponentialMean(window, 2 / (window + 1));
}

/** RMA, the mean of J. Welles Wilder, New Concepts in Technical Trading Systems (1978): alpha = 1 / window. */
export function wilder(window: number): ExponentialMean {
  return new ExponentialMean(window, 1 / window);
}
