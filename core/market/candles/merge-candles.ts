import type { Candle } from '../../domain/index.ts';
import { DataError } from '../data-error.ts';
import { type CandleSeries, describeSeries, isSameCandle, timeText } from './candle-series.ts';

/**
 * Joins the files of one symbol and timeframe, in any order. Where they overlap they must agree; the bars that
 * several files hold are taken once and counted as identical duplicates.
 *
 * @throws DataError `different-timeframes`, `conflicting-duplicate`, or `empty` without any file.
 */
export function mergeCandles(parts: readonly CandleSeries[]): CandleSeries {
  const [first, ...others] = parts;
  if (first === undefined) throw new DataError('empty', 'no candle files were given; give at least one');
  return others.reduce(mergeTwo, first);
}

function mergeTwo(a: CandleSeries, b: CandleSeries): CandleSeries {
  const file = `${a.report.file} + ${b.report.file}`;
  if (a.timeframe !== b.timeframe) {
    throw new DataError(
      'different-timeframes',
      `${file}: bars of ${a.timeframe} and ${b.timeframe} cannot be joined; give files of one timeframe`,
    );
  }
  const merged: Candle[] = [];
  let indexA = 0;
  let indexB = 0;
  for (;;) {
    const candleA = a.candles[indexA];
    const candleB = b.candles[indexB];
    if (candleA === undefined && candleB === undefined) break;
    const timeA = candleA?.openTime ?? Number.POSITIVE_INFINITY;
    const timeB = candleB?.openTime ?? Number.POSITIVE_INFINITY;
    if (timeA <= timeB) indexA += 1;
    if (timeB <= timeA) indexB += 1;
    if (candleA !== undefined && candleB !== undefined && timeA === timeB)
      merged.push(agreed(candleA, candleB, file));
    else if (candleA !== undefined && timeA < timeB) merged.push(candleA);
    else if (candleB !== undefined) merged.push(candleB);
  }
  const repeated = a.candles.length + b.candles.length - merged.length;
  return describeSeries(file, merged, a.report.identicalDuplicates + b.report.identicalDuplicates + repeated);
}

function agreed(a: Candle, b: Candle, file: string): Candle {
  if (isSameCandle(a, b)) return a.takerBuyVolume === undefined ? b : a;
  throw new DataError(
    'conflicting-duplicate',
    `${file}: they disagree on the bar of ${timeText(a.openTime)}; keep the file you trust`,
  );
}
