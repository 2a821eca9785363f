import { ema, type Kernel, KernelSet } from '../kernels/index.ts';

/** An EMA, its EMA, and that one's EMA: the parts of TEMA (P. Mulloy, 1994) and TRIX (J. Hutson, 1983). */
export class TripleEma implements Kernel {
  readonly #kernels = new KernelSet();
  readonly #first;
  readonly #second;
  readonly #third;

  constructor(window: number) {
    this.#first = this.#kernels.add(ema(window));
    this.#second = this.#kernels.add(ema(window));
    this.#third = this.#kernels.add(ema(window));
  }

  /** The EMA of the EMA of the EMA. */
  get smooth(): number {
    return this.#third.value;
  }

  /** TEMA = 3 E1 - 3 E2 + E3: an EMA with most of its lag taken out. */
  get tema(): number {
    return 3 * (this.#first.value - this.#second.value) + this.#third.value;
  }

  push(x: number): void {
    this.#third.push(this.#second.push(this.#first.push(x)));
  }

  snapshot(): number[] {
    return this.#kernels.snapshot();
  }

  restore(state: readonly number[]): void {
    this.#kernels.restore(state);
  }
}
