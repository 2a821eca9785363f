import type { Candle } from './candle.ts';
import type { Connection, OpenOptions } from './exchange.ts';
import type { OrderBook } from './order-book.ts';
import type { UtcMs } from './time.ts';

/**
 * What a feed delivers, in time order over all symbols. `step` is a piece of a bar, down to one minute or the
 * bar itself, on which simulated exchanges fill orders; `bar` is a closed bar of the trading timeframe, on which
 * decisions are taken, and follows its last step; `gap` says that bars are missing before the next one.
 */
export type MarketEvent =
  | { readonly kind: 'step'; readonly symbol: string; readonly candle: Candle; readonly durationMs: number }
  | { readonly kind: 'bar'; readonly symbol: string; readonly candle: Candle; readonly book?: OrderBook }
  | { readonly kind: 'gap'; readonly symbol: string; readonly from: UtcMs; readonly missingBars: number };

/** A source of market events. Pulling is the consumer's business: the same source runs at any speed. */
export interface MarketFeed {
  readonly symbols: readonly string[];
  /** Loads the warm-up bars and connects. Nothing else may be called before it resolves, but `close`. */
  open(options: OpenOptions): Promise<void>;
  /**
   * The next event, or undefined at the end of the data. A live feed resolves when something happens, and with
   * undefined when the signal aborts: a silent line never holds up the end of the program.
   */
  next(signal: AbortSignal): MarketEvent | undefined | Promise<MarketEvent | undefined>;
  /** Closed bars before the feed's start, for warming up, ascending. */
  warmUp(symbol: string): readonly Candle[];
  /** Whether a symbol's data can arrive at all; its age is measured by whoever receives it. */
  connection(symbol: string): Connection;
  close(): Promise<void>;
}
