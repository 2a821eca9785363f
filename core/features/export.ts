import type { Candle } from '../domain/index.ts';
import type { FeatureMatrixOptions } from './feature-matrix.ts';
import { FeatureStream } from './feature-stream.ts';

/**
 * The feature matrix as lines of CSV without line ends: the header `timestamp_ms` and the names, then one line a
 * candle with its opening time. Numbers are the shortest text that reads back to the same float64; an empty cell is
 * NaN. Rows before the warm-up is over are there, empty unless `warmUp` is `raw`.
 */
export function* featureCsvLines(
  candles: Iterable<Candle>,
  options: FeatureMatrixOptions,
): Generator<string, void> {
  const stream = new FeatureStream(options);
  yield ['timestamp_ms', ...stream.row.names].join(',');
  for (const candle of candles) {
    const row = stream.update(candle, options.contextOf?.(candle));
    let line = String(row.openTime);
    for (const value of row.values) line += Number.isNaN(value) ? ',' : `,${value}`;
    yield line;
  }
}
