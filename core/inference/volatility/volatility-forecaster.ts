import type { UtcMs } from '../../domain/index.ts';
import { MissingFeatures } from '../eligibility.ts';
import type { ModelJob, ModelRunner } from '../model-runner.ts';
import { pathOf } from '../model-set.ts';
import { BASELINE_IDS, type BaselineId, type VolatilityManifest } from './manifest.ts';
import { RegressionForecast } from './regression.ts';
import { HORIZONS, type HorizonId } from './variance-label.ts';
import type { VolatilitySet } from './volatility-set.ts';

/** What is foretold of one horizon. Logarithms of the variance of one bar. */
export interface HorizonForecast {
  /** By member, baseline and `pool`: the mean of the logarithm, for log-RMSE. */
  readonly logMean: ReadonlyMap<string, number>;
  /** By the same: the logarithm of the variance foretold, for QLIKE and for use. */
  readonly logVariance: ReadonlyMap<string, number>;
  /** Who is used for this symbol: the pool, or HAR where that was better in the last year. */
  readonly used: 'pool' | 'har';
}
export type VolatilityForecast = Readonly<Record<HorizonId, HorizonForecast>>;

/** Rows of one symbol to be foretold from. */
export interface VolatilityQuestions {
  readonly symbol: string;
  /** One window a row: T x F float32, the newest row last; null where bars are missing, and the nets are not asked. */
  readonly windows: readonly (Float32Array | null)[];
  /** The newest row of each: F. */
  readonly rows: readonly Float32Array[];
}

/** One set at work: from rows of features to variances foretold. The same live and over history. */
export class VolatilityForecaster {
  readonly set: VolatilitySet;
  readonly #runner: ModelRunner;
  readonly #missing: MissingFeatures;
  readonly #regressions: Readonly<Record<BaselineId, readonly Map<string | null, RegressionForecast>[]>>;
  readonly #harSymbols: ReadonlySet<string>;
  readonly #asked: VolatilityManifest['models'];

