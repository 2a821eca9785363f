import { type Candle, TIMEFRAME_MS, type Timeframe, type UtcMs } from '../domain/index.ts';
import type { FeatureContext, FeatureRow, FeatureStream } from '../features/index.ts';
import { barrierLabel, HORIZONS, LABEL, logRealisedVariance } from '../inference/index.ts';

export interface FeatureLinesOptions {
  readonly candles: readonly Candle[];
  readonly timeframe: Timeframe;
  /** Fresh: it takes these candles. */
  readonly stream: FeatureStream;
  /** What else is known of a candle at its close. */
  readonly contextOf: ((candle: Candle) => FeatureContext | undefined) | undefined;
  /** Adds the columns that training needs: what came after each bar. */
  readonly labels: FeatureLabels;
}

/** Which models are to be trained: those of the barriers, those of the volatility, none. */
export type FeatureLabels = 'barrier' | 'volatility' | 'none';

interface LabelKind {
  /** Empty where the horizon is not over or bars are missing in it. */
  readonly columns: readonly string[];
  readonly cells: (candles: readonly Candle[], index: number, row: FeatureRow, timeframeMs: number) => string;
}

const LABELS: Readonly<Record<FeatureLabels, LabelKind>> = {
  barrier: {
    columns: ['label', 'label_horizon_return', 'label_exit_return', 'label_end_ms'],
    cells: barrierCells,
  },
  volatility: {
    columns: HORIZONS.flatMap(({ bars }) => [`log_variance_${bars}`, `return_${bars}`]),
    cells: volatilityCells,
  },
  none: { columns: [], cells: () => '' },
};

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
  const { columns, cells } = LABELS[labels];
  yield matrixHeader([...stream.row.names, ...columns]);
  for (const [index, candle] of candles.entries()) {
    const row = stream.update(candle, contextOf?.(candle));
    yield matrixLine(row.openTime, row.values) + cells(candles, index, row, TIMEFRAME_MS[timeframe]);
  }
}

function barrierCells(
  candles: readonly Candle[],
  index: number,
  row: FeatureRow,
  timeframeMs: number,
): string {
  const label = barrierLabel(candles, index, row.get(LABEL.sigmaFeature), timeframeMs);
  if (label === undefined) return ',,,,';
  return `,${label.classIndex},${label.horizonReturn},${label.exitReturn},${label.endTime}`;
}

/** Of each horizon the logarithm of the realised variance, and the log return from the close. */
function volatilityCells(
  candles: readonly Candle[],
  index: number,
  _row: FeatureRow,
  timeframeMs: number,
): string {
  return HORIZONS.map(({ bars }) => {
    const log = logRealisedVariance(candles, index, bars, timeframeMs);
    const [from, to] = [candles[index]?.close, candles[index + bars]?.close];
    return log === undefined || from === undefined || to === undefined
      ? ',,'
      : `,${log},${Math.log(to / from)}`;
  }).join('');
}
