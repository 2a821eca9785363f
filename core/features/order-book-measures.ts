import type { BookLevel, OrderBook } from '../domain/index.ts';
import { ratio } from './ratios.ts';

const BPS = 1e4;

/** Both sides are there and the best bid is below the best ask, with amounts behind them. */
export function isUsable({ bids, asks }: OrderBook): boolean {
  const bid = bids[0];
  const ask = asks[0];
  if (bid === undefined || ask === undefined) return false;
  return bid[0] > 0 && bid[0] < ask[0] && ask[0] < Infinity && bid[1] > 0 && ask[1] > 0;
}

/** Middle of the best bid and ask. Expects a usable book. */
export function middlePrice({ bids, asks }: OrderBook): number {
  return (priceOf(bids[0]) + priceOf(asks[0])) / 2;
}

export function spreadBps(book: OrderBook): number {
  return (BPS * (priceOf(book.asks[0]) - priceOf(book.bids[0]))) / middlePrice(book);
}

/**
 * Distance in bps of the micro-price from the middle: each best price weighted by the amount on the other side
 * (S. Stoikov, "The Micro-Price", Quantitative Finance 2018, first order).
 */
export function microPriceBps(book: OrderBook): number {
  return (spreadBps(book) / 2) * imbalance(book, 1);
}

/** (bids - asks) / (bids + asks) of the amounts in the best `levels` levels, -1..1. */
export function imbalance({ bids, asks }: OrderBook, levels: number): number {
  const bid = amountOf(bids, levels);
  const ask = amountOf(asks, levels);
  return ratio(bid - ask, bid + ask);
}

/** Value in quote currency of one side's levels no further than `bps` from `middle`. */
export function depthWithin(side: readonly BookLevel[], middle: number, bps: number): number {
  const reach = (middle * bps) / BPS;
  let depth = 0;
  for (const [price, amount] of side) {
    if (Math.abs(price - middle) > reach) break;
    depth += price * amount;
  }
  return depth;
}

/**
 * How fast the book thickens away from the middle: least-squares slope of the logarithm of the cumulative amount on
 * the logarithm of the distance, over the best `levels` levels; NaN with fewer than two.
 */
export function depthSlope(side: readonly BookLevel[], middle: number, levels: number): number {
  const count = Math.min(levels, side.length);
  let cumulative = 0;
  let [sumX, sumY, sumXX, sumXY] = [0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    cumulative += side[i]?.[1] ?? 0;
    const x = Math.log((BPS * Math.abs(priceOf(side[i]) - middle)) / middle);
    const y = Math.log(cumulative);
    sumX += x;
    sumY += y;
    sumXX += x * x;
    sumXY += x * y;
  }
  const spread = count * sumXX - sumX * sumX;
  return count < 2 || spread <= 0 ? NaN : (count * sumXY - sumX * sumY) / spread;
}

/**
 * Cost in bps over the middle of trading `quoteAmount` against one side at once, at its volume-weighted mean price;
 * NaN when the side holds less than that, or when it is not known how much.
 */
export function takingCostBps(side: readonly BookLevel[], middle: number, quoteAmount: number): number {
  let left = quoteAmount;
  let base = 0;
  for (const [price, amount] of side) {
    const taken = Math.min(left, price * amount);
    base += taken / price;
    left -= taken;
    if (left <= 0) break;
  }
  if (!(left <= 0)) return NaN;
  const meanPrice = base > 0 ? quoteAmount / base : priceOf(side[0]);
  return (BPS * Math.abs(meanPrice - middle)) / middle;
}

function priceOf(level: BookLevel | undefined): number {
  return level === undefined ? NaN : level[0];
}

function amountOf(side: readonly BookLevel[], levels: number): number {
  let amount = 0;
  for (let i = 0; i < levels && i < side.length; i++) amount += side[i]?.[1] ?? 0;
  return amount;
}
