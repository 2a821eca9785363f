import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Timeframe } from '../../contract/index.ts';
import { type Analyst, type Candle, isBitcoin, type Prediction, TIMEFRAME_MS } from '../../domain/index.ts';
import {
  CANDLE_GROUPS,
  computeFeatures,
  featureNames,
  featureSetHash,
  featuresOf,
} from '../../features/index.ts';
import {
  checkParity,
  type FeatureHistory,
  type FeatureIdentity,
  HistoricalEnsemble,
  ModelLibrary,
  ModelRegistry,
  type ModelRunner,
  type ModelSet,
  PooledRunner,
  WorkerRunner,
} from '../../inference/index.ts';
import type { HistorySeries } from '../../market/index.ts';
import { contextFor } from './bitcoin-bars.ts';
import { type Verified, verifiedBy } from './verified-by.ts';

/** The models of a source checkout. A packaged application has them elsewhere and says so. */
export const SOURCE_MODELS = fileURLToPath(new URL('../../../models/', import.meta.url));

/** What this program's features are, against which model sets are checked. */
export const FEATURE_IDENTITY: FeatureIdentity = {
  names: featureNames(CANDLE_GROUPS),
  setHash: featureSetHash(featuresOf(CANDLE_GROUPS)),
};

/** The model sets of a source checkout or of a folder, and the trader's own in the data directory. */
export function openLibrary(dataDirectory: string | null, shippedFolder = SOURCE_MODELS): ModelLibrary {
  const ownFolder = dataDirectory === null ? null : join(dataDirectory, 'models');
  return new ModelLibrary({ shippedFolder, ownFolder, features: FEATURE_IDENTITY });
}

/** The models that vote while the market moves, on a thread of their own, which closes with them. */
export function openModels(
  dataDirectory: string,
  onPrediction: (prediction: Prediction) => void,
  shippedFolder?: string,
  runner: ModelRunner = new WorkerRunner(),
): ModelRegistry {
  const library = openLibrary(dataDirectory, shippedFolder);
  return new ModelRegistry({ library, runner, onPrediction });
}

/** Every set that may be used here, and a line for each that must not. Asks each model what its makers asked it. */
export function verifiedSets(library: ModelLibrary): Promise<Verified<ModelSet>> {
  return verifiedBy(checkParity, library.list());
}

/** The models over history: each bar is answered by the set that could have been asked at the time. */
export async function openHistoricalModels(
  series: readonly HistorySeries[],
  timeframe: Timeframe,
  sets: readonly ModelSet[],
): Promise<Analyst> {
  const runner = new PooledRunner();
  try {
    const usable = sets.filter(({ manifest }) => manifest.timeframe === timeframe);
    const whole = series.map(({ symbol, bars, warmUp = [] }) => ({ symbol, bars: [...warmUp, ...bars] }));
    const histories = usable.length === 0 ? [] : whole.map((each) => featureHistory(each, whole, timeframe));
    return await HistoricalEnsemble.over(histories, timeframe, sets, runner);
  } finally {
    await runner.close();
  }
}

/** The features of every bar, as the loop computes them one by one. */
export function featureHistory(
  { symbol, bars }: Pick<HistorySeries, 'symbol' | 'bars'>,
  all: readonly Pick<HistorySeries, 'symbol' | 'bars'>[],
  timeframe: Timeframe,
): FeatureHistory {
  const { values, firstReady } = computeFeatures(bars, {
    timeframeMs: TIMEFRAME_MS[timeframe],
    isBtc: isBitcoin(symbol),
    contextOf: contextFor(symbol, all),
  });
  return { symbol, times: bars.map(({ openTime }) => openTime), values, firstReady };
}

/** Shows the drift guard of the set in use the bars of before the start: it needs hundreds, and a live one comes an hour. */
export function warmUpDrift(
  models: ModelRegistry,
  warmUp: ReadonlyMap<string, readonly Candle[]>,
  timeframe: Timeframe,
): void {
  if (models.set?.manifest.timeframe !== timeframe) return;
  const width = FEATURE_IDENTITY.names.length;
  const all = [...warmUp].map(([symbol, bars]) => ({ symbol, bars }));
  for (const one of all) {
    const { values, times, firstReady, symbol } = featureHistory(one, all, timeframe);
    const rows = times.slice(firstReady).map((_, index) => {
      const from = (firstReady + index) * width;
      return Float32Array.from(values.subarray(from, from + width));
    });
    models.warmUp(symbol, rows);
  }
}