  /** @param asks all models, as an examination does, or those alone whose word has a weight. */
  constructor(set: VolatilitySet, runner: ModelRunner, asks: 'all' | 'weighted' = 'all') {
    this.set = set;
    const { models, pool } = set.manifest;
    this.#asked = models.filter(
      ({ id }) => asks === 'all' || pool.some(({ weights }) => (weights[id] ?? 0) > 0),
    );
    this.#runner = runner;
    this.#missing = new MissingFeatures(set.manifest);
    const { baselines, features, coins } = set.manifest;
    const byHorizon = (id: BaselineId) =>
      HORIZONS.map((horizon) => {
        const regressions = baselines.find((each) => each.id === id)?.regressions ?? [];
        const mine = regressions.filter((each) => each.horizon === horizon.id);
        return new Map(mine.map((each) => [each.symbol, new RegressionForecast(each, features.names)]));
      });
    this.#regressions = {
      ewma20: byHorizon('ewma20'),
      har: byHorizon('har'),
      formula: byHorizon('formula'),
      ridge: byHorizon('ridge'),
    };
    this.#harSymbols = new Set(
      coins.filter(({ poolQlike, harQlike }) => harQlike < poolQlike).map(({ symbol }) => symbol),
    );
  }

  /** Whether a model is asked that looks at a window, and not at the newest row alone. */
  get asksNets(): boolean {
    return this.#asked.some(({ inputs }) => inputs[0]?.shape.length === 3);
  }

  /** The feature that is missing and must not be, or undefined. */
  missing(row: ArrayLike<number>): string | undefined {
    return this.#missing.of(row);
  }

  /** @throws ModelRefusal when a model cannot be run. */
  async forecast({ symbol, rows, windows }: VolatilityQuestions): Promise<readonly VolatilityForecast[]> {
    const { manifest } = this.set;
    const width = manifest.features.names.length;
    const jobs: ModelJob[] = [];
    const asked: { readonly id: string; readonly at: readonly number[] }[] = [];
    const whole = windows.flatMap((window, at) => (window === null ? [] : [at]));
    for (const entry of this.#asked) {
      const isTree = entry.inputs[0]?.shape.length === 2;
      const at = isTree ? [...rows.keys()] : whole;
      if (at.length === 0) continue;
      const each = isTree ? width : width * manifest.window.rows;
      const input = new Float32Array(at.length * each);
      for (const [place, row] of at.entries()) {
        input.set((isTree ? rows[row] : windows[row]) ?? [], place * each);
      }
      const rowShape = (entry.inputs[0]?.shape ?? []).slice(1);
      const path = pathOf(this.set, entry);
      jobs.push({ path, bytes: entry.bytes, rowShape, rows: at.length, input, asks: 'log_variance' });
      asked.push({ id: entry.id, at });
    }
    const answers = await this.#runner.run(jobs);
    const said = rows.map(() => new Map<string, readonly [number, number]>());
    for (const [index, { id, at }] of asked.entries()) {
      const values = answers[index]?.logVariance ?? [];
      for (const [place, row] of at.entries()) {
        said[row]?.set(id, [values[2 * place] ?? Number.NaN, values[2 * place + 1] ?? Number.NaN]);
      }
    }
    return rows.map((row, index) => this.#together(symbol, row, said[index] ?? new Map()));
  }

  #together(
    symbol: string,
    row: Float32Array,
    said: ReadonlyMap<string, readonly [number, number]>,
  ): VolatilityForecast {
    const horizon = (at: 0 | 1): HorizonForecast => {
      const logMean = new Map<string, number>();
      const logVariance = new Map<string, number>();
      for (const id of BASELINE_IDS) {
        const regressions = this.#regressions[id][at];
        const regression = regressions?.get(symbol) ?? regressions?.get(null);
        const mean = regression?.of(row) ?? Number.NaN;
        logMean.set(id, mean);
        logVariance.set(id, mean + (regression?.scale ?? 0));
      }
      for (const { id, scales } of this.set.manifest.models) {
        const mean = said.get(id)?.[at];
        if (mean === undefined || !Number.isFinite(mean)) continue;
        logMean.set(id, mean);
        logVariance.set(id, mean + scales[at]);
      }
      const { weights, scale } = this.set.manifest.pool[at];
      logMean.set('pool', weighted(weights, logMean));
      logVariance.set('pool', weighted(weights, logVariance) + scale);
      return { logMean, logVariance, used: this.#harSymbols.has(symbol) ? 'har' : 'pool' };
    };
    return { h24: horizon(0), h168: horizon(1) };
  }
}

/** Mean by weight over those members that answered. The ridge always does. */
function weighted(weights: Readonly<Record<string, number>>, said: ReadonlyMap<string, number>): number {
  let [sum, total] = [0, 0];
  for (const [id, weight] of Object.entries(weights)) {
    const value = said.get(id);
    if (value === undefined || weight === 0) continue;
    sum += weight * value;
    total += weight;
  }
  return total === 0 ? (said.get('ridge') ?? Number.NaN) : sum / total;
}

/** The four band edges of the return, as fractions, and the volatility a year that they come from. */
export interface VolatilityBand {
  /** Standard deviation of the return over the horizon. */
  readonly sigma: number;
  /** 80 % of the returns should lie between these log returns. */
  readonly low80: number;
  readonly high80: number;
  readonly low95: number;
  readonly high95: number;
}

/** Bands of a horizon: volatility foretold times past quantiles, times what the last days have taught. */
export function bandOf(
  manifest: VolatilityManifest,
  horizon: 0 | 1,
  logVariance: number,
  multiplier: number,
): VolatilityBand {
  const sigma = Math.exp((logVariance + Math.log(HORIZONS[horizon].bars)) / 2);
  const [low95, low80, high80, high95] = manifest.bands.quantiles[horizon].map(
    (quantile) => quantile * sigma * multiplier,
  ) as [number, number, number, number]; // of four quantiles
  return { sigma, low80, high80, low95, high95 };
}

/** The logarithm that is used for a symbol. */
export function usedOf(forecast: HorizonForecast): number {
  return forecast.logVariance.get(forecast.used) ?? Number.NaN;
}

/** When a set expires, if that is within so many days. */
export function expiryOf({ manifest }: VolatilitySet, now: UtcMs, withinDays: number): UtcMs | null {
  const until = Date.parse(manifest.validUntil);
  return until - now <= withinDays * 86_400_000 ? until : null;
}
