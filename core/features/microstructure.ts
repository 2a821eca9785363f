import { type OrderBook, TIMEFRAME_MS, type UtcMs } from '../domain/index.ts';
import { columnsOf } from './catalogue.ts';
import { RollingSum } from './kernels/index.ts';
import {
  depthSlope,
  depthWithin,
  imbalance,
  isUsable,
  microPriceBps,
  middlePrice,
  spreadBps,
  takingCostBps,
} from './order-book-measures.ts';
import { logRatio, ratio } from './ratios.ts';
import type { SharedSeries } from './shared-series.ts';

const AT = columnsOf('microstructure');

const MINUTE_MS = TIMEFRAME_MS['1m'];
const DAY_MS = TIMEFRAME_MS['1d'];
/** An older snapshot does not describe the close. */
const MAX_AGE_MS = 5000;
const RECENT_MS = 60_000;
/** Size of the trade whose cost is measured, as a share of the mean volume of a minute. */
const TRADE_SHARE = 0.1;

/** A closed bar as the order-book features see it. */
export interface BookMoment {
  readonly closeTime: UtcMs;
  /** Snapshots of the minute before the close, oldest first. Those after the close are not looked at. */
  readonly books: readonly OrderBook[];
  /** Mean volume of a minute over the last day, in quote currency; NaN while it is not known. */
  readonly minuteVolume: number;
  /** The bar's volume in base currency, and what takers bought of it; NaN where the venue does not say. */
  readonly volume: number;
  readonly takerBuyVolume: number;
}

/** Writes the 16 columns of the group, in the order of the catalogue. */
export function orderBookFeatures(moment: BookMoment, columns: Float64Array): void {
  const { closeTime, books, minuteVolume, volume, takerBuyVolume } = moment;
  columns.fill(NaN);
  const book = latestUsable(books, closeTime);
  columns[AT.ob_available] = book === undefined ? 0 : 1;
  if (book !== undefined) {
    describe(book, minuteVolume, columns);
    columns[AT.ob_imb_5_mean_60s] = recentImbalance(books, closeTime);
  }
  columns[AT.flow_taker_imb] = ratio(2 * takerBuyVolume - volume, volume);
}

/** The spread now, by the newest usable snapshot; null without one. */
export function liveSpreadBps(books: readonly OrderBook[], now: UtcMs): number | null {
  const book = latestUsable(books, now);
  return book === undefined ? null : spreadBps(book);
}

/** Order-book features at the close. Without a usable book: `ob_available` 0 and NaN in the other book columns. */
export class Microstructure {
  readonly #minutesPerBar: number;
  readonly #dailyQuoteVolume: RollingSum;

  constructor(timeframeMs: number) {
    this.#minutesPerBar = timeframeMs / MINUTE_MS;
    this.#dailyQuoteVolume = new RollingSum(Math.max(1, Math.round(DAY_MS / timeframeMs)));
  }

  /** `books`: see `BookMoment`. */
  update(bar: SharedSeries, books: readonly OrderBook[], columns: Float64Array): void {
    this.#dailyQuoteVolume.push(bar.typicalPrice * bar.volume);
    const minuteVolume = this.#dailyQuoteVolume.mean / this.#minutesPerBar;
    const { closeTime, volume, takerBuyVolume } = bar;
    orderBookFeatures({ closeTime, books, minuteVolume, volume, takerBuyVolume }, columns);
  }
}

function describe(book: OrderBook, minuteVolume: number, columns: Float64Array): void {
  const { bids, asks } = book;
  const middle = middlePrice(book);
  const [bid10, ask10] = [depthWithin(bids, middle, 10), depthWithin(asks, middle, 10)];
  const [bid50, ask50] = [depthWithin(bids, middle, 50), depthWithin(asks, middle, 50)];
  columns[AT.ob_spread_bps] = Math.log1p(spreadBps(book));
  columns[AT.ob_microprice_bps] = microPriceBps(book);
  columns[AT.ob_imb_1] = imbalance(book, 1);
  columns[AT.ob_imb_5] = imbalance(book, 5);
  columns[AT.ob_imb_20] = imbalance(book, 20);
  columns[AT.ob_imb_10bps] = ratio(bid10 - ask10, bid10 + ask10);
  columns[AT.ob_imb_50bps] = ratio(bid50 - ask50, bid50 + ask50);
  columns[AT.ob_depth_10bps] = logRatio(bid10 + ask10, minuteVolume);
  columns[AT.ob_depth_50bps] = logRatio(bid50 + ask50, minuteVolume);
  columns[AT.ob_slope_bid] = depthSlope(bids, middle, 20);
  columns[AT.ob_slope_ask] = depthSlope(asks, middle, 20);
  columns[AT.ob_cost_buy_bps] = takingCostBps(asks, middle, TRADE_SHARE * minuteVolume);
  columns[AT.ob_cost_sell_bps] = takingCostBps(bids, middle, TRADE_SHARE * minuteVolume);
}

/** The newest usable snapshot at or just before the close. */
function latestUsable(books: readonly OrderBook[], closeTime: number): OrderBook | undefined {
  return books.findLast((book) => isWithin(book, closeTime, MAX_AGE_MS) && isUsable(book));
}

/** Mean five-level imbalance of the last minute's usable snapshots. */
function recentImbalance(books: readonly OrderBook[], closeTime: number): number {
  const recent = books.filter((book) => isWithin(book, closeTime, RECENT_MS) && isUsable(book));
  return recent.reduce((sum, book) => sum + imbalance(book, 5), 0) / recent.length;
}

function isWithin(book: OrderBook, closeTime: number, ageMs: number): boolean {
  return book.time <= closeTime && book.time >= closeTime - ageMs;
}
