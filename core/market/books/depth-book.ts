import type { BookLevel, OrderBook, UtcMs } from '../../domain/index.ts';
import { BookSide } from './book-side.ts';

/** A change of some levels: amounts are new totals, 0 takes a level away. */
export interface DepthChange {
  /** The update on which it builds: perpetuals name it (`pu`), on spot it is the one before the first covered. */
  readonly previousId: number;
  /** The last update that it covers. */
  readonly lastId: number;
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}

export interface DepthSnapshot extends Omit<DepthChange, 'previousId'> {}

/** Updates that never came: after the one named first, up to the one on which the next change builds. */
export interface DepthHole {
  readonly afterId: number;
  readonly untilId: number;
}

/** Changes kept for a snapshot that is asked for now and answered later: a minute at ten a second. */
const KEPT_CHANGES = 600;

/**
 * A venue's book, kept up with its stream of changes, as Binance describes it ("How to manage a local order book
 * correctly"): changes that a snapshot covers are dropped, the first one after it must join on, and each must follow
 * the one before. After a hole the book is not usable until the next snapshot.
 *
 * Far from the middle it is not whole: beyond the levels of the snapshot only those are known that changed since.
 */
export class DepthBook {
  readonly #bids = new BookSide('bids');
  readonly #asks = new BookSide('asks');
  /** The last changes, without a hole among them: a snapshot may be older than they are. */
  #recent: DepthChange[] = [];
  #lastId: number | undefined;

  /** Whether it is the venue's book now: a snapshot came, and no hole since. */
  get usable(): boolean {
    return this.#lastId !== undefined;
  }

  /** @returns false, and stays as it was, when the changes known do not reach back to the snapshot. */
  snapshot({ lastId, bids, asks }: DepthSnapshot): boolean {
    const newer = this.#recent.filter((change) => change.lastId > lastId);
    if (newer[0] !== undefined && newer[0].previousId > lastId) return false;
    this.#bids.reset(bids);
    this.#asks.reset(asks);
    this.#lastId = lastId;
    for (const change of newer) this.#put(change);
    return true;
  }

  /** @returns the hole when changes between the last one and this are missing. */
  apply(change: DepthChange): DepthHole | undefined {
    const knownId = Math.max(this.#lastId ?? -1, this.#recent.at(-1)?.lastId ?? -1);
    const isHole = knownId >= 0 && change.previousId > knownId;
    // What came before a hole cannot complete a later snapshot.
    if (isHole) this.#recent = [];
    this.#recent.push(change);
    if (this.#recent.length > KEPT_CHANGES) this.#recent.shift();
    if (isHole) {
      this.#lastId = undefined;
      return { afterId: knownId, untilId: change.previousId };
    }
    // One that overlaps with the last is welcome: it says what its levels are at its end.
    if (this.#lastId !== undefined && change.lastId > this.#lastId) this.#put(change);
    return undefined;
  }

  /** The best levels of each side; undefined while it is not usable. */
  top(levels: number, time: UtcMs): OrderBook | undefined {
    if (!this.usable) return undefined;
    return { time, bids: this.#bids.top(levels), asks: this.#asks.top(levels) };
  }

  #put({ bids, asks, lastId }: DepthChange): void {
    for (const level of bids) this.#bids.set(level);
    for (const level of asks) this.#asks.set(level);
    this.#lastId = lastId;
  }
}
