import { LABEL } from './labels.ts';
import type { DriftReference, ModelManifest } from './manifest.ts';

/** What a manifest says about itself that cannot be true, in a few words; undefined when nothing is. */
export function manifestContradiction(manifest: ModelManifest): string | undefined {
  const { models, ensemble, features, label, validFrom, validUntil } = manifest;
  const ids = new Set(models.map(({ id }) => id));
  const files = new Set(models.map(({ file }) => file));
  if (ids.size < models.length || files.size < models.length) return 'models: one is named twice';
  const stranger = Object.keys(ensemble.weights).find((id) => !ids.has(id));
  if (stranger !== undefined) return `ensemble.weights: there is no model ${stranger}`;
  if (!Object.values(ensemble.weights).some((weight) => weight > 0)) {
    return 'ensemble.weights: no model has any';
  }
  const described = new Set(features.statistics.map(({ name }) => name));
  const undescribed = features.names.find((name) => !described.has(name));
  if (undescribed !== undefined) return `features.statistics: ${undescribed} is not among them`;
  if (features.statistics.some(({ binEdges, binShares }) => binShares.length !== binEdges.length + 1)) {
    return 'features.statistics: there must be one bin more than edges';
  }
  if (!features.names.includes(label.sigmaFeature)) {
    return `label.sigmaFeature: ${label.sigmaFeature} is not among the features`;
  }
  const otherTerm = (Object.keys(LABEL) as (keyof typeof LABEL)[]).find(
    (term) => label[term] !== LABEL[term],
  ); // keys of a const
  if (otherTerm !== undefined)
    return `label.${otherTerm}: this program's is ${LABEL[otherTerm]}: train again`;
  if (Date.parse(validUntil) <= Date.parse(validFrom)) return 'validUntil: it is not after validFrom';
  return undefined;
}

/** The same for the drift reference: its arrays have the sizes that they claim. */
export function driftContradiction(
  { components, prototypes, prototypeCount }: DriftReference,
  features: number,
): string | undefined {
  if (components.some((component) => component.length !== features)) {
    return `components: each must have ${features} numbers`;
  }
  const bytes = Buffer.byteLength(prototypes, 'base64');
  if (prototypeCount < 1 || bytes !== prototypeCount * components.length * Float32Array.BYTES_PER_ELEMENT) {
    return 'prototypes: there are not as many as it says';
  }
  return undefined;
}
