import type { Candle } from '../domain/index.ts';
import type { FeatureName } from './catalogue.ts';
import { FeatureStream, type FeatureStreamOptions } from './feature-stream.ts';
import type { FeatureContext } from './group-set.ts';

export interface FeatureMatrixOptions extends FeatureStreamOptions {
  /** What else is known of a candle at its close. */
  readonly contextOf?: ((candle: Candle) => FeatureContext | undefined) | undefined;
}

/** Features of many bars, row by row: `rows` x `names.length` values, one row a candle. */
export interface FeatureMatrix {
  readonly names: readonly FeatureName[];
  readonly rows: number;
  /** Index of the first row that may be used; `rows` when there is none. */
  readonly firstReady: number;
  /** Row-major, float64; NaN = not ready, not enough history, or no order book. */
  readonly values: Float64Array;
}

/** The stream, run over an array: the same bits. */
export function computeFeatures(candles: readonly Candle[], options: FeatureMatrixOptions): FeatureMatrix {
  const stream = new FeatureStream(options);
  const { names } = stream.row;
  const values = new Float64Array(candles.length * names.length);
  let firstReady = candles.length;
  candles.forEach((candle, index) => {
    const row = stream.update(candle, options.contextOf?.(candle));
    if (row.ready && index < firstReady) firstReady = index;
    values.set(row.values, index * names.length);
  });
  return { names, rows: candles.length, firstReady, values };
}

/** Finds bitcoin's bar for each candle of another symbol; both ascend in time. */
export function bitcoinContext(
  btcCandles: readonly Candle[],
): (candle: Candle) => FeatureContext | undefined {
  return ({ openTime }) => {
    let low = 0;
    let high = btcCandles.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((btcCandles[middle]?.openTime ?? Infinity) < openTime) low = middle + 1;
      else high = middle;
    }
    const found = btcCandles[low];
    return found?.openTime === openTime ? { btcCandle: found } : undefined;
  };
}
