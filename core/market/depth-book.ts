import type { BookLevel, OrderBook, UtcMs } from '../domain/index.ts';

/** A change of some levels: amounts are new totals, 0 takes a level away. */
export interface DepthChange {
  /** First and last update id that the change covers. */
  readonly firstId: number;
  readonly lastId: number;
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}

export interface DepthSnapshot extends Omit<DepthChange, 'firstId'> {}

/**
 * A venue's book, kept up with its stream of changes, as Binance describes it ("How to manage a local order book
 * correctly"): changes that a snapshot covers are dropped, the first one after it must join on, and each must follow
 * the one before. After a hole the book is not usable until the next snapshot.
 */
export class DepthBook {
  readonly #bids = new Map<number, number>();
  readonly #asks = new Map<number, number>();
  /** Changes that came before the first snapshot. */
  #early: DepthChange[] = [];
  #lastId: number | undefined;

  /** Whether it is the venue's book now: a snapshot came, and no hole since. */
  get usable(): boolean {
    return this.#lastId !== undefined;
  }

  snapshot({ lastId, bids, asks }: DepthSnapshot): void {
    this.#bids.clear();
    this.#asks.clear();
    put(this.#bids, bids);
    put(this.#asks, asks);
    this.#lastId = lastId;
    const early = this.#early;
    this.#early = [];
    for (const change of early) this.apply(change);
  }

  /** @returns false when changes between the last one and this are missing. */
  apply(change: DepthChange): boolean {
    if (this.#lastId === undefined) {
      this.#early.push(change);
      return true;
    }
    if (change.lastId <= this.#lastId) return true;
    if (change.firstId > this.#lastId + 1) {
      this.#lastId = undefined;
      this.#early = [change];
      return false;
    }
    put(this.#bids, change.bids);
    put(this.#asks, change.asks);
    this.#lastId = change.lastId;
    return true;
  }

  /** The best levels of each side; undefined while it is not usable. */
  top(levels: number, time: UtcMs): OrderBook | undefined {
    if (!this.usable) return undefined;
    const bids = [...this.#bids].sort((a, b) => b[0] - a[0]).slice(0, levels);
    const asks = [...this.#asks].sort((a, b) => a[0] - b[0]).slice(0, levels);
    return { time, bids, asks };
  }
}

function put(side: Map<number, number>, levels: readonly BookLevel[]): void {
  for (const [price, amount] of levels) {
    if (amount === 0) side.delete(price);
    else side.set(price, amount);
  }
}
