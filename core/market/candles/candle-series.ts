import {
  type Candle,
  candleFault,
  TIMEFRAME_MS,
  TIMEFRAMES,
  type Timeframe,
  timeframeOfMs,
  type UtcMs,
} from '../../domain/index.ts';
import { DataError } from '../data-error.ts';
import { type CandleRows, placeOf } from '../formats/index.ts';
import { CandleColumns } from './candle-columns.ts';

/** Bars that are missing, from the first missing bar's opening time to the next present bar's. */
export interface DataGap {
  readonly from: UtcMs;
  /** Exclusive. */
  readonly to: UtcMs;
  readonly missing: number;
}

/** What is in a data file, for the trader to judge it by. */
export interface DataReport {
  readonly file: string;
  readonly timeframe: Timeframe;
  readonly timeframeMs: number;
  readonly bars: number;
  /** Opening times of the first and the last bar. */
  readonly first: UtcMs;
  readonly last: UtcMs;
  readonly gaps: readonly DataGap[];
  readonly missingBars: number;
  /** Rows that repeat an earlier row and were dropped. */
  readonly identicalDuplicates: number;
}

/** Sound candles of one symbol and timeframe: ascending, none twice, on one grid of times. Gaps are gaps. */
export class CandleSeries {
  readonly columns: CandleColumns;
  readonly report: DataReport;
  #candles: readonly Candle[] | null = null;

  constructor(columns: CandleColumns, report: DataReport) {
    this.columns = columns;
    this.report = report;
  }

  get timeframe(): Timeframe {
    return this.report.timeframe;
  }

  /** As objects, made when they are first asked for. */
  get candles(): readonly Candle[] {
    this.#candles ??= this.columns.toArray();
    return this.#candles;
  }
}

/**
 * Checks the rows of a file and finds their timeframe, which is their most frequent spacing. A row that repeats
 * an earlier one is dropped and counted; nothing else is repaired.
 *
 * @throws DataError with the row that is wrong.
 */
export function assembleSeries(rows: CandleRows): CandleSeries {
  const candles: Candle[] = [];
  let previousTime = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < rows.candles.length; index += 1) {
    const candle = rows.candles[index];
    if (candle === undefined) break;
    const fault = faultOf(candle);
    if (fault !== undefined) {
      throw new DataError(
        'unsound-candle',
        `${placeOf(rows, index)}: ${fault}; correct the row or download the file again`,
      );
    }
    if (candle.openTime > previousTime) {
      candles.push(candle);
      previousTime = candle.openTime;
    } else {
      assertRepeats(candle, candles, placeOf(rows, index));
    }
  }
  return describeSeries(rows.file, candles, rows.candles.length - candles.length);
}

/** Finds the timeframe and the gaps of ascending candles. @throws DataError when their spacing makes no sense. */
export function describeSeries(
  file: string,
  candles: readonly Candle[] | CandleColumns,
  identicalDuplicates: number,
): CandleSeries {
  const columns = CandleColumns.of(candles);
  const { openTimes } = columns;
  const first = openTimes[0];
  const last = openTimes.at(-1);
  if (first === undefined || last === undefined || first === last) {
    throw new DataError('too-short', `${file}: one bar does not tell its timeframe; give at least two bars`);
  }
  const timeframe = timeframeOf(openTimes, file);
  const timeframeMs = TIMEFRAME_MS[timeframe];
  const gaps = gapsOf(openTimes, timeframeMs, file);
  const missingBars = gaps.reduce((total, gap) => total + gap.missing, 0);
  const report = {
    file,
    timeframe,
    timeframeMs,
    bars: openTimes.length,
    first,
    last,
    gaps,
    missingBars,
    identicalDuplicates,
  };
  return new CandleSeries(columns, report);
}

/** Whether two candles say the same; taker volume counts where both have it. */
export function isSameCandle(a: Candle, b: Candle): boolean {
  return (
    a.openTime === b.openTime &&
    a.open === b.open &&
    a.high === b.high &&
    a.low === b.low &&
    a.close === b.close &&
    a.volume === b.volume &&
    (a.takerBuyVolume ?? b.takerBuyVolume) === (b.takerBuyVolume ?? a.takerBuyVolume)
  );
}

/** A time as a trader reads it: `2024-03-01 13:00`, with seconds where there are any. */
export function timeText(at: UtcMs): string {
  const iso = new Date(at).toISOString();
  return iso.slice(0, at % 60_000 === 0 ? 16 : 19).replace('T', ' ');
}

function faultOf(candle: Candle): string | undefined {
  const taker = candle.takerBuyVolume;
  if (taker !== undefined && !(taker >= 0)) return 'taker volume must not be negative';
  return candleFault(candle);
}

function assertRepeats(candle: Candle, earlier: readonly Candle[], place: string): void {
  const same = earlier[lowerBound(earlier, candle.openTime)];
  if (same?.openTime !== candle.openTime) {
    throw new DataError(
      'wrong-order',
      `${place}: ${timeText(candle.openTime)} comes after a later bar; sort the file by time`,
    );
  }
  if (!isSameCandle(same, candle)) {
    throw new DataError(
      'conflicting-duplicate',
      `${place}: ${timeText(candle.openTime)} is there twice with different values; delete the wrong row`,
    );
  }
}

/** Index of the first candle that opens at or after `at`; the length when there is none. */
export function lowerBound(candles: readonly Candle[], at: UtcMs): number {
  let low = 0;
  let high = candles.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((candles[middle]?.openTime ?? Number.POSITIVE_INFINITY) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The most frequent spacing; of equally frequent ones the shortest. */
function timeframeOf(openTimes: Float64Array, file: string): Timeframe {
  const counts = new Map<number, number>();
  let previous = Number.NaN;
  for (const openTime of openTimes) {
    const spacing = openTime - previous;
    previous = openTime;
    if (spacing > 0) counts.set(spacing, (counts.get(spacing) ?? 0) + 1);
  }
  const [[spacingMs] = [Number.NaN]] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const timeframe = timeframeOfMs(spacingMs);
  if (timeframe !== undefined) return timeframe;
  const hint = spacingMs < 60_000 ? '; times must be Unix milliseconds' : '';
  throw new DataError(
    'unknown-timeframe',
    `${file}: bars are ${spacingMs / 1000} s apart, which is no timeframe${hint}; give one of ${TIMEFRAMES.join(', ')}`,
  );
}

function gapsOf(openTimes: Float64Array, timeframeMs: number, file: string): DataGap[] {
  const gaps: DataGap[] = [];
  let expected = openTimes[0] ?? 0;
  for (const openTime of openTimes) {
    const missing = (openTime - expected) / timeframeMs;
    if (!Number.isInteger(missing)) {
      throw new DataError(
        'irregular-spacing',
        `${file}: the bar of ${timeText(openTime)} is not a whole number of ${timeframeMs / 1000} s bars after the one before; correct its time or delete it`,
      );
    }
    if (missing > 0) gaps.push({ from: expected, to: openTime, missing });
    expected = openTime + timeframeMs;
  }
  return gaps;
}
