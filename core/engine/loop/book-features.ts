import {
  type Candle,
  TIMEFRAME_MS,
  type Timeframe,
  type TradingCosts,
  type UtcMs,
} from '../../domain/index.ts';
import {
  type FeatureName,
  type FeatureRow,
  FeatureStream,
  featureNames,
  liveSpreadBps,
} from '../../features/index.ts';
import type { RecentMarket } from '../../market/index.ts';

/** What is measured on a real venue's book, by name, in the catalogue's order. */
export const BOOK_FEATURES: readonly FeatureName[] = featureNames(['microstructure']);

/** Of a bar's volume, how much the trades heard may be off before they say nothing of it. */
const MISSED_SHARE = 0.05;

/** The order-book features of one symbol at each close, beside those of its candles. */
export class BookFeatures {
  readonly #symbol: string;
  readonly #recent: RecentMarket;
  readonly #stream: FeatureStream;

  constructor(symbol: string, timeframe: Timeframe, recent: RecentMarket) {
    this.#symbol = symbol;
    this.#recent = recent;
    this.#stream = new FeatureStream({
      timeframeMs: TIMEFRAME_MS[timeframe],
      isBtc: false,
      groups: ['microstructure'],
      // A book describes its moment however short the history is.
      warmUp: 'raw',
    });
  }

  /** Of the latest bar; filled anew by the next. */
  get row(): FeatureRow {
    return this.#stream.row;
  }

  /** Takes a closed bar. */
  close(bar: Candle): void {
    this.#stream.update(this.#withTakers(bar), { books: this.#recent.books(this.#symbol) });
  }

  /** What trading costs, with the spread of the book where one is known. */
  costs(costs: TradingCosts, now: UtcMs): TradingCosts {
    const spreadBps = liveSpreadBps(this.#recent.books(this.#symbol), now);
    return spreadBps === null ? costs : { ...costs, spreadBps, spreadSeen: true };
  }

  /** A venue's candles mostly do not say what takers bought: its trades do, when all of them were heard. */
  #withTakers(bar: Candle): Candle {
    if (bar.takerBuyVolume !== undefined) return bar;
    const traded = this.#recent.traded(this.#symbol, bar.openTime);
    if (traded === undefined || !(Math.abs(traded.volume / bar.volume - 1) <= MISSED_SHARE)) return bar;
    return { ...bar, takerBuyVolume: (traded.takerBuyVolume / traded.volume) * bar.volume };
  }
}
