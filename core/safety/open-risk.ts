import {
  absolute,
  maximum,
  notional,
  type Order,
  type Position,
  type Price,
  type QuoteAmount,
  remainingOf,
  subtract,
  ZERO_QUOTE,
} from '../domain/index.ts';

/**
 * What a position's stop would cost of what was paid for it, before fees and slippage: 0 where the stop has passed
 * the entry. A gain that is not taken yet was never risked (Elder, Come Into My Trading Room, 2002, the 6 % rule).
 * Without a stop everything that it is worth is at risk.
 */
export function riskOfPosition(
  { quantity, cost }: Pick<Position, 'quantity' | 'cost'>,
  stopPrice: Price | null,
  worth: QuoteAmount,
): QuoteAmount {
  if (stopPrice === null) return worth;
  // A short has a quantity and a cost below 0: the same difference is its loss.
  return maximum(subtract(cost, notional(stopPrice, quantity)), ZERO_QUOTE);
}

/** What an entry order would cost if it filled at a price and its planned stop were hit; without a plan all of it. */
export function riskOfEntry(
  order: Pick<Order, 'amount' | 'filledAmount'>,
  stopPrice: Price | null,
  markPrice: Price,
): QuoteAmount {
  const open = remainingOf(order);
  return notional(stopPrice === null ? markPrice : absolute(subtract(markPrice, stopPrice)), open);
}
