import type { ModelEvaluation, Timeframe } from '../contract/index.ts';
import { TIMEFRAME_MS, type UtcMs } from '../domain/index.ts';
import { FEATURE_IDENTITY, featureHistory } from '../engine/voices/models.ts';
import {
  type ExaminedSeries,
  examine,
  Forecaster,
  forecastHistory,
  LABEL,
  type ModelRunner,
  type ModelSet,
  PooledRunner,
} from '../inference/index.ts';
import type { HistorySeries, SeriesReport } from '../market/index.ts';

export interface EvaluationOptions {
  readonly set: ModelSet;
  /** Whole histories: the features need the bars before `from`. */
  readonly series: readonly HistorySeries[];
  readonly timeframe: Timeframe;
  /** Bars that closed in `from`..`to` are examined; nothing after `to` is looked at. */
  readonly from: UtcMs;
  readonly to: UtcMs;
  readonly onProgress?: (symbolsDone: number, symbols: number) => void;
}

export interface SetEvaluation {
  readonly setId: string;
  readonly from: string;
  readonly to: string;
  /** Some examined bars are among those that the models learned from: the figures prove nothing. */
  readonly contaminated: boolean;
  readonly data: readonly SeriesReport[];
  /** Model id -> figures. */
  readonly models: Readonly<Record<string, ModelEvaluation>>;
  readonly ensemble: ModelEvaluation;
}

const ENSEMBLE = 'ensemble';

/**
 * Examines a set on candles: every bar with a whole window behind it and a whole horizon before `to`.
 *
 * @throws ModelRefusal when a model cannot be run, RangeError when no bar can be examined.
 */
export async function evaluateSet(options: EvaluationOptions): Promise<SetEvaluation> {
  const { set, timeframe, from, to, onProgress } = options;
  const { manifest } = set;
  const until = options.series.map((one) => ({
    ...one,
    bars: one.bars.filter(({ openTime }) => openTime < to),
  }));
  const ids = [...manifest.models.map(({ id }) => id), ENSEMBLE];
  const examined = new Map<string, ExaminedSeries[]>(ids.map((id) => [id, []]));
  const runner = new PooledRunner();
  try {
    for (const [done, one] of until.entries()) {
      onProgress?.(done, until.length);
      for (const [id, series] of await askAll(set, one, until, options, runner))
        examined.get(id)?.push(series);
    }
  } finally {
    await runner.close();
  }
  const terms = {
    prior: manifest.prior,
    trials: manifest.validation.trials,
    timeframeMs: TIMEFRAME_MS[timeframe],
  };
  const figures = Object.fromEntries([...examined].map(([id, series]) => [id, examine(series, terms)]));
  const { [ENSEMBLE]: ensemble, ...models } = figures;
  if (ensemble === undefined) throw new RangeError('the set has no ensemble');
  return {
    setId: manifest.setId,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    contaminated: from < Date.parse(manifest.validFrom),
    data: until.map(({ report }) => report),
    models,
    ensemble,
  };
}

/** What each model, and the ensemble, said of one symbol's bars from `from` on. */
async function askAll(
  set: ModelSet,
  series: HistorySeries,
  all: readonly HistorySeries[],
  { timeframe, from }: EvaluationOptions,
  runner: ModelRunner,
): Promise<ReadonlyMap<string, ExaminedSeries>> {
  const history = featureHistory(series, all, timeframe);
  const step = TIMEFRAME_MS[timeframe];
  const answers = await forecastHistory(
    new Forecaster(set, runner),
    history,
    timeframe,
    (closeTime) => closeTime >= from,
  );
  const first = series.bars.findIndex(({ openTime }) => openTime + step >= from);
  const bars = first === -1 ? [] : series.bars.slice(first);
  const sigmaColumn = FEATURE_IDENTITY.names.indexOf(LABEL.sigmaFeature);
  const width = FEATURE_IDENTITY.names.length;
  const sigma = Float64Array.from(
    bars,
    (_, bar) => history.values[(first + bar) * width + sigmaColumn] ?? Number.NaN,
  );
  const { symbol } = series;
  const made = new Map<string, ExaminedSeries>();
  const seriesOf = (id: string): ExaminedSeries => {
    const probabilities = new Float64Array(3 * bars.length).fill(Number.NaN);
    const known = made.get(id) ?? { symbol, bars, sigma, probabilities };
    made.set(id, known);
    return known;
  };
  for (const [bar, { openTime }] of bars.entries()) {
    const forecast = answers.get(openTime);
    if (forecast === undefined) continue;
    seriesOf(ENSEMBLE).probabilities.set(forecast.pooled, 3 * bar);
    for (const { model, down, flat, up } of forecast.outputs) {
      seriesOf(model).probabilities.set([down, flat, up], 3 * bar);
    }
  }
  return made;
}
