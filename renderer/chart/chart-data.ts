import type {
  CandlestickData,
  HistogramData,
  LineData,
  UTCTimestamp,
  WhitespaceData,
} from 'lightweight-charts';
import type { CandleView } from '../../core/contract/index.ts';

/** The chart counts in seconds. */
export function chartTime(atMs: number): UTCTimestamp {
  // The library's brand on a plain number of seconds.
  return Math.floor(atMs / 1_000) as UTCTimestamp;
}

export function bar({ openTime, open, high, low, close }: CandleView): CandlestickData<UTCTimestamp> {
  return { time: chartTime(openTime), open, high, low, close };
}

export function volumeBar(
  { openTime, open, close, volume }: CandleView,
  colours: { readonly up: string; readonly down: string },
): HistogramData<UTCTimestamp> {
  return { time: chartTime(openTime), value: volume, color: close >= open ? colours.up : colours.down };
}

export function point(
  openTime: number,
  value: number | undefined,
): LineData<UTCTimestamp> | WhitespaceData<UTCTimestamp> {
  return value === undefined ? { time: chartTime(openTime) } : { time: chartTime(openTime), value };
}
