import {
  type Abstention,
  type Analyst,
  type Brief,
  TIMEFRAME_MS,
  type Timeframe,
  type UtcMs,
  type Vote,
} from '../domain/index.ts';
import { abstention } from './eligibility.ts';
import type { EnsembleForecast } from './ensemble.ts';
import { Forecaster } from './forecaster.ts';
import type { ModelRunner } from './model-runner.ts';
import type { ModelSet } from './model-set.ts';

/** The features of one symbol's bars. */
export interface FeatureHistory {
  readonly symbol: string;
  /** Opening times, ascending. */
  readonly times: readonly UtcMs[];
  /** bars x F, row-major; a row that is not ready is all NaN. */
  readonly values: Float64Array;
  /** Index of the first row that may be used. */
  readonly firstReady: number;
}

/** Windows asked about at once. */
const BATCH_ROWS = 256;
/** Batches asked about at the same time, for a runner of several threads. */
const BATCHES_AT_ONCE = 4;

/** Forecasts by symbol and opening time of the bar. */
type Answers = ReadonlyMap<string, ReadonlyMap<UtcMs, EnsembleForecast>>;

/**
 * The ensemble over history: all bars are put to the models beforehand, in batches, and each bar is answered from
 * there. At every bar the newest set votes that had learned from nothing later and had not expired. Everything else
 * is as in `ModelRegistry`: the same rules, the same numbers.
 */
export class HistoricalEnsemble implements Analyst {
  /** Newest first. */
  readonly #forecasters: readonly Forecaster[];
  readonly #answers: readonly Answers[];

  private constructor(forecasters: readonly Forecaster[], answers: readonly Answers[]) {
    this.#forecasters = forecasters;
    this.#answers = answers;
  }

  /**
   * @param sets those that may be used, in any order.
   * @throws ModelRefusal when a model cannot be run.
   */
  static async over(
    histories: readonly FeatureHistory[],
    timeframe: Timeframe,
    sets: readonly ModelSet[],
    runner: ModelRunner,
  ): Promise<HistoricalEnsemble> {
    const newestFirst = [...sets].sort((a, b) => validFrom(b) - validFrom(a));
    const forecasters = newestFirst.map((set) => new Forecaster(set, runner));
    const answers: Answers[] = [];
    for (const [place, forecaster] of forecasters.entries()) {
      const isFor = (closeTime: UtcMs): boolean => newestValid(newestFirst, timeframe, closeTime) === place;
      const bySymbol = new Map<string, ReadonlyMap<UtcMs, EnsembleForecast>>();
      for (const history of histories)
        bySymbol.set(history.symbol, await forecastHistory(forecaster, history, timeframe, isFor));
      answers.push(bySymbol);
    }
    return new HistoricalEnsemble(forecasters, answers);
  }

  opine(brief: Brief): Vote {
    const { timeframe, symbol, barOpenTime } = brief;
    const sets = this.#forecasters.map(({ set }) => set);
    const place = Math.max(0, newestValid(sets, timeframe, barOpenTime + TIMEFRAME_MS[timeframe]));
    const forecaster = this.#forecasters[place];
    if (forecaster === undefined) return NO_SET;
    const window = forecaster.consider(brief);
    if (!(window instanceof Float32Array)) return window;
    const forecast = this.#answers[place]?.get(symbol)?.get(barOpenTime);
    if (forecast === undefined) return abstention('failed', 'no model gave an answer');
    return forecaster.vote(forecast, window, brief);
  }
}

const NO_SET: Abstention = abstention('no-model-installed', 'no model is installed: the ensemble abstains');

function validFrom({ manifest }: ModelSet): number {
  return Date.parse(manifest.validFrom);
}

/** Place of the newest set that may speak on a bar; -1 when none may. */
function newestValid(newestFirst: readonly ModelSet[], timeframe: Timeframe, closeTime: UtcMs): number {
  return newestFirst.findIndex(
    ({ manifest }) =>
      manifest.timeframe === timeframe &&
      closeTime >= Date.parse(manifest.validFrom) &&
      closeTime < Date.parse(manifest.validUntil),
  );
}

/**
 * What a set says of every bar of a history that has a whole window behind it.
 *
 * @param isFor whether a bar is asked about, by its closing time.
 * @throws ModelRefusal when a model cannot be run.
 */
export async function forecastHistory(
  forecaster: Forecaster,
  { times, values, firstReady }: FeatureHistory,
  timeframe: Timeframe,
  isFor: (closeTime: UtcMs) => boolean,
): Promise<ReadonlyMap<UtcMs, EnsembleForecast>> {
  const { sequenceLength: length, features } = forecaster.set.manifest;
  const width = features.names.length;
  const step = TIMEFRAME_MS[timeframe];
  const chosen: number[] = [];
  for (let bar = firstReady + length - 1; bar < times.length; bar += 1) {
    const [first, last] = [times[bar - length + 1] ?? 0, times[bar] ?? 0];
    if (isFor(last + step) && last - first === (length - 1) * step) chosen.push(bar);
  }
  const forecasts: (EnsembleForecast | undefined)[] = new Array(chosen.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    const windows = new Float32Array(Math.min(BATCH_ROWS, chosen.length) * length * width);
    while (next < chosen.length) {
      const from = next;
      const batch = chosen.slice(from, from + BATCH_ROWS);
      next += batch.length;
      for (const [row, bar] of batch.entries()) {
        windows.set(values.subarray((bar - length + 1) * width, (bar + 1) * width), row * length * width);
      }
      const used = windows.subarray(0, batch.length * length * width);
      const made = await forecaster.forecast({ rows: batch.length, windows: used });
      for (const [row, forecast] of made.entries()) forecasts[from + row] = forecast;
    }
  };
  await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, lane));
  const answers = new Map<UtcMs, EnsembleForecast>();
  for (const [index, bar] of chosen.entries()) {
    const forecast = forecasts[index];
    if (forecast !== undefined) answers.set(times[bar] ?? 0, forecast);
  }
  return answers;
}
