import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ModelManifest } from './manifest.ts';
import { loadSet, readParityFixture } from './model-set.ts';
import { ModelRefusal, type RefusalCode } from './refusal.ts';
import { SMALL_FEATURES } from './testing/model-set-folder.ts';
import { encodeOnnx, type ModelSpecification } from './testing/onnx-encoder.ts';
import { netModel, treeModel } from './testing/small-models.ts';
import { temporarySets } from './testing/temporary-sets.ts';

const sets = temporarySets();

/** Why a folder is refused, as `code: message`. */
function refusalOf(folder: string, features = SMALL_FEATURES): string {
  try {
    loadSet(folder, features);
  } catch (error) {
    if (error instanceof ModelRefusal) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'not refused';
}

/** A set whose xgboost file is this model, with the right hash but the manifest's old description. */
function withModel(specification: ModelSpecification): string {
  const content = encodeOnnx(specification);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const { folder } = sets.write({
    edit: (manifest) => edited(manifest, { sha256, bytes: content.length }),
  });
  writeFileSync(join(folder, 'xgboost.onnx'), content);
  return folder;
}

function edited(manifest: ModelManifest, change: object): ModelManifest {
  const [first, ...rest] = manifest.models;
  if (first === undefined) throw new TypeError('a small set has models');
  return { ...manifest, models: [{ ...first, ...change }, ...rest] };
}

describe('loading a model set', () => {
  it('takes one whose files are what its manifest says', () => {
    const { folder, manifest } = sets.write();
    const set = loadSet(folder, SMALL_FEATURES);
    expect(set.manifest).toEqual(manifest);
    expect(readParityFixture(set).rows).toBe(600);
  });

  it.each<[string, RefusalCode, string, (folder: string) => void]>([
    ['is empty', 'no-set', 'no model', (folder) => rmSync(folder, { recursive: true })],
    [
      'has a folder for a manifest',
      'manifest-broken',
      'manifest.json',
      (folder) => {
        rmSync(join(folder, 'manifest.json'));
        mkdirSync(join(folder, 'manifest.json'));
      },
    ],
    [
      'has a manifest that is not JSON',
      'manifest-broken',
      'manifest.json',
      (folder) => writeFileSync(join(folder, 'manifest.json'), '{'),
    ],
    ['lacks a model', 'missing-file', 'lstm.onnx', (folder) => rmSync(join(folder, 'lstm.onnx'))],
    ['has a cut model', 'truncated', 'lstm.onnx', (folder) => truncateSync(join(folder, 'lstm.onnx'), 40)],
    ['has a model with a flipped bit', 'hash-mismatch', 'lightgbm.onnx', (f) => flip(f, 'lightgbm.onnx')],
    ['has a changed drift reference', 'hash-mismatch', 'drift.json', (folder) => flip(folder, 'drift.json')],
  ])('refuses a folder that %s, naming the file', (_, code, word, damage) => {
    const { folder } = sets.write();
    damage(folder);
    const refusal = refusalOf(folder);
    expect(refusal).toContain(`${code}: `);
    expect(refusal).toContain(word);
    expect(refusal).not.toContain('\n');
  });

  it('takes files whose line ends were made Windows’ own, or that got a byte order mark, for what they are', () => {
    const { folder } = sets.write();
    for (const name of ['manifest.json', 'parity.json', 'drift.json']) {
      const path = join(folder, name);
      const text = readFileSync(path, 'utf8');
      writeFileSync(path, `\u{feff}${text.replaceAll('\n', '\r\n')}`);
    }
    expect(refusalOf(folder)).toBe('not refused');
    expect(readParityFixture(loadSet(folder, SMALL_FEATURES))).toBeDefined();
  });

  it('refuses a changed parity fixture when it is read', () => {
    const { folder } = sets.write();
    const set = loadSet(folder, SMALL_FEATURES);
    flip(folder, 'parity.json');
    expect(() => readParityFixture(set)).toThrow(/parity\.json/);
  });

  it('refuses a set made for other features, by name, by order and by definition', () => {
    const { folder } = sets.write();
    const [first = '', second = '', ...rest] = SMALL_FEATURES.names;
    const others = [
      { ...SMALL_FEATURES, names: [first, second] },
      { ...SMALL_FEATURES, names: [second, first, ...rest] },
      { ...SMALL_FEATURES, setHash: 'c'.repeat(64) },
    ];
    for (const features of others) expect(refusalOf(folder, features)).toContain('features-mismatch: ');
  });

  const tree = treeModel(5, 1).specification;
  it.each<[string, RefusalCode, ModelSpecification]>([
    ['another opset', 'opset-mismatch', { ...tree, opsets: { ...tree.opsets, 'ai.onnx': 18 } }],
    [
      'another operator',
      'operators-mismatch',
      {
        ...tree,
        nodes: [...tree.nodes, { operator: 'Exp', inputs: ['probabilities'], outputs: ['more'] }],
      },
    ],
    ['other inputs', 'inputs-mismatch', { ...tree, inputs: [{ name: 'features', shape: [-1, 6] }] }],
    ['an input of another name', 'inputs-mismatch', { ...tree, inputs: [{ name: 'x', shape: [-1, 5] }] }],
    ['other outputs', 'inputs-mismatch', { ...tree, outputs: [{ name: 'probabilities', shape: [-1, 2] }] }],
    [
      'weights in another file',
      'operators-mismatch',
      { ...tree, constants: tree.constants.map((each) => ({ ...each, external: true })) },
    ],
    ['the shape of a net', 'opset-mismatch', netModel(5, 4, 1).specification],
  ])('refuses a model with %s than its card says', (_, code, specification) => {
    const refusal = refusalOf(withModel(specification));
    expect(refusal).toContain(`${code}: `);
    expect(refusal).toContain('xgboost.onnx');
  });

  it('refuses bytes that are no model, whatever their hash', () => {
    const content = Buffer.from('not a model');
    const sha256 = createHash('sha256').update(content).digest('hex');
    const { folder } = sets.write({ edit: (m) => edited(m, { sha256, bytes: content.length }) });
    writeFileSync(join(folder, 'xgboost.onnx'), content);
    expect(refusalOf(folder)).toContain('truncated: xgboost.onnx');
  });

  it.each<[string, (manifest: ModelManifest) => object]>([
    ['has a key nobody knows', (manifest) => ({ ...manifest, secret: 1 })],
    ['reaches out of its folder', (manifest) => edited(manifest, { file: '../other.onnx' })],
    ['names no model', (manifest) => ({ ...manifest, models: [] })],
    ['gives a model twice', (m) => ({ ...m, models: [...m.models, ...m.models.slice(0, 1)] })],
    [
      'weighs a model that it does not have',
      (m) => ({ ...m, ensemble: { ...m.ensemble, weights: { ...m.ensemble.weights, other: 1 } } }),
    ],
    [
      'gives no model any weight',
      (m) => ({ ...m, ensemble: { ...m.ensemble, weights: { xgboost: 0, lightgbm: 0 } } }),
    ],
    [
      'has labels of another kind than this program',
      (m) => ({ ...m, label: { ...m.label, horizonBars: 5 } }),
    ],
    [
      'lacks the statistics of a feature',
      (m) => ({ ...m, features: { ...m.features, statistics: m.features.statistics.slice(1) } }),
    ],
    ['is valid for no time at all', (manifest) => ({ ...manifest, validUntil: manifest.validFrom })],
  ])('refuses a manifest that %s', (_, edit) => {
    expect(refusalOf(sets.write({ edit }).folder)).toMatch(/^manifest-broken: manifest\.json/);
  });
});

function flip(folder: string, file: string): void {
  const path = join(folder, file);
  const content = readFileSync(path);
  const middle = content.length >> 1;
  content[middle] = (content[middle] ?? 0) ^ 1;
  writeFileSync(path, content);
}
