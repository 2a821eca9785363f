import { wilder } from '../kernels/index.ts';
import { ratio } from '../ratios.ts';

/** RSI (Wilder, 1978) on the scale -1..1: (RSI - 50) / 50 = (gain - loss) / (gain + loss), both RMAs. */
export class RelativeStrength {
  readonly #gain;
  readonly #loss;

  constructor(window: number) {
    this.#gain = wilder(window);
    this.#loss = wilder(window);
  }

  push(change: number): number {
    const gain = this.#gain.push(Math.max(change, 0));
    const loss = this.#loss.push(Math.max(-change, 0));
    return ratio(gain - loss, gain + loss);
  }
}
