import type { LiveCalibrationView } from '../contract/index.ts';
import type { Candle, PredictionStore } from '../domain/index.ts';
import { calibrationCurve, classify } from './evaluation/classification.ts';
import { averageUniqueness } from './evaluation/uniqueness.ts';
import { barrierLabel, LABEL } from './labels.ts';

/** Predictions with an outcome that the figures are taken over. */
const KEPT = 5_000;
/** Fewer outcomes say nothing of calibration. */
const MIN_MATURED = 50;

/**
 * What the models said since they vote here, set against what came of it: labels mature as their horizons end.
 */
export class LiveCalibration {
  readonly #store: PredictionStore;

  constructor(store: PredictionStore) {
    this.#store = store;
  }

  /**
   * Labels the predictions that these bars decide: the one whose horizon ends with the newest bar, or, after the
   * program was off, all whose horizons ended meanwhile.
   *
   * @param bars the symbol's last bars, ascending: the horizon and the bar before it at least.
   */
  mature(symbol: string, bars: readonly Candle[], timeframeMs: number): void {
    for (const [at, { openTime }] of bars.slice(0, -LABEL.horizonBars).entries()) {
      for (const prediction of this.#store.waiting(symbol, openTime)) {
        const label = barrierLabel(bars, at, prediction.sigma, timeframeMs);
        if (label === undefined) continue;
        this.#store.settle({ ...prediction, label: label.classIndex, horizonReturn: label.horizonReturn });
      }
    }
  }

  view(setId: string, prior: readonly number[], timeframeMs: number): LiveCalibrationView {
    const matured = this.#store.matured(setId, KEPT);
    const known = { predictions: this.#store.count(setId), matured: matured.length };
    if (matured.length < MIN_MATURED) {
      return { ...known, logLoss: null, priorLogLoss: null, ece: null, curve: [] };
    }
    const starts = Float64Array.from(matured, ({ barOpenTime }) => barOpenTime + timeframeMs);
    const data = {
      probabilities: Float64Array.from(matured.flatMap(({ down, flat, up }) => [down, flat, up])),
      labels: Uint8Array.from(matured, ({ label }) => label),
      horizonReturns: Float64Array.from(matured, ({ horizonReturn }) => horizonReturn),
      uniqueness: averageUniqueness(
        starts,
        starts.map((start) => start + (LABEL.horizonBars - 1) * timeframeMs),
        timeframeMs,
      ),
    };
    const { logLoss, priorLogLoss, ece } = classify(data, prior);
    return { ...known, logLoss, priorLogLoss, ece, curve: calibrationCurve(data) };
  }
}
