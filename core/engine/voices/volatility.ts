import { join } from 'node:path';
import { featureNames, featureSetHash, featuresOf } from '../../features/index.ts';
import { type FeatureIdentity, type FoundVolatilitySet, volatilitySets } from '../../inference/index.ts';
import { SOURCE_MODELS } from './models.ts';

/** What this program's variance features are, against which sets of volatility models are checked. */
export const VARIANCE_IDENTITY: FeatureIdentity = {
  names: featureNames(['variance']),
  setHash: featureSetHash(featuresOf(['variance'])),
};

/** The volatility sets beside the shipped models, the newest first, each checked file by file. */
export function openVolatilitySets(modelsFolder = SOURCE_MODELS): readonly FoundVolatilitySet[] {
  return volatilitySets(join(modelsFolder, 'volatility'), VARIANCE_IDENTITY);
}
