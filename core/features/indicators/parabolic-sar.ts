/**
 * Parabolic stop and reverse (Wilder, 1978). The first bar is taken as a long position with its low as stop and
 * its high as extreme; within some 150 bars the start no longer matters.
 */
export class ParabolicSar {
  readonly #step: number;
  readonly #max: number;
  #long = true;
  #acceleration: number;
  #extreme = NaN;
  #stop = NaN;
  /** Highs and lows of the last bar and the one before. */
  #high1 = NaN;
  #low1 = NaN;
  #high2 = NaN;
  #low2 = NaN;

  constructor(step: number, max: number) {
    this.#step = step;
    this.#max = max;
    this.#acceleration = step;
  }

  push(high: number, low: number): number {
    if (Number.isNaN(this.#stop)) {
      this.#stop = low;
      this.#extreme = high;
      this.#high2 = high;
      this.#low2 = low;
    } else {
      this.#stop += this.#acceleration * (this.#extreme - this.#stop);
      if (this.#long) this.#followUp(high, low);
      else this.#followDown(high, low);
      this.#high2 = this.#high1;
      this.#low2 = this.#low1;
    }
    this.#high1 = high;
    this.#low1 = low;
    return this.#stop;
  }

  #followUp(high: number, low: number): void {
    this.#stop = Math.min(this.#stop, this.#low1, this.#low2);
    if (high > this.#extreme) {
      this.#extreme = high;
      this.#acceleration = Math.min(this.#acceleration + this.#step, this.#max);
    }
    if (low < this.#stop) this.#reverse(low);
  }

  #followDown(high: number, low: number): void {
    this.#stop = Math.max(this.#stop, this.#high1, this.#high2);
    if (low < this.#extreme) {
      this.#extreme = low;
      this.#acceleration = Math.min(this.#acceleration + this.#step, this.#max);
    }
    if (high > this.#stop) this.#reverse(high);
  }

  #reverse(extreme: number): void {
    this.#stop = this.#extreme;
    this.#long = !this.#long;
    this.#extreme = extreme;
    this.#acceleration = this.#step;
  }
}
