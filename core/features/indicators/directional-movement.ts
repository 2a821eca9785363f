import { wilder } from '../kernels/index.ts';
import { ratio } from '../ratios.ts';

/**
 * Directional movement and ADX (Wilder, 1978). As +DI and -DI are divided by the same true range, their
 * normalised difference needs only the smoothed movements.
 */
export class DirectionalMovement {
  readonly #plus;
  readonly #minus;
  readonly #adx;

  constructor(window: number) {
    this.#plus = wilder(window);
    this.#minus = wilder(window);
    this.#adx = wilder(window);
  }

  /** RMA of |DI difference|, 0..1. */
  get adx(): number {
    return this.#adx.value;
  }

  /** (+DI - -DI) / (+DI + -DI), -1..1: DX with its sign. */
  get difference(): number {
    return ratio(this.#plus.value - this.#minus.value, this.#plus.value + this.#minus.value);
  }

  /** `up` = high - previous high, `down` = previous low - low; NaN without a previous bar. */
  push(up: number, down: number): void {
    if (Number.isNaN(up) || Number.isNaN(down)) return;
    this.#plus.push(up > down && up > 0 ? up : 0);
    this.#minus.push(down > up && down > 0 ? down : 0);
    this.#adx.push(Math.abs(this.difference));
  }
}
