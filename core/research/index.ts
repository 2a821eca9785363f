/** Tools over recorded data: what the models learn from, and how good they are. Nothing here trades. */
export {
  BOOK_FEATURES,
  type BookFeatureRow,
  BookReplay,
  type BookReplayReport,
  bookFeatureLines,
} from './book-features.ts';
export type { FeatureExportReport, FeatureExportTask } from './feature-export.ts';
export { exportFeatureFiles } from './feature-exports.ts';
export { evaluateSet, type SetEvaluation } from './model-evaluation.ts';
export { type BarPrediction, predictLast } from './model-prediction.ts';
export { evaluateVolatility, type VolatilityEvaluation } from './volatility-evaluation.ts';
export { writeWhole } from './whole-file.ts';
