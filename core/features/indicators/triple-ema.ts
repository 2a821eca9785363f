import { ema } from '../kernels/index.ts';

/** An EMA, its EMA, and that one's EMA: the parts of TEMA (P. Mulloy, 1994) and TRIX (J. Hutson, 1983). */
export class TripleEma {
  readonly #first;
  readonly #second;
  readonly #third;

  constructor(window: number) {
    this.#first = ema(window);
    this.#second = ema(window);
    this.#third = ema(window);
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
}
