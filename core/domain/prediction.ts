import type { UtcMs } from './time.ts';

/** What a model set said of one closed bar. */
export interface Prediction {
  readonly setId: string;
  readonly symbol: string;
  readonly barOpenTime: UtcMs;
  readonly down: number;
  readonly flat: number;
  readonly up: number;
  /** Standard deviation of one bar's return at the time: how far away the barriers were. */
  readonly sigma: number;
}

/** What came of it. */
export interface MaturedPrediction extends Prediction {
  /** 0 down, 1 flat, 2 up. */
  readonly label: number;
  /** Log return over the horizon. */
  readonly horizonReturn: number;
}

/** Predictions and, as their horizons end, what came of them. */
export interface PredictionStore {
  /** A second prediction of the same set on the same bar is ignored. */
  append(prediction: Prediction): void;
  /** Those of a symbol without an outcome, on one bar. */
  waiting(symbol: string, barOpenTime: UtcMs): readonly Prediction[];
  settle(matured: MaturedPrediction): void;
  /** How many a set has made. */
  count(setId: string): number;
  /** The newest with an outcome, ascending by bar. */
  matured(setId: string, limit: number): readonly MaturedPrediction[];
}
