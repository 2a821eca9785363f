import type { SharedSeries } from './shared-series.ts';

/** One group of features of candles: writes its columns, in catalogue order, for each closed bar. */
export interface FeatureGroupComputer {
  /** `columns` is as long as the group has features. */
  update(bar: SharedSeries, columns: Float64Array): void;
}
