import type { Side } from '../../../contract/index.ts';
import {
  add,
  type BaseAmount,
  type BookLevel,
  baseAmount,
  type OrderBook,
  subtract,
  type UtcMs,
  ZERO_BASE,
} from '../../../domain/index.ts';

export interface Best {
  readonly bid: number;
  readonly ask: number;
}

/** What is to be had at a price. */
export interface Offer {
  readonly level: number;
  readonly amount: BaseAmount;
}

/**
 * The order book of a real venue, as somebody sees it who trades on paper: what he took stays taken for as long as the
 * venue shows that level, since nobody there knows of him.
 */
export class LiveBook {
  #bids: readonly BookLevel[] = [];
  #asks: readonly BookLevel[] = [];
  #best: Best | null = null;
  /** By price, of both sides: they never share one. */
  readonly #taken = new Map<number, BaseAmount>();
  /** When it was seen. */
  seenAt: UtcMs = Number.NEGATIVE_INFINITY;

  /** The new best prices; null, and nothing changed, when a side is empty or the two cross, as books in transit do. */
  show({ bids, asks }: OrderBook, now: UtcMs): Best | null {
    const [bid] = bids[0] ?? [];
    const [ask] = asks[0] ?? [];
    if (bid === undefined || ask === undefined || bid >= ask) return null;
    this.#best = { bid, ask };
    this.#bids = bids;
    this.#asks = asks;
    this.seenAt = now;
    if (this.#taken.size > 0) this.#forgetWhatIsGone();
    return this.#best;
  }

  /** The best prices; null before there is a book. */
  get best(): Best | null {
    return this.#best;
  }

  /** What a taker of this side finds, best first, without what he has taken already. */
  *offers(side: Side): Iterable<Offer> {
    for (const [level, shown] of side === 'buy' ? this.#asks : this.#bids) {
      const amount = subtract(baseAmount(shown), this.#taken.get(level) ?? ZERO_BASE);
      if (amount.gt(0)) yield { level, amount };
    }
  }

  take(level: number, amount: BaseAmount): void {
    this.#taken.set(level, add(this.#taken.get(level) ?? ZERO_BASE, amount));
  }

  /** What stands at a price on an order's own side; undefined for a price beyond what is shown. */
  standing(side: Side, price: number): BaseAmount | undefined {
    const own = side === 'buy' ? this.#bids : this.#asks;
    const last = own.at(-1)?.[0];
    const isShown = last !== undefined && (side === 'buy' ? price >= last : price <= last);
    return isShown ? baseAmount(own.find(([each]) => each === price)?.[1] ?? 0) : undefined;
  }

  #forgetWhatIsGone(): void {
    const shown = new Set([...this.#bids, ...this.#asks].map(([price]) => price));
    for (const price of this.#taken.keys()) if (!shown.has(price)) this.#taken.delete(price);
  }
}
