/** Step 3 of the loop: the models. */
export { DirectRunner } from './direct-runner.ts';
export { type ExaminedSeries, examine } from './evaluation/index.ts';
export { Forecaster } from './forecaster.ts';
export { type FeatureHistory, forecastHistory, HistoricalEnsemble } from './historical-ensemble.ts';
export { type BarrierLabel, barrierLabel, CLASSES, type ClassIndex, LABEL } from './labels.ts';
export { LiveCalibration } from './live-calibration.ts';
export type { ModelManifest } from './manifest.ts';
export { type LibraryEntry, ModelLibrary } from './model-library.ts';
export { ModelRegistry } from './model-registry.ts';
export type { ModelRunner } from './model-runner.ts';
export { type FeatureIdentity, loadSet, type ModelSet } from './model-set.ts';
export { checkParity, type ParityResult } from './parity.ts';
export { PooledRunner } from './pooled-runner.ts';
export { ModelRefusal } from './refusal.ts';
export * from './volatility/index.ts';
export { WorkerRunner } from './worker-runner.ts';
