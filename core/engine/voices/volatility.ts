import { join } from 'node:path';
import { NO_OUTLOOK, type Outlooks, type Timeframe, type UtcMs } from '../../domain/index.ts';
import { featureNames, featureSetHash, featuresOf } from '../../features/index.ts';
import {
  checkVolatilityParity,
  type FeatureIdentity,
  type FoundVolatilitySet,
  PooledRunner,
  type VolatilitySet,
  volatilitySets,
} from '../../inference/index.ts';
import type { HistorySeries } from '../../market/index.ts';
import { historicalOutlooks } from '../volatility/historical-outlooks.ts';
import { SOURCE_MODELS } from './models.ts';
import { type Verified, verifiedBy } from './verified-by.ts';

/** What this program's variance features are, against which sets of volatility models are checked. */
export const VARIANCE_IDENTITY: FeatureIdentity = {
  names: featureNames(['variance']),
  setHash: featureSetHash(featuresOf(['variance'])),
};

/** The volatility sets beside the shipped models, the newest first, each checked file by file. */
export function openVolatilitySets(modelsFolder = SOURCE_MODELS): readonly FoundVolatilitySet[] {
  return volatilitySets(join(modelsFolder, 'volatility'), VARIANCE_IDENTITY);
}

/**
 * Those that may speak of a history, and a line for each that must not. Asks each model what its makers asked it.
 *
 * @param until the end of the history: what learned from later bars has nothing to say of it.
 */
export function verifiedVolatilitySets(
  until: UtcMs,
  modelsFolder?: string,
): Promise<Verified<VolatilitySet>> {
  const mayHaveSaid = ({ set }: FoundVolatilitySet): boolean =>
    set === null || Date.parse(set.manifest.validFrom) < until;
  return verifiedBy(checkVolatilityParity, openVolatilitySets(modelsFolder).filter(mayHaveSaid));
}

/** What was foretold of volatility before each bar of a history. */
export async function openHistoricalOutlooks(
  series: readonly HistorySeries[],
  timeframe: Timeframe,
  sets: readonly VolatilitySet[],
): Promise<Outlooks> {
  if (sets.length === 0) return NO_OUTLOOK;
  const runner = new PooledRunner();
  try {
    return await historicalOutlooks(series, timeframe, sets, runner);
  } finally {
    await runner.close();
  }
}
