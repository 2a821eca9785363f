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

/** The last point of each second: the chart draws nothing at all of a line that has two. */
export function onePerSecond<P extends { readonly time: number }>(points: readonly P[]): P[] {
  return points.filter(({ time }, index) => {
    const next = points[index + 1];
    return next === undefined || chartTime(next.time) !== chartTime(time);
  });
}

interface Span {
  /** The days that were chosen. */
  readonly period: string;
  readonly points: readonly { readonly time: number }[];
}

/** Whether other days are shown than before: then what was looked at says nothing about them. */
export function isElsewhere(before: Span, now: Span): boolean {
  return before.period !== now.period || before.points[0]?.time !== now.points[0]?.time;
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
