import type { UtcMs } from './time.ts';

/** One price level: price in quote currency, amount in base currency. */
export type BookLevel = readonly [price: number, amount: number];

/** A snapshot of the book. Bids descend, asks ascend, best first. Floats: it feeds features and displays. */
export interface OrderBook {
  readonly time: UtcMs;
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}
