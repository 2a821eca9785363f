import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelKind } from '../../contract/index.ts';
import { SeededRandom } from '../../domain/index.ts';
import { LABEL } from '../labels.ts';
import type { ModelEntry, ModelManifest } from '../manifest.ts';
import type { FeatureIdentity } from '../model-set.ts';
import { readOnnx } from '../onnx-file.ts';
import { encodeOnnx, floatBytes } from './onnx-encoder.ts';
import { netModel, type SmallModel, treeModel } from './small-models.ts';

/** What the small sets are made for. Only `gap` may be missing. */
export const SMALL_FEATURES: FeatureIdentity = {
  names: [LABEL.sigmaFeature, 'trend', 'momentum', 'gap', 'volume'],
  setHash: 'a'.repeat(64),
};
export const SMALL_LENGTH = 4;

const WIDTH = SMALL_FEATURES.names.length;
const PARITY_ROWS = 600;
const WINDOWS = 520;

export interface SmallSetOptions {
  readonly setId?: string;
  readonly validFrom?: string;
  readonly validUntil?: string;
  /** Other models for another seed. */
  readonly seed?: number;
  readonly edit?: (manifest: ModelManifest) => object;
}

/** A set in a folder, and the sums that its models do. */
export interface SmallSet {
  readonly folder: string;
  readonly manifest: ModelManifest;
  readonly models: ReadonlyMap<string, SmallModel>;
}

