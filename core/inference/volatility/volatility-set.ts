import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { UtcMs } from '../../domain/index.ts';
import type { FeatureIdentity } from '../model-set.ts';
import { readOnnx } from '../onnx-file.ts';
import { ModelRefusal } from '../refusal.ts';
import { readChecked, readJson, readManifestText, same } from '../set-files.ts';
import {
  BASELINE_IDS,
  type VolatilityManifest,
  VolatilityManifestSchema,
  type VolatilityParity,
  VolatilityParitySchema,
} from './manifest.ts';

/** A folder of volatility models that says truly what it holds. */
export interface VolatilitySet {
  readonly folder: string;
  readonly manifest: VolatilityManifest;
}

/** Reads a set and checks every file of it against the manifest. @throws ModelRefusal for the first that is not right. */
export function loadVolatilitySet(folder: string, features: FeatureIdentity): VolatilitySet {
  const manifest = readManifestText(folder, VolatilityManifestSchema);
  if (manifest.features.setHash !== features.setHash || !same(manifest.features.names, features.names)) {
    throw new ModelRefusal(
      'features-mismatch',
      `manifest.json: made for other features (${manifest.features.setHash.slice(0, 12)}) than this program computes (${features.setHash.slice(0, 12)}): train again`,
    );
  }
  const contradiction = contradictionOf(manifest);
  if (contradiction !== undefined)
    throw new ModelRefusal('manifest-broken', `manifest.json: ${contradiction}`);
  for (const entry of manifest.models) checkModel(folder, entry, manifest);
  readJson(folder, manifest.parity, VolatilityParitySchema);
  return { folder, manifest };
}

/** Inputs and the training libraries' own answers. @throws ModelRefusal */
export function readVolatilityParity({ folder, manifest }: VolatilitySet): VolatilityParity {
  return readJson(folder, manifest.parity, VolatilityParitySchema);
}

/** A set that was found in a folder of sets, or why it must not be used. */
export interface FoundVolatilitySet {
  readonly folder: string;
  readonly set: VolatilitySet | null;
  readonly refusal: ModelRefusal | null;
}

/** Every set in a folder of sets, the newest first. */
export function volatilitySets(root: string, features: FeatureIdentity): readonly FoundVolatilitySet[] {
  // A file in its place is no folder of sets, and no reason not to start.
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  const found = readdirSync(root, { withFileTypes: true })
    .filter((each) => each.isDirectory() && existsSync(join(root, each.name, 'manifest.json')))
    .map(({ name }): FoundVolatilitySet => {
      const folder = join(root, name);
      try {
        return { folder, set: loadVolatilitySet(folder, features), refusal: null };
      } catch (error) {
        if (!(error instanceof ModelRefusal)) throw error;
        return { folder, set: null, refusal: error };
      }
    });
  return found.sort((a, b) => startOf(b) - startOf(a));
}

/** The newest set that had learned from nothing later than a moment and has not expired; undefined when there is none. */
export function setFor(sets: readonly VolatilitySet[], moment: UtcMs): VolatilitySet | undefined {
  return [...sets]
    .sort((a, b) => Date.parse(b.manifest.validFrom) - Date.parse(a.manifest.validFrom))
    .find(({ manifest }) => {
      return moment >= Date.parse(manifest.validFrom) && moment < Date.parse(manifest.validUntil);
    });
}

function startOf({ set }: FoundVolatilitySet): number {
  return set === null ? 0 : Date.parse(set.manifest.validFrom);
}

function contradictionOf(manifest: VolatilityManifest): string | undefined {
  const { models, baselines, pool, bands, features, validFrom, validUntil } = manifest;
  const known = new Set([...models.map(({ id }) => id), 'ridge']);
  if (known.size !== models.length + 1) return 'models: one is named twice';
  for (const id of BASELINE_IDS) {
    const regressions = baselines.find((each) => each.id === id)?.regressions ?? [];
    const general = regressions.filter(({ symbol }) => symbol === null);
    if (general.length !== 2) return `baselines: ${id} needs a regression for each horizon`;
    const stranger = regressions
      .flatMap(({ terms }) => terms)
      .find(({ name }) => !features.names.includes(name));
    if (stranger !== undefined) return `baselines: ${id}: ${stranger.name} is not among the features`;
  }
  for (const { weights } of pool) {
    const stranger = Object.keys(weights).find((id) => !known.has(id));
    if (stranger !== undefined) return `pool: there is no member ${stranger}`;
    const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
    if (Math.abs(total - 1) > 1e-6) return `pool: the weights sum to ${total}, not to 1`;
  }
  for (const [low95, low80, high80, high95] of bands.quantiles) {
    const about0 = low95 < low80 && low80 < 0 && 0 < high80 && high80 < high95;
    if (!about0) return 'bands: the quantiles do not lie about 0, each inside the next';
  }
  if (Date.parse(validUntil) <= Date.parse(validFrom)) return 'validUntil: it is not after validFrom';
  return undefined;
}

function checkModel(
  folder: string,
  entry: VolatilityManifest['models'][number],
  { features, window }: VolatilityManifest,
): void {
  const content = readChecked(folder, entry);
  const facts = factsOf(entry.file, content);
  if (!same(facts.opsets, entry.opsets)) {
    throw new ModelRefusal('opset-mismatch', `${entry.file}: its opsets are not those of the manifest`);
  }
  if (facts.externalData || !same(facts.operators, entry.operators)) {
    throw new ModelRefusal(
      'operators-mismatch',
      `${entry.file}: its operators are not those of the manifest`,
    );
  }
  const width = features.names.length;
  const isTree = entry.kind === 'xgboost' || entry.kind === 'lightgbm';
  const shape = isTree ? [-1, width] : [-1, window.rows, width];
  const fits =
    same(facts.inputs, [{ name: 'features', shape }]) &&
    same(facts.outputs, [{ name: 'log_variance', shape: [-1, 2] }]);
  if (!fits) {
    throw new ModelRefusal(
      'inputs-mismatch',
      `${entry.file}: it does not make \`log_variance\` of shape [-1, 2] from \`features\` of shape [${shape.join(', ')}]`,
    );
  }
}

function factsOf(file: string, content: Buffer) {
  try {
    return readOnnx(content);
  } catch (cause) {
    const why = cause instanceof RangeError ? cause.message : String(cause);
    throw new ModelRefusal('truncated', `${file}: it is no ONNX model: ${why}`, { cause });
  }
}
