import { type Abstention, type Brief, type Opinion, type Prediction, TIMEFRAME_MS } from '../domain/index.ts';
import { DriftGuard } from './drift-guard.ts';
import { abstention, MissingFeatures, objection } from './eligibility.ts';
import { type EnsembleForecast, type Probabilities, pool } from './ensemble.ts';
import { forecastVote } from './forecast-vote.ts';
import { LABEL } from './labels.ts';
import type { ModelAnswer, ModelRunner } from './model-runner.ts';
import type { ModelSet } from './model-set.ts';
import { jobOf } from './parity.ts';

/** Windows of several bars, to be answered together. */
export interface Questions {
  readonly rows: number;
  /** rows x T x F float32. */
  readonly windows: Float32Array;
}

/** One set at work: from windows of features to forecasts, and from a forecast to a vote. The same live and over history. */
export class Forecaster {
  readonly set: ModelSet;
  readonly drift: DriftGuard;
  readonly #runner: ModelRunner;
  readonly #missing: MissingFeatures;
  readonly #width: number;
  readonly #sigmaColumn: number;

  constructor(set: ModelSet, runner: ModelRunner) {
    this.set = set;
    this.drift = new DriftGuard(set);
    this.#runner = runner;
    this.#missing = new MissingFeatures(set.manifest);
    this.#width = set.manifest.features.names.length;
    this.#sigmaColumn = set.manifest.features.names.indexOf(LABEL.sigmaFeature);
  }

  /** The window to ask the models about, or why nothing may be said of this bar. */
  consider(brief: Brief): Float32Array | Abstention {
    const { sequenceLength } = this.set.manifest;
    const closeTime = brief.barOpenTime + TIMEFRAME_MS[brief.timeframe];
    const objected = objection(this.set.manifest, { timeframe: brief.timeframe, closeTime });
    if (objected !== null) return objected;
    if (!brief.ready) return abstention('warming-up', 'too little history for the models');
    const window = brief.window(sequenceLength);
    if (window === null) {
      const message = `the models look at ${sequenceLength} consecutive bars with all features: some are missing`;
      return abstention('missing-features', message);
    }
    const row = this.lastRow(window);
    const missing = this.#missing.of(row);
    if (missing !== undefined) return abstention('missing-features', `the feature ${missing} has no value`);
    if (this.drift.observe(brief.symbol, row)) {
      return abstention('out-of-distribution', 'this bar is like nothing that the models have learned from');
    }
    if (this.drift.state(brief.symbol) === 'stop') {
      return abstention('drifted', `${brief.symbol} no longer looks like what the models have learned from`);
    }
    return window;
  }

  /** Takes a row of before the start into account, so that drift is known sooner. One that lacks a feature tells nothing. */
  warmUp(symbol: string, row: Float32Array): void {
    if (this.#missing.of(row) === undefined) this.drift.observe(symbol, row);
  }

  /** The newest row of a window. */
  lastRow(window: Float32Array): Float32Array {
    return window.subarray(window.length - this.#width);
  }

  /**
   * What the models say of each window, in order; undefined where no model with a weight answered.
   *
   * @throws ModelRefusal when a model cannot be run.
   */
  async forecast({ rows, windows }: Questions): Promise<readonly (EnsembleForecast | undefined)[]> {
    const { manifest } = this.set;
    const last = new Float32Array(rows * this.#width);
    const length = manifest.sequenceLength * this.#width;
    for (let row = 0; row < rows; row += 1) {
      last.set(windows.subarray((row + 1) * length - this.#width, (row + 1) * length), row * this.#width);
    }
    const jobs = manifest.models.map((entry) => {
      const isTree = entry.inputs[0]?.shape.length === 2;
      return jobOf(this.set, entry, rows, isTree ? last : windows);
    });
    const answers = await this.#runner.run(jobs);
    return Array.from({ length: rows }, (_, row) => pool(this.#triples(answers, row), manifest));
  }

  /** A forecast as a vote on the window it was made from. */
  vote(forecast: EnsembleForecast, window: Float32Array, brief: { readonly roundTripCost: number }): Opinion {
    const sigma = this.lastRow(window)[this.#sigmaColumn] ?? Number.NaN;
    const verdict = this.set.manifest.ensemble.evaluation?.verdict ?? null;
    return forecastVote(forecast, sigma, verdict, brief);
  }

  /** A forecast for the record. */
  prediction({ pooled }: EnsembleForecast, window: Float32Array, brief: Brief): Prediction {
    const [down, flat, up] = pooled;
    const sigma = this.lastRow(window)[this.#sigmaColumn] ?? Number.NaN;
    const { symbol, barOpenTime } = brief;
    return { setId: this.set.manifest.setId, symbol, barOpenTime, down, flat, up, sigma };
  }

  #triples(answers: readonly ModelAnswer[], row: number): Map<string, Probabilities> {
    const triples = new Map<string, Probabilities>();
    for (const [index, { id }] of this.set.manifest.models.entries()) {
      const [down, flat, up] = answers[index]?.probabilities.subarray(3 * row, 3 * row + 3) ?? [];
      if (down === undefined || flat === undefined || up === undefined) continue;
      if (![down, flat, up].every(Number.isFinite)) continue;
      triples.set(id, [down, flat, up]);
    }
    return triples;
  }
}