/** Writes a whole model set: four small ONNX models, their manifest, parity fixture and drift reference. */
export function writeSmallSet(folder: string, options: SmallSetOptions = {}): SmallSet {
  mkdirSync(folder, { recursive: true });
  const { seed = 1 } = options;
  const models = new Map<ModelKind, SmallModel>([
    ['xgboost', treeModel(WIDTH, seed)],
    ['lightgbm', treeModel(WIDTH, seed + 1)],
    ['lstm', netModel(WIDTH, SMALL_LENGTH, seed + 2)],
    ['transformer', netModel(WIDTH, SMALL_LENGTH, seed + 3)],
  ]);
  const write = (file: string, content: Buffer) => {
    writeFileSync(join(folder, file), content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    return { file, sha256, bytes: content.length };
  };
  const entries = [...models].map(([kind, { specification }]) => {
    const content = encodeOnnx(specification);
    return entryOf(kind, write(`${kind}.onnx`, content), content);
  });
  const parity = { ...write('parity.json', json(parityOf(models))), rows: PARITY_ROWS, tolerance: 1e-5 };
  const drift = { ...write('drift.json', json(DRIFT)), ...DRIFT_LIMITS };
  const manifest = manifestOf(options, entries, parity, drift);
  writeFileSync(join(folder, 'manifest.json'), json(options.edit?.(manifest) ?? manifest));
  return { folder, manifest, models };
}

/** Rows of made-up features near 0; sigma is always 1 %. Some rows lack `gap`. */
export function smallRows(rows: number, seed: number): Float32Array {
  const random = new SeededRandom(seed);
  const values = Float32Array.from({ length: rows * WIDTH }, () => random.next() * 4 - 2);
  for (let row = 0; row < rows; row += 1) {
    values[row * WIDTH] = 0.01;
    if (row % 11 === 10) values[row * WIDTH + 3] = Number.NaN;
  }
  return values;
}

function parityOf(models: ReadonlyMap<string, SmallModel>): object {
  const values = smallRows(PARITY_ROWS, 77);
  const windowStarts = Array.from({ length: WINDOWS }, (_, start) => start);
  const expected: Record<string, object> = {};
  for (const [id, model] of models) {
    const isNet = id === 'lstm' || id === 'transformer';
    const inputs = Array.from({ length: isNet ? WINDOWS : PARITY_ROWS }, (_, first) =>
      values.subarray(first * WIDTH, (first + (isNet ? SMALL_LENGTH : 1)) * WIDTH),
    );
    expected[id] = {
      probabilities: base64(inputs.flatMap((input) => model.answer(input))),
      ...(isNet ? { quantiles: base64(inputs.flatMap((input) => model.quantiles(input) ?? [])) } : {}),
    };
  }
  return { rows: PARITY_ROWS, features: WIDTH, values: base64(values), windowStarts, expected };
}

/** The plane of the first two features after sigma, with prototypes at the corners of a square and its middle. */
const DRIFT = {
  components: [
    [0, 1, 0, 0, 0],
    [0, 0, 1, 0, 0],
  ],
  prototypes: base64([0, 0, 1, 1, 1, -1, -1, 1, -1, -1]),
  prototypeCount: 5,
  meanDistance: 2,
};
const DRIFT_LIMITS = {
  dissimilarityThreshold: 1,
  psiMoved: 0.25,
  windowBars: 50,
  warnShare: 0.5,
  stopShare: 0.7,
};

function entryOf(
  kind: ModelKind,
  file: Pick<ModelEntry, 'file' | 'sha256' | 'bytes'>,
  content: Buffer,
): ModelEntry {
  const { opsets, operators, inputs, outputs } = readOnnx(content);
  return {
    id: kind,
    kind,
    ...file,
    inputs: inputs.map(({ name, shape }) => ({ name, shape: [...shape] })),
    outputs: outputs.map(({ name, shape }) => ({ name, shape: [...shape] })),
    opsets: { ...opsets },
    operators: { ...operators },
    testedRuntime: '1.30.0',
    libraries: {},
    seeds: [1],
    parameters: {},
    calibration: { method: 'temperature', temperature: 1 },
    importance: [],
    outOfFoldLogLoss: 1,
    evaluation: null,
    limits: 'for tests',
    licence: 'MIT',
  };
}

function manifestOf(
  {
    setId = 'small',
    validFrom = '2026-01-01T00:00:00Z',
    validUntil = '2026-07-01T00:00:00Z',
  }: SmallSetOptions,
  models: ModelEntry[],
  parity: ModelManifest['parity'],
  drift: ModelManifest['drift'],
): ModelManifest {
  const period = { from: '2025-01-01T00:00:00Z', to: '2025-12-31T00:00:00Z', samples: 1000 };
  const { horizonBars, barrierSigma, costMultiple, roundTripCost, sigmaFeature } = LABEL;
  return {
    schemaVersion: 1,
    setId,
    createdAt: validFrom,
    validFrom,
    validUntil,
    timeframe: '1h',
    sequenceLength: SMALL_LENGTH,
    classes: ['down', 'flat', 'up'],
    prior: [0.3, 0.4, 0.3],
    features: {
      names: [...SMALL_FEATURES.names],
      setHash: SMALL_FEATURES.setHash,
      goldenSha256: 'b'.repeat(64),
      unusedGroups: ['microstructure'],
      mayBeMissing: ['gap'],
      statistics: SMALL_FEATURES.names.map((name) => ({
        name,
        p1: -2,
        p50: 0,
        p99: 2,
        mean: 0,
        std: 1,
        nanRate: name === 'gap' ? 0.1 : 0,
        binEdges: [-1, 0, 1],
        binShares: [0.25, 0.25, 0.25, 0.25],
      })),
    },
    label: {
      kind: 'triple-barrier',
      horizonBars,
      barrierSigma,
      costMultiple,
      roundTripCost,
      sigmaFeature,
      entry: 'next-open',
    },
    data: [],
    splits: { train: period, validation: period, test: period },
    validation: {
      scheme: 'purged walk-forward',
      folds: 4,
      purgeBars: 24,
      embargoBars: 24,
      trials: 1,
      probabilityOfOverfitting: null,
    },
    models,
    ensemble: {
      method: 'log-opinion-pool',
      weights: { xgboost: 0.4, lightgbm: 0.3, lstm: 0.2, transformer: 0.1 },
      temperature: 1,
      outOfFoldLogLoss: 1,
      evaluation: null,
    },
    parity,
    drift,
    licence: 'MIT',
  };
}

function base64(values: Iterable<number>): string {
  return floatBytes(values).toString('base64');
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
