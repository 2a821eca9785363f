import { type Kernel, KernelSet, wilder } from '../kernels/index.ts';
import { ratio } from '../ratios.ts';

/** RSI (Wilder, 1978) on the scale -1..1: (RSI - 50) / 50 = (gain - loss) / (gain + loss), both RMAs. */
export class RelativeStrength implements Kernel {
  readonly #kernels = new KernelSet();
  readonly #gain;
  readonly #loss;

  constructor(window: number) {
    this.#gain = this.#kernels.add(wilder(window));
    this.#loss = this.#kernels.add(wilder(window));
  }

  push(change: number): number {
    const gain = this.#gain.push(Math.max(change, 0));
    const loss = this.#loss.push(Math.max(-change, 0));
    return ratio(gain - loss, gain + loss);
  }

  snapshot(): number[] {
    return this.#kernels.snapshot();
  }

  restore(state: readonly number[]): void {
    this.#kernels.restore(state);
  }
}
