import type { OrderPurpose } from '../contract/index.ts';
import type { Fill } from './fill.ts';
import type { TradeId } from './identity.ts';
import {
  absolute,
  add,
  asBase,
  averagePrice,
  type BaseAmount,
  minimum,
  negate,
  notional,
  type Price,
  type QuoteAmount,
  ratio,
  scale,
  subtract,
  ZERO_BASE,
  ZERO_QUOTE,
} from './money.ts';
import type { UtcMs } from './time.ts';

/** What is held of one symbol, with its book value at average cost. */
export interface Position {
  readonly symbol: string;
  /** Signed: above 0 long, below 0 short, 0 flat. */
  readonly quantity: BaseAmount;
  /** What the open quantity cost: positive for longs, negative (money received) for shorts. */
  readonly cost: QuoteAmount;
  /** Of the current round trip, before fees. */
  readonly realisedPnl: QuoteAmount;
  /** Of the current round trip, in quote currency. */
  readonly fees: QuoteAmount;
  readonly openedAt: UtcMs;
  /** Sums over the current round trip, for its record. */
  readonly entered: { readonly amount: BaseAmount; readonly notional: QuoteAmount };
  readonly exited: { readonly amount: BaseAmount; readonly notional: QuoteAmount };
  readonly lastTradeId: TradeId | null;
}

/** A finished round trip: from flat to flat. */
export interface RoundTrip {
  /** The venue's id of the fill that ended it. */
  readonly id: TradeId;
  readonly symbol: string;
  readonly direction: 'long' | 'short';
  readonly quantity: BaseAmount;
  readonly entryPrice: Price;
  readonly exitPrice: Price;
  readonly grossPnl: QuoteAmount;
  readonly fees: QuoteAmount;
  readonly netPnl: QuoteAmount;
  readonly exitPurpose: OrderPurpose;
  readonly openedAt: UtcMs;
  readonly closedAt: UtcMs;
}

const NOTHING = { amount: ZERO_BASE, notional: ZERO_QUOTE } as const;

export function flatPosition(symbol: string): Position {
  return {
    symbol,
    quantity: ZERO_BASE,
    cost: ZERO_QUOTE,
    realisedPnl: ZERO_QUOTE,
    fees: ZERO_QUOTE,
    openedAt: 0,
    entered: NOTHING,
    exited: NOTHING,
    lastTradeId: null,
  };
}

export interface FoldResult {
  readonly position: Position;
  /** Present when this fill brought the position back to flat or through it. */
  readonly closed?: RoundTrip;
}

/**
 * Folds one fill into a position, at average cost. A fee taken in the base coin shrinks what is held and
 * counts at the fill's price. A fill larger than the opposite position closes it and opens the rest.
 *
 * @param baseAsset the symbol's base currency, to recognise a fee taken in coins.
 */
export function foldFill(position: Position, fill: Fill, baseAsset: string): FoldResult {
  const signed = fill.side === 'buy' ? fill.amount : negate(fill.amount);
  const opposite = !position.quantity.isZero() && position.quantity.isPositive() !== signed.isPositive();
  if (!opposite) return { position: increase(position, fill, fill.amount, baseAsset, fill.fee.quoteValue) };

  const closing = minimum(absolute(position.quantity), fill.amount);
  const share = closing.div(fill.amount);
  const closingFee = scale(fill.fee.quoteValue, share);
  const reduced = reduce(position, fill, closing, closingFee, baseAsset);
  if (!reduced.quantity.isZero()) return { position: reduced };

  const closed = roundTrip(reduced, fill, position.quantity.isPositive() ? 'long' : 'short');
  const rest = subtract(fill.amount, closing);
  const flat = { ...flatPosition(position.symbol), lastTradeId: fill.tradeId };
  if (rest.isZero()) return { position: flat, closed };
  return { position: increase(flat, fill, rest, baseAsset, subtract(fill.fee.quoteValue, closingFee)), closed };
}

function increase(
  position: Position,
  fill: Fill,
  amount: BaseAmount,
  baseAsset: string,
  feeValue: QuoteAmount,
): Position {
  const value = notional(fill.price, amount);
  const signed = fill.side === 'buy' ? amount : negate(amount);
  const inCoins = feeInCoins(fill, amount, baseAsset);
  const opening = position.quantity.isZero();
  // A fee in coins leaves fewer coins for the same cash. Its worth is in `fees`, so the cost shrinks with it
  // and gross P&L stays free of fees.
  const costOfFee = notional(fill.price, inCoins);
  const signedValue = fill.side === 'buy' ? subtract(value, costOfFee) : negate(add(value, costOfFee));
  return {
    ...position,
    quantity: subtract(add(position.quantity, signed), inCoins),
    cost: add(position.cost, signedValue),
    fees: add(position.fees, feeValue),
    openedAt: opening ? fill.time : position.openedAt,
    entered: {
      amount: add(position.entered.amount, amount),
      notional: add(position.entered.notional, value),
    },
    lastTradeId: fill.tradeId,
  };
}

function reduce(
  position: Position,
  fill: Fill,
  amount: BaseAmount,
  feeValue: QuoteAmount,
  baseAsset: string,
): Position {
  const long = position.quantity.isPositive();
  const all = amount.eq(absolute(position.quantity));
  const value = notional(fill.price, amount);
  // The last unit takes the whole remaining cost, so that rounding never leaves a remainder behind.
  const costShare = all ? position.cost : scale(position.cost, ratio(amount, absolute(position.quantity)));
  const gain = long ? subtract(value, costShare) : subtract(negate(costShare), value);
  const remaining = all ? ZERO_BASE : long ? subtract(position.quantity, amount) : add(position.quantity, amount);
  const inCoins = all ? ZERO_BASE : feeInCoins(fill, amount, baseAsset);
  return {
    ...position,
    quantity: subtract(remaining, inCoins),
    cost: subtract(subtract(position.cost, costShare), notional(fill.price, inCoins)),
    realisedPnl: add(position.realisedPnl, gain),
    fees: add(position.fees, feeValue),
    exited: { amount: add(position.exited.amount, amount), notional: add(position.exited.notional, value) },
    lastTradeId: fill.tradeId,
  };
}

/** The part of the fee, in coins, that belongs to `amount` of the fill. */
function feeInCoins(fill: Fill, amount: BaseAmount, baseAsset: string): BaseAmount {
  if (fill.fee.asset !== baseAsset) return ZERO_BASE;
  return scale(asBase(fill.fee.amount), amount.div(fill.amount));
}

function roundTrip(position: Position, fill: Fill, direction: RoundTrip['direction']): RoundTrip {
  return {
    id: fill.tradeId,
    symbol: position.symbol,
    direction,
    quantity: position.entered.amount,
    entryPrice: averagePrice(position.entered.notional, position.entered.amount),
    exitPrice: averagePrice(position.exited.notional, position.exited.amount),
    grossPnl: position.realisedPnl,
    fees: position.fees,
    netPnl: subtract(position.realisedPnl, position.fees),
    exitPurpose: fill.purpose,
    openedAt: position.openedAt,
    closedAt: fill.time,
  };
}

/** P&L of the open quantity at a price, before fees. */
export function unrealisedPnl(position: Position, mark: Price): QuoteAmount {
  return subtract(notional(mark, position.quantity), position.cost);
}
