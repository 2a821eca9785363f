import { type Candle, TIMEFRAME_MS, type Timeframe, type UtcMs } from '../../domain/index.ts';
import { DataError } from '../data-error.ts';
import type { CandleCache } from './candle-cache.ts';
import type { CandleColumns } from './candle-columns.ts';
import { readCandles } from './candle-file.ts';
import { mergeCandles } from './merge-candles.ts';
import { resample } from './resample.ts';

/** History of one symbol, for the engine to run over. */
export interface HistorySeries {
  readonly symbol: string;
  readonly bars: readonly Candle[];
  readonly detail?: readonly Candle[] | CandleColumns;
  readonly detailMs?: number;
  /** What the files hold of the time before the first bar, as fine as they have it: for strategies to look back on. */
  readonly before?: { readonly candles: readonly Candle[]; readonly durationMs: number };
  /** The last bars of the chart's own length before the first: they warm the features up. */
  readonly warmUp?: readonly Candle[];
  readonly report: SeriesReport;
}

/** What the data is like: nothing in it was invented. */
export interface SeriesReport {
  readonly symbol: string;
  readonly bars: number;
  readonly from: UtcMs;
  readonly to: UtcMs;
  readonly gaps: number;
  readonly missingBars: number;
  readonly duplicates: number;
  /** Timeframe of the candles on which orders are filled inside the bars; null when the bars themselves are used. */
  readonly detailTimeframe: Timeframe | null;
}

/** More than any strategy looks back. */
const LOOK_BACK_MS = 403 * TIMEFRAME_MS['1d'];
/** Bars before the first that warm the features up: more than any of them looks back. */
const WARM_UP_BARS = 2_000;

export interface InputOptions {
  readonly files: readonly string[];
  readonly symbols: readonly string[];
  readonly timeframe: Timeframe;
  readonly from?: UtcMs;
  readonly to?: UtcMs;
  /** Where the candles of large files are kept for the next time; nowhere when absent. */
  readonly cache?: CandleCache;
}

/**
 * Reads candle files. One symbol takes any number of files; several symbols take one file each, in the
 * same order. Files finer than the timeframe give the detail inside the bars, and the bars too where no file of the
 * timeframe itself is given.
 *
 * @throws DataError when a file cannot be used or nothing is left of it.
 */
export function readHistory(options: InputOptions): readonly HistorySeries[] {
  const { files, symbols } = options;
  const [symbol, ...others] = symbols;
  if (symbol !== undefined && others.length === 0) return [readSeries(symbol, files, options)];
  if (files.length !== symbols.length) {
    throw new DataError(
      'different-timeframes',
      `${symbols.length} symbols and ${files.length} files: give one file a symbol, in the same order`,
    );
  }
  return symbols.map((each, index) => readSeries(each, files.slice(index, index + 1), options));
}

function readSeries(symbol: string, files: readonly string[], options: InputOptions): HistorySeries {
  const { timeframe, from = 0, to = Number.POSITIVE_INFINITY, cache = null } = options;
  const read = files.map((file) => readCandles(file, cache));
  const within = (candles: readonly Candle[]): readonly Candle[] =>
    candles.filter(({ openTime }) => openTime >= from && openTime < to);
  const own = read.filter((one) => one.timeframe === timeframe);
  const others = read.filter((one) => one.timeframe !== timeframe);
  const finer = others.length === 0 ? undefined : mergeCandles(others);
  const detail = finer?.columns.between(from, to);
  // Resampling also checks that the finer bars make up the timeframe.
  const made =
    finer === undefined || detail === undefined ? [] : resample(detail, finer.timeframe, timeframe);
  const bars = own.length > 0 ? within(mergeCandles(own).candles) : made;
  if (bars.length === 0) {
    throw new DataError('empty', `no ${timeframe} bar of ${symbol} is left between --from and --to`);
  }
  const report: SeriesReport = {
    symbol,
    bars: bars.length,
    from: bars[0]?.openTime ?? 0,
    to: bars.at(-1)?.openTime ?? 0,
    ...gapsOf(bars, TIMEFRAME_MS[timeframe]),
    duplicates: read.reduce((sum, one) => sum + one.report.identicalDuplicates, 0),
    detailTimeframe: finer?.timeframe ?? null,
  };
  const earlier = (candles: readonly Candle[]): readonly Candle[] =>
    candles.filter(({ openTime }) => openTime < from && openTime >= from - LOOK_BACK_MS);
  const ownBefore = own.length > 0 ? earlier(mergeCandles(own).candles) : [];
  const whole = ownBefore.slice(-WARM_UP_BARS);
  if (finer === undefined || detail === undefined) {
    const before = { candles: ownBefore, durationMs: TIMEFRAME_MS[timeframe] };
    return { symbol, bars, report, before, warmUp: whole };
  }
  const detailMs = TIMEFRAME_MS[finer.timeframe];
  const before = {
    candles: finer.columns.between(from - LOOK_BACK_MS, from).toArray(),
    durationMs: detailMs,
  };
  const madeBefore = own.length > 0 ? whole : resample(before.candles, finer.timeframe, timeframe);
  return { symbol, bars, report, detail, detailMs, before, warmUp: madeBefore.slice(-WARM_UP_BARS) };
}

function gapsOf(bars: readonly Candle[], timeframeMs: number): { gaps: number; missingBars: number } {
  let gaps = 0;
  let missingBars = 0;
  let expected = bars[0]?.openTime ?? 0;
  for (const { openTime } of bars) {
    if (openTime > expected) {
      gaps += 1;
      missingBars += (openTime - expected) / timeframeMs;
    }
    expected = openTime + timeframeMs;
  }
  return { gaps, missingBars };
}
