import {
  add,
  amountFor,
  type BaseAmount,
  floorTo,
  minimum,
  notional,
  type Price,
  type QuoteAmount,
  subtract,
  ZERO_BASE,
  ZERO_QUOTE,
} from '../../../core/domain/index.ts';
import { type BookOrder, type LevelListener, OrderBook, opposite, type Side } from './order-book.ts';

/** What wants to be filled at once. */
export interface Taker {
  readonly id: number;
  readonly owner: string | null;
  readonly side: Side;
  /** Null: at any price. */
  readonly limit: Price | null;
  readonly amount: BaseAmount;
  /** At most this much is spent, where the order names a sum and no amount. */
  readonly budget?: QuoteAmount;
}

export interface Match {
  readonly price: Price;
  readonly amount: BaseAmount;
  readonly maker: BookOrder;
  readonly taker: Taker;
}

/**
 * Price-time priority: a taker meets the best price first and at one price who waited longest, at the maker's
 * price. What a match means for money is said to the listener before the next one is made.
 */
export class MatchingEngine {
  readonly book: OrderBook;
  readonly #lot: BaseAmount;
  readonly #onMatch: (match: Match) => void;

  constructor(lot: BaseAmount, onMatch: (match: Match) => void, onLevel?: LevelListener) {
    this.book = new OrderBook(onLevel);
    this.#lot = lot;
    this.#onMatch = onMatch;
  }

  /** Whether a limit price would meet somebody. */
  crosses(side: Side, limit: Price | null): boolean {
    const best = this.book.bestPrice(opposite(side));
    return best !== undefined && isWithin(side, best, limit);
  }

  /** How much of an amount could be filled at once, and for what sum. */
  quote(side: Side, limit: Price | null, wanted: BaseAmount): { amount: BaseAmount; sum: QuoteAmount } {
    let [amount, sum] = [ZERO_BASE, ZERO_QUOTE];
    for (const level of this.book.levels(opposite(side))) {
      if (!isWithin(side, level.price, limit) || amount.gte(wanted)) break;
      const here = minimum(level.amount, subtract(wanted, amount));
      amount = add(amount, here);
      sum = add(sum, notional(level.price, here));
    }
    return { amount, sum };
  }

  /** Fills what can be filled at once. @returns the amount left over. */
  take(taker: Taker): BaseAmount {
    let left = taker.amount;
    let budget = taker.budget;
    for (;;) {
      const maker = this.book.best(opposite(taker.side));
      if (maker === undefined || left.lte(0) || !isWithin(taker.side, maker.price, taker.limit)) return left;
      let amount = minimum(left, maker.remaining);
      if (budget !== undefined) {
        amount = minimum(amount, floorTo(amountFor(budget, maker.price), this.#lot));
        if (amount.lte(0)) return left;
        budget = subtract(budget, notional(maker.price, amount));
      }
      left = subtract(left, amount);
      this.book.reduce(maker, amount);
      this.#onMatch({ price: maker.price, amount, maker, taker });
    }
  }
}

const isWithin = (side: Side, price: Price, limit: Price | null): boolean =>
  limit === null || (side === 'buy' ? price.lte(limit) : price.gte(limit));
