import type { Fill } from './fill.ts';
import {
  add,
  type BaseAmount,
  float,
  negate,
  notional,
  type QuoteAmount,
  ratio,
  rounded,
  scale,
  subtract,
  ZERO_QUOTE,
} from './money.ts';

/** What getting in has cost, beside what had been expected, in quote currency. */
export interface EntryCost {
  /** At the price that it was decided at. */
  readonly notional: QuoteAmount;
  readonly expected: QuoteAmount;
  readonly fees: QuoteAmount;
  /** What was paid beyond the price of the decision; below 0 where it was paid less. */
  readonly slippage: QuoteAmount;
  /** How much of the notional was made, and not taken. */
  readonly made: QuoteAmount;
}

export const NO_ENTRY_COST: EntryCost = {
  notional: ZERO_QUOTE,
  expected: ZERO_QUOTE,
  fees: ZERO_QUOTE,
  slippage: ZERO_QUOTE,
  made: ZERO_QUOTE,
};

/** The expected cost is a product with a float: beyond these decimals there is nothing to know. */
const DECIMALS = 20;
const BPS = 10_000;

/**
 * What a fill of an entry has cost.
 *
 * @param amount what it brought into the position.
 * @param fees what of its fee that bears, in quote currency.
 * @returns undefined for a fill of which nothing was expected: an exit's, another hand's, one from before it was recorded.
 */
export function costOfFill(fill: Fill, amount: BaseAmount, fees: QuoteAmount): EntryCost | undefined {
  const { expected, side, price, liquidity } = fill;
  if (expected === undefined) return undefined;
  const worth = notional(expected.price, amount);
  const more = subtract(notional(price, amount), worth);
  return {
    notional: worth,
    expected: rounded(scale(worth, expected.cost), DECIMALS),
    fees,
    slippage: side === 'buy' ? more : negate(more),
    made: liquidity === 'maker' ? worth : ZERO_QUOTE,
  };
}

export function addEntryCosts(a: EntryCost, b: EntryCost): EntryCost {
  return {
    notional: add(a.notional, b.notional),
    expected: add(a.expected, b.expected),
    fees: add(a.fees, b.fees),
    slippage: add(a.slippage, b.slippage),
    made: add(a.made, b.made),
  };
}

/** The same in basis points of what was decided to be paid; null of nothing. */
export function entryCostRates({ notional: worth, expected, fees, slippage, made }: EntryCost) {
  if (worth.isZero()) return null;
  const bps = (part: QuoteAmount): number => float(ratio(part, worth)) * BPS;
  return {
    expectedBps: bps(expected),
    actualBps: bps(add(fees, slippage)),
    feeBps: bps(fees),
    slippageBps: bps(slippage),
    /** 0 to 1. */
    madeShare: float(ratio(made, worth)),
  };
}
