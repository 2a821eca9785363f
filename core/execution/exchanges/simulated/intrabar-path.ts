import type { Candle } from '../../../domain/index.ts';

/**
 * The way the price is taken to have gone within one step: from open to one extreme, to the other, to close,
 * in straight lines of a third of the step's time each. Which extreme comes first is chosen against the trader
 * by whoever builds the path. Prices are float64, as candles are; places on the path are shares of the step's
 * duration, 0 to 1.
 */
export class IntrabarPath {
  readonly #legs: readonly (readonly [from: number, to: number])[];
  readonly #close: number;

  constructor(candle: Candle, first: 'low-first' | 'high-first') {
    const [near, far] = first === 'low-first' ? [candle.low, candle.high] : [candle.high, candle.low];
    this.#legs = [
      [candle.open, near],
      [near, far],
      [far, candle.close],
    ];
    this.#close = candle.close;
  }

  priceAt(share: number): number {
    for (const [index, [from, to]] of this.#legs.entries()) {
      const progress = share * 3 - index;
      if (progress < 1) return between(from, to, progress);
      if (progress === 1) return to;
    }
    return this.#close;
  }

  /**
   * Where the price, from `from` on, first reaches a level. `crossed` tells a level that the price met on its way from
   * one that it was already at or beyond, as after a gap.
   */
  touch(level: number, way: 'down' | 'up', from: number): Touch | undefined {
    const sign = way === 'down' ? -1 : 1;
    const reached = (price: number): boolean => (price - level) * sign >= 0;
    if (reached(this.priceAt(from))) return { share: from, crossed: false };
    for (const [index, [start, end]] of this.#legs.entries()) {
      if ((index + 1) / 3 <= from || !reached(end)) continue;
      const share = (index + (level - start) / (end - start)) / 3;
      return { share: Math.max(from, share), crossed: true };
    }
    return undefined;
  }
}

export interface Touch {
  readonly share: number;
  readonly crossed: boolean;
}

/** Linear interpolation that rounding cannot push outside its ends: a limit at the low must not be traded through. */
function between(from: number, to: number, progress: number): number {
  const value = from + (to - from) * progress;
  return Math.min(Math.max(value, Math.min(from, to)), Math.max(from, to));
}
