import type { BookLevel } from '../../domain/index.ts';

/** One side of a book, best price first, changed level by level. */
export class BookSide {
  /** 1 for asks, which ascend; -1 for bids. */
  readonly #direction: 1 | -1;
  #levels: BookLevel[] = [];

  constructor(side: 'bids' | 'asks') {
    this.#direction = side === 'asks' ? 1 : -1;
  }

  /** Replaces everything; in any order, amounts of 0 left out. */
  reset(levels: readonly BookLevel[]): void {
    this.#levels = [];
    for (const level of levels) this.set(level);
  }

  /** Sets the amount of a level; 0 takes it away. */
  set(level: BookLevel): void {
    const [price, amount] = level;
    const at = this.#placeOf(price);
    const isThere = this.#levels[at]?.[0] === price;
    if (amount > 0) this.#levels.splice(at, isThere ? 1 : 0, level);
    else if (isThere) this.#levels.splice(at, 1);
  }

  /** The best levels, in an array of their own. */
  top(levels: number): readonly BookLevel[] {
    return this.#levels.slice(0, levels);
  }

  /** Index of the first level that is not better than this price. */
  #placeOf(price: number): number {
    let low = 0;
    let high = this.#levels.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const found = this.#levels[middle]?.[0] ?? Number.NaN;
      if (found * this.#direction < price * this.#direction) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
