/** Body of the Heikin-Ashi bar; its open is the middle of the body before, at first that of the candle. */
export class HeikinAshi {
  #nextOpen = NaN;

  /** Heikin-Ashi close minus open, in price. */
  push(open: number, high: number, low: number, close: number): number {
    const averageClose = (open + high + low + close) / 4;
    const averageOpen = Number.isNaN(this.#nextOpen) ? (open + close) / 2 : this.#nextOpen;
    this.#nextOpen = (averageOpen + averageClose) / 2;
    return averageClose - averageOpen;
  }
}
