import { fileURLToPath } from 'node:url';
import { ModelRegistry } from '../inference/index.ts';

/** The models of a source checkout. A packaged application has them elsewhere and says so. */
const SOURCE_MODELS = fileURLToPath(new URL('../../models/', import.meta.url));

/** The models installed in a folder; those of a source checkout when none is named. */
export function openModels(folder = SOURCE_MODELS): ModelRegistry {
  return ModelRegistry.open(folder);
}
