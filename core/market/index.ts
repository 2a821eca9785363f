export { DepthBook, type DepthHole } from './books/depth-book.ts';
export { type RecordedMessage, readRecordedBook } from './books/recorded-book.ts';
export { CandleCache } from './candles/candle-cache.ts';
export { CandleColumns, type Candles } from './candles/candle-columns.ts';
export { readCandles } from './candles/candle-file.ts';
export type { CandleSeries, DataGap, DataReport } from './candles/candle-series.ts';
export {
  type HistorySeries,
  type InputOptions,
  readHistory,
  type SeriesReport,
} from './candles/history-files.ts';
export { mergeCandles } from './candles/merge-candles.ts';
export { resample } from './candles/resample.ts';
export { DataError, type DataErrorCode } from './data-error.ts';
export { type DownloadReport, type DownloadTask, downloadCandles } from './download.ts';
export * from './feeds/ccxt/index.ts';
export type { ReplaySeries } from './feeds/replay-cursor.ts';
export { ReplayFeed, type ReplayOptions } from './feeds/replay-feed.ts';
export { SimulatedFeed, type SimulatedFeedOptions } from './feeds/simulated-feed.ts';
export { RecentMarket, type RecentMarketOptions, type Traded } from './recent-market.ts';
export {
  newMarket,
  type SimulatedBar,
  SimulatedMarket,
  type SimulatedMarketOptions,
  type SimulatedMarketState,
} from './simulation/simulated-market.ts';
