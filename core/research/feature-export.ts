import { isBitcoin, TIMEFRAME_MS, type Timeframe, type UtcMs } from '../domain/index.ts';
import {
  bitcoinContext,
  CANDLE_GROUPS,
  type FeatureGroup,
  FeatureStream,
  featureSetHash,
  featuresOf,
} from '../features/index.ts';
import { DataError, readCandles } from '../market/index.ts';
import { featureLines } from './feature-lines.ts';
import { writeWhole } from './whole-file.ts';

/** The voters' models and the analysts read the one, the volatility models the other. */
export type FeatureReaders = 'voters' | 'volatility';

const READERS = {
  voters: { groups: CANDLE_GROUPS, label: 'barrier' },
  volatility: { groups: ['variance'] satisfies FeatureGroup[], label: 'volatility' },
} as const;

export interface FeatureExportTask {
  readonly file: string;
  readonly symbol: string;
  /** Bitcoin's candles over the same time, for the features that compare with bitcoin; null for none. */
  readonly contextFile: string | null;
  /** Whose inputs are written. */
  readonly readers: FeatureReaders;
  /** Where the matrix goes; gzip when it ends in `.gz`. */
  readonly out: string;
  /** Adds the columns that training needs: what came after each bar. */
  readonly labels: boolean;
}

export interface FeatureExportReport {
  readonly file: string;
  readonly symbol: string;
  readonly out: string;
  readonly timeframe: Timeframe;
  readonly rows: number;
  /** Rows with values: the bars after the warm-up. */
  readonly ready: number;
  readonly features: number;
  readonly featureSetHash: string;
  readonly from: UtcMs;
  readonly to: UtcMs;
  readonly gaps: number;
  readonly missingBars: number;
}

/** Rows handed to the file at once. */
const CHUNK_ROWS = 500;

/**
 * Writes the feature matrix of one candle file as CSV: `timestamp_ms`, then the features in the catalogue's order,
 * one row a candle; an empty cell is NaN. The file appears under its name only when it is whole.
 *
 * @param onProgress told the rows done.
 * @throws DataError for a file that cannot be used.
 */
export async function exportFeatures(
  task: FeatureExportTask,
  onProgress: (rows: number, total: number) => void = () => undefined,
): Promise<FeatureExportReport> {
  const { timeframe, candles, report } = readCandles(task.file);
  const contextOf = contextFor(task, timeframe);
  const { groups, label } = READERS[task.readers];
  const stream = new FeatureStream({
    timeframeMs: TIMEFRAME_MS[timeframe],
    isBtc: isBitcoin(task.symbol),
    groups,
  });
  const lines = featureLines({ candles, timeframe, stream, contextOf, labels: task.labels ? label : 'none' });

  let rows = 0;
  let ready = 0;
  function* chunks(): Generator<string, void> {
    let chunk = '';
    for (const line of lines) {
      chunk += `${line}\n`;
      if (rows > 0 && stream.row.ready) ready += 1;
      rows += 1;
      if (rows % CHUNK_ROWS !== 0) continue;
      yield chunk;
      chunk = '';
      onProgress(rows, candles.length);
    }
    yield chunk;
  }
  await writeWhole(task.out, chunks());
  return {
    file: task.file,
    symbol: task.symbol,
    out: task.out,
    timeframe,
    rows: rows - 1,
    ready,
    features: stream.row.names.length,
    featureSetHash: featureSetHash(featuresOf(groups)),
    from: candles[0]?.openTime ?? 0,
    to: candles.at(-1)?.openTime ?? 0,
    gaps: report.gaps.length,
    missingBars: report.missingBars,
  };
}

function contextFor({ contextFile }: FeatureExportTask, timeframe: Timeframe) {
  if (contextFile === null) return undefined;
  const context = readCandles(contextFile);
  if (context.timeframe !== timeframe) {
    throw new DataError(
      'different-timeframes',
      `${contextFile}: its bars are ${context.timeframe}, the others' ${timeframe}; give bitcoin's bars of the same length`,
    );
  }
  return bitcoinContext(context.candles);
}
