import type { DriftView } from '../contract/index.ts';
import type { Abstention, Analyst, Brief, Prediction, UtcMs, Vote } from '../domain/index.ts';
import { abstention } from './eligibility.ts';
import { Forecaster } from './forecaster.ts';
import type { ModelLibrary } from './model-library.ts';
import type { ModelRunner } from './model-runner.ts';
import type { ModelSet } from './model-set.ts';
import { checkParity } from './parity.ts';
import { ModelRefusal } from './refusal.ts';

/** The set in use, checked as far as it has been. */
interface InUse {
  readonly forecaster: Forecaster;
  /** Whether its models answer on this machine as they should; asked with the first bar. */
  parity: Promise<ModelRefusal | null> | undefined;
}

const NO_DRIFT: DriftView = { state: 'unknown', rows: 0, outlierShare: 0, features: [] };

export interface ModelRegistryOptions {
  readonly library: ModelLibrary;
  readonly runner: ModelRunner;
  /** Told of every forecast, for comparing it with what comes. */
  readonly onPrediction?: (prediction: Prediction) => void;
}

/**
 * The ensemble's voice in the consensus, and the set behind it. It never guesses: without a set that may be used on
 * the bar it abstains and says why. However many ask about a bar, the models answer once. A set can be changed
 * between two bars.
 */
export class ModelRegistry implements Analyst {
  readonly #options: ModelRegistryOptions;
  /** The vote on each symbol's last bar. */
  readonly #latest = new Map<string, { readonly barOpenTime: UtcMs; readonly vote: Vote | Promise<Vote> }>();
  #inUse: InUse | undefined;
  #refusal: ModelRefusal | undefined;

  /** Looks for the set to use. Never throws: a set that must not be used is a reason to abstain. */
  constructor(options: ModelRegistryOptions) {
    this.#options = options;
    const entry = options.library.active();
    if (entry.set !== null) this.#take(entry.set);
    else this.#refusal = entry.refusal;
  }

  /** The set that is asked; null when there is none. */
  get set(): ModelSet | null {
    return this.#inUse?.forecaster.set ?? null;
  }

  /** Models that can be asked. */
  get installed(): number {
    return this.set?.manifest.models.length ?? 0;
  }

  /** What is installed, for the trader. */
  get message(): string {
    const { set } = this;
    if (this.#refusal !== undefined) return `${this.#refusal.message}: the ensemble abstains`;
    if (set === null) return 'no model is installed: the ensemble abstains';
    return `${set.manifest.models.length} models of the set ${set.manifest.setId} vote`;
  }

  get drift(): DriftView {
    return this.#inUse?.forecaster.drift.view() ?? NO_DRIFT;
  }

  get library(): ModelLibrary {
    return this.#options.library;
  }

  /** Makes another set answer from the next bar on. @throws ModelRefusal, and the old one goes on. */
  async use(setId: string): Promise<void> {
    const set = this.library.find(setId);
    await checkParity(set, this.#options.runner);
    this.#take(this.library.choose(setId));
  }

  /** @throws ModelRefusal when there is nothing to go back to, or it must not be used, and nothing changes. */
  async rollBack(): Promise<void> {
    await this.use(this.library.previous());
  }

  /** Rows of bars before the start, oldest first, of the timeframe that the set was made for: for the drift guard. */
  warmUp(symbol: string, rows: Iterable<Float32Array>): void {
    for (const row of rows) this.#inUse?.forecaster.warmUp(symbol, row);
  }

  opine(brief: Brief): Vote | Promise<Vote> {
    const { symbol, barOpenTime } = brief;
    const known = this.#latest.get(symbol);
    if (known?.barOpenTime === barOpenTime) return known.vote;
    const vote = this.#consider(brief);
    this.#latest.set(symbol, { barOpenTime, vote });
    return vote;
  }

  /** What was said of a symbol's last bar, if anything was. */
  async latest(symbol: string): Promise<{ readonly barOpenTime: UtcMs; readonly vote: Vote } | undefined> {
    const known = this.#latest.get(symbol);
    return known === undefined ? undefined : { barOpenTime: known.barOpenTime, vote: await known.vote };
  }

  #consider(brief: Brief): Vote | Promise<Vote> {
    const inUse = this.#inUse;
    if (inUse === undefined) return this.#silence();
    const window = inUse.forecaster.consider(brief);
    return window instanceof Float32Array ? this.#ask(inUse, window, brief) : window;
  }

  async close(): Promise<void> {
    await this.#options.runner.close();
  }

  async #ask(inUse: InUse, window: Float32Array, brief: Brief): Promise<Vote> {
    const { forecaster } = inUse;
    try {
      inUse.parity ??= parityOf(forecaster.set, this.#options.runner);
      const failed = await inUse.parity;
      if (failed?.code === 'cannot-run') {
        // Nobody has answered wrongly: the next bar asks again.
        inUse.parity = undefined;
        throw failed;
      }
      if (failed?.code === 'no-runtime') return abstention('failed', failed.message);
      if (failed !== null) return abstention('parity-failed', failed.message);
      const [forecast] = await forecaster.forecast({ rows: 1, windows: window });
      if (forecast === undefined) return abstention('failed', 'no model gave an answer');
      this.#options.onPrediction?.(forecaster.prediction(forecast, window, brief));
      return forecaster.vote(forecast, window, brief);
    } catch (error) {
      return abstention('failed', error instanceof Error ? error.message : String(error));
    }
  }

  #take(set: ModelSet): void {
    this.#inUse = { forecaster: new Forecaster(set, this.#options.runner), parity: undefined };
    this.#refusal = undefined;
    this.#latest.clear();
  }

  #silence(): Abstention {
    const refusal = this.#refusal;
    if (refusal === undefined || refusal.code === 'no-set') {
      return abstention('no-model-installed', 'no model is installed: the ensemble abstains');
    }
    return abstention('failed', refusal.message);
  }
}

async function parityOf(set: ModelSet, runner: ModelRunner): Promise<ModelRefusal | null> {
  try {
    await checkParity(set, runner);
    return null;
  } catch (error) {
    if (error instanceof ModelRefusal) return error;
    throw error;
  }
}
