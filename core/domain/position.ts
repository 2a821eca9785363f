import type { FillPurpose } from '../contract/index.ts';
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
  rounded,
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
  /** Time of the current round trip's first fill; 0 when flat. */
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
  readonly exitPurpose: FillPurpose;
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

/** Cost shares and fee shares are rounded to this many decimals, so that every sum after them is exact. */
const SHARE_DECIMALS = 20;

/**
 * Folds one fill into a position, at average cost. A fill larger than the opposite position closes it and opens
 * the rest. A fee taken in the base coin leaves fewer coins and counts at the fill's price, as if the coins had
 * been sold for it: realised plus unrealised P&L minus fees is always the change of cash plus the coins' worth.
 *
 * @param baseAsset the symbol's base currency, to recognise a fee taken in coins.
 * @param smallestTradable the venue's lot: a remainder below it cannot be sold, so it ends the round trip and is
 *   carried into the next one with its cost. Left out, only nothing at all is flat.
 */
export function foldFill(
  position: Position,
  fill: Fill,
  baseAsset: string,
  smallestTradable: BaseAmount = ZERO_BASE,
): FoldResult {
  const coins = fill.fee?.asset === baseAsset ? asBase(fill.fee.amount) : ZERO_BASE;
  const feeValue =
    fill.fee?.asset === baseAsset ? notional(fill.price, coins) : (fill.fee?.quoteValue ?? ZERO_QUOTE);
  const change = subtract(fill.side === 'buy' ? fill.amount : negate(fill.amount), coins);
  if (!change.times(position.quantity).lt(0)) return { position: increase(position, fill, change, feeValue) };

  const size = absolute(change);
  const closing = minimum(absolute(position.quantity), size);
  const closingFee = rounded(scale(feeValue, ratio(closing, size)), SHARE_DECIMALS);
  const reduced = reduce(position, fill, closing, closingFee);
  if (isOpen(reduced, smallestTradable)) return { position: reduced };

  const closed = roundTrip(reduced, fill, position.quantity.isPositive() ? 'long' : 'short');
  const rest = subtract(size, closing);
  const carried = carry(reduced);
  if (rest.isZero()) return { position: carried, closed };
  const opened = change.isPositive() ? rest : negate(rest);
  return { position: increase(carried, fill, opened, subtract(feeValue, closingFee)), closed };
}

/** Whether there is anything that the venue would let us sell or buy back. */
export function isOpen(position: Position, smallestTradable: BaseAmount = ZERO_BASE): boolean {
  return !position.quantity.isZero() && absolute(position.quantity).gte(smallestTradable);
}

function increase(position: Position, fill: Fill, change: BaseAmount, feeValue: QuoteAmount): Position {
  return {
    ...position,
    quantity: add(position.quantity, change),
    cost: add(position.cost, notional(fill.price, change)),
    fees: add(position.fees, feeValue),
    openedAt: position.openedAt === 0 ? fill.time : position.openedAt,
    entered: {
      amount: add(position.entered.amount, absolute(change)),
      notional: add(position.entered.notional, notional(fill.price, absolute(change))),
    },
    lastTradeId: fill.tradeId,
  };
}

function reduce(position: Position, fill: Fill, closing: BaseAmount, feeValue: QuoteAmount): Position {
  const held = absolute(position.quantity);
  const all = closing.eq(held);
  const value = notional(fill.price, closing);
  // The last unit takes the whole remaining cost, so that rounding never leaves a remainder behind.
  const costShare = all ? position.cost : rounded(scale(position.cost, ratio(closing, held)), SHARE_DECIMALS);
  const long = position.quantity.isPositive();
  return {
    ...position,
    quantity: long ? subtract(position.quantity, closing) : add(position.quantity, closing),
    cost: subtract(position.cost, costShare),
    realisedPnl: add(position.realisedPnl, subtract(long ? value : negate(value), costShare)),
    fees: add(position.fees, feeValue),
    exited: {
      amount: add(position.exited.amount, closing),
      notional: add(position.exited.notional, value),
    },
    lastTradeId: fill.tradeId,
  };
}

/** The next round trip's start: flat, but for a remainder too small to trade and its cost. */
function carry(position: Position): Position {
  return {
    ...flatPosition(position.symbol),
    quantity: position.quantity,
    cost: position.cost,
    entered: { amount: absolute(position.quantity), notional: absolute(position.cost) },
    lastTradeId: position.lastTradeId,
  };
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
