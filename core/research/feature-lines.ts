import { type Candle, TIMEFRAME_MS, type Timeframe, type UtcMs } from '../domain/index.ts';
import type { FeatureContext, FeatureStream } from '../features/index.ts';
import { barrierLabel, LABEL } from '../inference/index.ts';

export interface FeatureLinesOptions {
  readonly candles: readonly Candle[];
  readonly timeframe: Timeframe;
  /** Fresh: it takes these candles. */
  readonly stream: FeatureStream;
  /** What else is known of a candle at its close. */
  readonly contextOf: ((candle: Candle) => FeatureContext | undefined) | undefined;
  /** Adds the columns that training needs: what came after each bar. */
  readonly labels: boolean;
}

/** Columns added by `labels`; empty where the horizon is not over or bars are missing in it. */
const LABEL_COLUMNS = ['label', 'label_horizon_return', 'label_exit_return', 'label_end_ms'] as const;
const NO_LABEL = ','.repeat(LABEL_COLUMNS.length);

/** The columns of a matrix, one row a bar, as a line of CSV without its end. */
export function matrixHeader(columns: readonly string[]): string {
  return ['timestamp_ms', ...columns].join(',');
}

/**
 * One row of a matrix: the bar's opening time and its values. Numbers are the shortest text that reads back to the same
 * float64; an empty cell is NaN.
 */
export function matrixLine(openTime: UtcMs, values: Iterable<number>): string {
  let line = String(openTime);
  for (const value of values) line += Number.isNaN(value) ? ',' : `,${value}`;
  return line;
}

/** The feature matrix: its header, then one line a candle. Rows of the warm-up are there, without values. */
export function* featureLines(options: FeatureLinesOptions): Generator<string, void> {
  const { candles, timeframe, stream, contextOf, labels } = options;
  yield matrixHeader([...stream.row.names, ...(labels ? LABEL_COLUMNS : [])]);
  for (const [index, candle] of candles.entries()) {
    const row = stream.update(candle, contextOf?.(candle));
    const line = matrixLine(row.openTime, row.values);
    yield labels
      ? line + labelCells(candles, index, row.get(LABEL.sigmaFeature), TIMEFRAME_MS[timeframe])
      : line;
  }
}

function labelCells(candles: readonly Candle[], index: number, sigma: number, timeframeMs: number): string {
  const label = barrierLabel(candles, index, sigma, timeframeMs);
  if (label === undefined) return NO_LABEL;
  return `,${label.classIndex},${label.horizonReturn},${label.exitReturn},${label.endTime}`;
}
