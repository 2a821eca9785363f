import { type Kernel, restoreCells } from '../kernels/index.ts';

/** Body of the Heikin-Ashi bar; its open is the middle of the body before, at first that of the candle. */
export class HeikinAshi implements Kernel {
  #nextOpen = NaN;

  /** Heikin-Ashi close minus open, in price. */
  push(open: number, high: number, low: number, close: number): number {
    const averageClose = (open + high + low + close) / 4;
    const averageOpen = Number.isNaN(this.#nextOpen) ? (open + close) / 2 : this.#nextOpen;
    this.#nextOpen = (averageOpen + averageClose) / 2;
    return averageClose - averageOpen;
  }

  snapshot(): number[] {
    return [this.#nextOpen];
  }

  restore(state: readonly number[]): void {
    restoreCells(state, 1);
    [this.#nextOpen] = state as [number]; // the length was just checked
  }
}
