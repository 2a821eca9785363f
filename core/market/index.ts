export { readCandles } from './candle-file.ts';
export type { CandleSeries, DataGap, DataReport } from './candle-series.ts';
export { DataError, type DataErrorCode } from './data-error.ts';
export { DepthBook, type DepthHole } from './depth-book.ts';
export { formatCandleCsv } from './formats/index.ts';
export { mergeCandles } from './merge-candles.ts';
export { type RecordedMessage, readRecordedBook } from './recorded-book.ts';
export type { ReplaySeries } from './replay-cursor.ts';
export { ReplayFeed, type ReplayOptions } from './replay-feed.ts';
export { resample } from './resample.ts';
export { SimulatedFeed, type SimulatedFeedOptions } from './simulated-feed.ts';
export {
  newMarket,
  type SimulatedBar,
  SimulatedMarket,
  type SimulatedMarketState,
} from './simulated-market.ts';
