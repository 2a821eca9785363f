import {
  absolute,
  add,
  averagePrice,
  type BaseAmount,
  minimum,
  negate,
  notional,
  type Price,
  price as priceOf,
  type QuoteAmount,
  rounded,
  scale,
  subtract,
  ZERO_BASE,
  ZERO_QUOTE,
} from '../../../core/domain/index.ts';
import type { Side } from '../matching/order-book.ts';
import type { PositionSide } from '../orders/order-record.ts';

/** A position: coins (below 0: short) and what they cost (signed like them). */
export interface Position {
  readonly symbol: string;
  readonly side: PositionSide;
  amount: BaseAmount;
  cost: QuoteAmount;
  /** Set aside for this position alone; 0 under cross margin. */
  isolatedWallet: QuoteAmount;
  realized: QuoteAmount;
  updatedAt: number;
}

const DECIMALS = 8;

export const entryPriceOf = ({ amount, cost }: Position): Price =>
  amount.isZero() ? priceOf(0) : averagePrice(cost, amount);

export const unrealizedOf = ({ amount, cost }: Position, mark: Price): QuoteAmount =>
  subtract(notional(mark, amount), cost);

/** What trading did to a position. */
export interface Change {
  readonly realized: QuoteAmount;
  /** Of what was held before, how much was closed. */
  readonly closed: BaseAmount;
  readonly opened: BaseAmount;
}

/** The positions of one owner. What a part of a position cost is rounded once, and moved exactly. */
export class PositionBook {
  readonly #positions = new Map<string, Position>();

  all(): readonly Position[] {
    return [...this.#positions.values()];
  }

  of(symbol: string, side: PositionSide = 'BOTH'): Position {
    const key = `${symbol} ${side}`;
    const known = this.#positions.get(key);
    if (known !== undefined) return known;
    const position: Position = {
      ...{ symbol, side, amount: ZERO_BASE, cost: ZERO_QUOTE, isolatedWallet: ZERO_QUOTE },
      ...{ realized: ZERO_QUOTE, updatedAt: 0 },
    };
    this.#positions.set(key, position);
    return position;
  }

  trade(position: Position, side: Side, amount: BaseAmount, at: Price, now: number): Change {
    const held = absolute(position.amount);
    const isReducing = !held.isZero() && position.amount.gt(0) !== (side === 'buy');
    const closed = isReducing ? minimum(held, amount) : ZERO_BASE;
    const opened = subtract(amount, closed);
    const signed = (part: BaseAmount): BaseAmount => (side === 'buy' ? part : negate(part));
    let realized = ZERO_QUOTE;
    if (closed.gt(0)) {
      const costPart = closed.eq(held)
        ? position.cost
        : rounded(scale(position.cost, closed.div(held)), DECIMALS);
      // What is sold brings its worth, what is bought back costs it.
      realized = subtract(negate(notional(at, signed(closed))), costPart);
      position.cost = subtract(position.cost, costPart);
    }
    position.cost = add(position.cost, notional(at, signed(opened)));
    position.amount = add(position.amount, signed(amount));
    position.realized = add(position.realized, realized);
    position.updatedAt = now;
    return { realized, closed, opened };
  }
}
