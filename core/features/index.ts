export {
  CANDLE_GROUPS,
  FEATURE_GROUPS,
  FEATURES,
  type FeatureDefinition,
  type FeatureGroup,
  type FeatureName,
  featureNames,
  featureSetHash,
  featuresOf,
  READY_AFTER_BARS,
} from './catalogue.ts';
export {
  bitcoinContext,
  computeFeatures,
  type FeatureMatrix,
  type FeatureMatrixOptions,
} from './feature-matrix.ts';
export type { FeatureRow } from './feature-row.ts';
export { FeatureStream, type FeatureStreamOptions } from './feature-stream.ts';
export { FeatureWindow } from './feature-window.ts';
export type { FeatureContext } from './group-set.ts';
export { HigherTimeframes } from './higher-timeframes.ts';
export { type BookMoment, liveSpreadBps, orderBookFeatures } from './microstructure.ts';
export { MinuteVolume } from './minute-volume.ts';
