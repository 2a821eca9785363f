import { join } from 'node:path';
import {
  type DriftReference,
  DriftReferenceSchema,
  ManifestSchema,
  type ModelEntry,
  type ModelManifest,
  type ParityFixture,
  ParityFixtureSchema,
} from './manifest.ts';
import { driftContradiction, manifestContradiction } from './manifest-consistency.ts';
import { type OnnxFacts, readOnnx } from './onnx-file.ts';
import { ModelRefusal } from './refusal.ts';
import { readChecked, readJson, readManifestText, same } from './set-files.ts';

/** What the program computes, against which a set is checked. */
export interface FeatureIdentity {
  readonly names: readonly string[];
  readonly setHash: string;
}

/** A folder of models that says truly what it holds. Whether it answers as it should is for `parity.ts` to say. */
export interface ModelSet {
  readonly folder: string;
  readonly manifest: ModelManifest;
  readonly drift: DriftReference;
}

/**
 * Reads a set and checks every file of it against the manifest: hash, opsets, operators, inputs and outputs.
 *
 * @throws ModelRefusal for the first thing that is not as it should be.
 */
export function loadSet(folder: string, features: FeatureIdentity): ModelSet {
  const manifest = readManifest(folder);
  if (manifest.features.setHash !== features.setHash || !sameNames(manifest.features.names, features.names)) {
    throw new ModelRefusal(
      'features-mismatch',
      `manifest.json: made for other features (${manifest.features.setHash.slice(0, 12)}) than this program computes (${features.setHash.slice(0, 12)}): train again`,
    );
  }
  for (const entry of manifest.models) checkModel(folder, entry, manifest);
  const drift = readJson(folder, manifest.drift, DriftReferenceSchema);
  const contradiction = driftContradiction(drift, manifest.features.names.length);
  if (contradiction !== undefined) {
    throw new ModelRefusal('reference-broken', `${manifest.drift.file}: ${contradiction}`);
  }
  return { folder, manifest, drift };
}

/** @throws ModelRefusal `no-set` when there is none, `manifest-broken` when it cannot be trusted. */
export function readManifest(folder: string): ModelManifest {
  const manifest = readManifestText(folder, ManifestSchema);
  const contradiction = manifestContradiction(manifest);
  if (contradiction !== undefined)
    throw new ModelRefusal('manifest-broken', `manifest.json: ${contradiction}`);
  return manifest;
}

/** Inputs and the training libraries' own answers. @throws ModelRefusal */
export function readParityFixture({ folder, manifest }: ModelSet): ParityFixture {
  return readJson(folder, manifest.parity, ParityFixtureSchema);
}

/** The path of a model's file. */
export function pathOf({ folder }: Pick<ModelSet, 'folder'>, { file }: Pick<ModelEntry, 'file'>): string {
  return join(folder, file);
}

function checkModel(folder: string, entry: ModelEntry, manifest: ModelManifest): void {
  const facts = factsOf(entry.file, readChecked(folder, entry));
  const refuse = (code: 'opset-mismatch' | 'operators-mismatch' | 'inputs-mismatch', what: string): never => {
    throw new ModelRefusal(code, `${entry.file}: ${what}`);
  };
  if (!same(facts.opsets, entry.opsets)) refuse('opset-mismatch', 'its opsets are not those of the manifest');
  if (facts.externalData || !same(facts.operators, entry.operators)) {
    refuse('operators-mismatch', 'its operators are not those of the manifest');
  }
  const width = manifest.features.names.length;
  const isTree = entry.kind === 'xgboost' || entry.kind === 'lightgbm';
  const wanted = isTree ? [-1, width] : [-1, manifest.sequenceLength, width];
  const [input, ...others] = facts.inputs;
  const fits = others.length === 0 && input?.name === 'features' && same(input.shape, wanted);
  if (!fits || !same(facts.inputs, entry.inputs)) {
    refuse('inputs-mismatch', `it does not take \`features\` of shape [${wanted.join(', ')}]`);
  }
  const answers = facts.outputs.some(({ name, shape }) => name === 'probabilities' && same(shape, [-1, 3]));
  if (!answers || !same(facts.outputs, entry.outputs)) {
    refuse('inputs-mismatch', 'it does not answer `probabilities` of shape [-1, 3]');
  }
}

function factsOf(file: string, content: Buffer): OnnxFacts {
  try {
    return readOnnx(content);
  } catch (cause) {
    const why = cause instanceof RangeError ? cause.message : String(cause);
    throw new ModelRefusal('truncated', `${file}: ${why}`, { cause });
  }
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index]);
}
