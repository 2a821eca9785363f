/**
 * EMA(fast) - EMA(slow) of the accumulation/distribution line (M. Chaikin's oscillator), without the line itself: it
 * grows without bound and would eat the digits of the difference. The lag of an EMA behind the line obeys
 * lag' = (1 - alpha) (lag + step), where step is the line's change, so the two lags are all there is to keep; their
 * seed, the line's last value minus the mean of its first values, is the mean of step[i] * (i - 1).
 */
export class AccumulationOscillator {
  readonly #fast: number;
  readonly #slow: number;
  #seen = 0;
  #fastLag = 0;
  #slowLag = 0;

  constructor(fast: number, slow: number) {
    this.#fast = fast;
    this.#slow = slow;
  }

  /** `step`: money flow of the bar, close location value times volume. */
  push(step: number): number {
    this.#seen = Math.min(this.#seen + 1, this.#slow + 1);
    this.#fastLag = nextLag(this.#fastLag, step, this.#seen, this.#fast);
    this.#slowLag = nextLag(this.#slowLag, step, this.#seen, this.#slow);
    return this.#seen < this.#slow ? NaN : this.#slowLag - this.#fastLag;
  }
}

function nextLag(lag: number, step: number, seen: number, window: number): number {
  if (seen > window) return (1 - 2 / (window + 1)) * (lag + step);
  return lag + (step * (seen - 1)) / window;
}
