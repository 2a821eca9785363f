import type { FillPurpose } from '../contract/index.ts';
import { addEntryCosts, costOfFill, type EntryCost } from './entry-cost.ts';
import type { Fee, Fill } from './fill.ts';
import type { TradeId } from './identity.ts';
import {
  absolute,
  add,
  asBase,
  assetAmount,
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
  text,
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
  /** What getting into the current round trip has cost, as far as something was expected of that. */
  readonly entryCost?: EntryCost;
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
  /** What getting in has cost, where something was expected of that. A fee that was told late is not in it. */
  readonly entryCost?: EntryCost;
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
 * @param baseAsset the asset that is held, to recognise a fee taken in coins; null for a derivative, which holds none.
 * @param smallestTradable the venue's lot: a remainder below it cannot be sold, so it ends the round trip and is
 *   carried into the next one with its cost. Left out, only nothing at all is flat.
 */
export function foldFill(
  position: Position,
  fill: Fill,
  baseAsset: string | null,
  smallestTradable: BaseAmount = ZERO_BASE,
): FoldResult {
  const { coins, value: feeValue } = feeOf(fill, baseAsset);
  const traded = fill.side === 'buy' ? fill.amount : negate(fill.amount);
  const change = coins.isZero() ? traded : subtract(traded, coins);
  if (!isOpposite(change, position.quantity)) {
    return { position: increase(position, fill, change, feeValue) };
  }

  const size = absolute(change);
  const closing = minimum(absolute(position.quantity), size);
  const closingFee = partOf(feeValue, closing, size);
  const reduced = reduce(position, fill, closing, closingFee);
  if (isOpen(reduced, smallestTradable)) return { position: reduced };

  const closed = roundTrip(reduced, fill, position.quantity.isPositive() ? 'long' : 'short');
  const rest = subtract(size, closing);
  const carried = carry(reduced);
  if (rest.isZero()) return { position: carried, closed };
  const opened = change.isPositive() ? rest : negate(rest);
  return { position: increase(carried, fill, opened, subtract(feeValue, closingFee)), closed };
}

function isOpposite(change: BaseAmount, quantity: BaseAmount): boolean {
  return change.isPositive() !== quantity.isPositive() && !change.isZero() && !quantity.isZero();
}

/** What of a fill's fee came out of what is held, and its whole worth. A fee that nobody has told yet is none. */
function feeOf({ fee, price }: Fill, baseAsset: string | null): { coins: BaseAmount; value: QuoteAmount } {
  if (fee === null) return { coins: ZERO_BASE, value: ZERO_QUOTE };
  if (fee.asset !== baseAsset) return { coins: ZERO_BASE, value: fee.quoteValue };
  const coins = asBase(fee.amount);
  return { coins, value: notional(price, coins) };
}

export interface FeeFoldResult {
  readonly position: Position;
  /** What of the fee the position does not bear; null when it bears all of it. */
  readonly rest: Fee | null;
}

/**
 * Folds a fee that was told after its fill. A round trip that is still open bears it. Coins go where they are held,
 * in or between round trips, at their worth as if they had been sold for it: a fee in coins told late leaves the same
 * position as one told with the fill of an entry at the average price. What nothing held can bear is the rest.
 *
 * @param fee what was taken; below 0 what was given back.
 * @param baseAsset the asset that is held; null for a derivative, which holds none.
 */
export function foldFee(position: Position, fee: Fee, baseAsset: string | null): FeeFoldResult {
  const isOpenTrip = position.openedAt !== 0;
  if (fee.asset !== baseAsset) {
    if (!isOpenTrip) return { position, rest: fee };
    return { position: { ...position, fees: add(position.fees, fee.quoteValue) }, rest: null };
  }
  const coins = asBase(fee.amount);
  if (isOpposite(negate(coins), position.quantity)) {
    const { position: left, worth, missing } = releaseCoins(position, coins, fee.quoteValue);
    const rest = missing.isZero()
      ? null
      : { ...fee, amount: assetAmount(text(missing)), quoteValue: subtract(fee.quoteValue, worth) };
    return { position: { ...left, fees: add(left.fees, worth) }, rest };
  }
  if (!isOpenTrip) return { position, rest: fee };
  const change = negate(coins);
  return {
    position: {
      ...position,
      quantity: add(position.quantity, change),
      cost: subtract(position.cost, fee.quoteValue),
      fees: add(position.fees, fee.quoteValue),
      entered: {
        amount: add(position.entered.amount, absolute(change)),
        notional: add(position.entered.notional, absolute(fee.quoteValue)),
      },
    },
    rest: null,
  };
}

export interface CoinRelease {
  readonly position: Position;
  /** What the coins that the position gave were worth, signed as the whole. */
  readonly worth: QuoteAmount;
  /** Coins beyond what the position holds, signed as asked for. */
  readonly missing: BaseAmount;
}

/**
 * Takes coins out of a position by another way than a fill: it gives what it holds of them, at average cost, and
 * realises the difference to their worth.
 *
 * @param coins signed like the position: what it holds of them goes.
 * @param worth of the coins, signed alike.
 */
export function releaseCoins(position: Position, coins: BaseAmount, worth: QuoteAmount): CoinRelease {
  const held = absolute(position.quantity);
  const size = absolute(coins);
  const given = minimum(held, size);
  const share = partOf(worth, given, size);
  const costShare = partOf(position.cost, given, held);
  const gone = coins.isPositive() ? given : negate(given);
  const { entered } = position;
  return {
    position: {
      ...position,
      quantity: subtract(position.quantity, gone),
      cost: subtract(position.cost, costShare),
      realisedPnl: add(position.realisedPnl, subtract(share, costShare)),
      entered: {
        amount: subtract(entered.amount, given),
        notional: subtract(entered.notional, partOf(entered.notional, given, entered.amount)),
      },
    },
    worth: share,
    missing: subtract(coins, gone),
  };
}

/** A sum's share in a part of an amount. The whole takes all of it, so that rounding never leaves a remainder. */
function partOf(value: QuoteAmount, part: BaseAmount, whole: BaseAmount): QuoteAmount {
  return part.eq(whole) ? value : rounded(scale(value, ratio(part, whole)), SHARE_DECIMALS);
}

/** Whether there is anything that the venue would let us sell or buy back. */
export function isOpen(position: Position, smallestTradable: BaseAmount = ZERO_BASE): boolean {
  return !position.quantity.isZero() && absolute(position.quantity).gte(smallestTradable);
}

function increase(position: Position, fill: Fill, change: BaseAmount, feeValue: QuoteAmount): Position {
  const size = absolute(change);
  const value = notional(fill.price, size);
  return {
    ...position,
    ...withCost(position.entryCost, costOfFill(fill, size, feeValue)),
    quantity: add(position.quantity, change),
    cost: change.isPositive() ? add(position.cost, value) : subtract(position.cost, value),
    fees: add(position.fees, feeValue),
    openedAt: position.openedAt === 0 ? fill.time : position.openedAt,
    entered: {
      amount: add(position.entered.amount, size),
      notional: add(position.entered.notional, value),
    },
    lastTradeId: fill.tradeId,
  };
}

function withCost(
  before: EntryCost | undefined,
  more: EntryCost | undefined,
): { readonly entryCost?: EntryCost } {
  if (more === undefined) return {};
  return { entryCost: before === undefined ? more : addEntryCosts(before, more) };
}

function reduce(position: Position, fill: Fill, closing: BaseAmount, feeValue: QuoteAmount): Position {
  const value = notional(fill.price, closing);
  const costShare = partOf(position.cost, closing, absolute(position.quantity));
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
    ...withCost(undefined, position.entryCost),
  };
}

/** P&L of the open quantity at a price, before fees. */
export function unrealisedPnl(position: Position, mark: Price): QuoteAmount {
  return subtract(notional(mark, position.quantity), position.cost);
}
