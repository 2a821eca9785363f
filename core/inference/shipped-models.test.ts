import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelKind } from '../contract/index.ts';
import { CANDLE_GROUPS, featureNames, featureSetHash, featuresOf } from '../features/index.ts';
import { DirectRunner } from './direct-runner.ts';
import { verdictOf } from './evaluation/verdict.ts';
import type { ModelEntry } from './manifest.ts';
import { loadSet, type ModelSet, readParityFixture } from './model-set.ts';
import { checkParity, floatsOf, jobOf } from './parity.ts';

/** The models that come with the program, held to what is said of them. A checkout may be without. */
const FOLDER = fileURLToPath(new URL('../../models/', import.meta.url));
const installed = existsSync(join(FOLDER, 'manifest.json'));

const EVERY_TREE = ['Add', 'Div', 'Softmax', 'TreeEnsembleRegressor'];
/** The operators that make a model what its card says, and how often at least. */
const MARKS: Readonly<Record<ModelKind, Readonly<Record<string, number>>>> = {
  xgboost: { TreeEnsembleRegressor: 1 },
  lightgbm: { TreeEnsembleRegressor: 1 },
  lstm: { LSTM: 1, LayerNormalization: 1 },
  // Two layers of attention, each a softmax between two products, and the answer's own.
  transformer: { Softmax: 3, MatMul: 8, LayerNormalization: 5 },
};

describe.skipIf(!installed)('the models that come with the program', () => {
  const runner = new DirectRunner();
  let set: ModelSet;
  let rows: Float32Array;
  beforeAll(() => {
    const names = featureNames(CANDLE_GROUPS);
    set = loadSet(FOLDER, { names, setHash: featureSetHash(featuresOf(CANDLE_GROUPS)) });
    rows = floatsOf(readParityFixture(set).values);
  });
  afterAll(() => runner.close());

  const isTree = ({ kind }: ModelEntry): boolean => kind === 'xgboost' || kind === 'lightgbm';
  /** What a model says of the window, or the last row, that begins at a row of the fixture. */
  async function ask(
    entry: ModelEntry,
    first: number,
    change: (input: Float32Array) => void = () => undefined,
  ) {
    const width = set.manifest.features.names.length;
    const length = isTree(entry) ? 1 : set.manifest.sequenceLength;
    const input = rows.slice(first * width, (first + length) * width);
    change(input);
    const [answer] = await runner.run([jobOf(set, entry, 1, input)]);
    return answer ?? { probabilities: new Float32Array(), quantiles: null };
  }

  it('are all four, together under 20 MB', () => {
    const { models } = set.manifest;
    expect(models.map(({ kind }) => kind).sort()).toEqual(['lightgbm', 'lstm', 'transformer', 'xgboost']);
    expect(models.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(20_000_000);
  });

  it('are what their cards say: tree ensembles, an LSTM, attention', () => {
    for (const entry of set.manifest.models) {
      for (const [operator, least] of Object.entries(MARKS[entry.kind])) {
        expect(entry.operators[operator] ?? 0, `${entry.id}: ${operator}`).toBeGreaterThanOrEqual(least);
      }
      if (isTree(entry)) expect(Object.keys(entry.operators).sort()).toEqual(EVERY_TREE);
    }
  });

  it('answer here as they did where they were made, one by one and together', async () => {
    const results = await checkParity(set, runner);
    for (const { rows: count } of results) expect(count).toBeGreaterThanOrEqual(500);
    expect(set.manifest.parity.tolerance).toBeLessThanOrEqual(1e-5);
  });

  it('answer probabilities, and quantiles in their order', async () => {
    for (const entry of set.manifest.models) {
      const { probabilities, quantiles } = await ask(entry, 0);
      expect(probabilities.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 5);
      expect(quantiles === null).toBe(isTree(entry));
      if (quantiles !== null) expect([...quantiles]).toEqual([...quantiles].sort((a, b) => a - b));
    }
  });

  it('answer otherwise to other inputs, the nets to older bars too', async () => {
    const width = set.manifest.features.names.length;
    for (const entry of set.manifest.models) {
      const { probabilities } = await ask(entry, 0);
      const other = await ask(entry, 100);
      expect(other.probabilities, entry.id).not.toEqual(probabilities);
      if (isTree(entry)) continue;
      const older = await ask(entry, 0, (input) => {
        for (let place = 0; place < width; place += 1) input[place] = (input[place] ?? 0) + 1;
      });
      expect(older.probabilities, entry.id).not.toEqual(probabilities);
    }
  });

  it('are judged by the written rule', () => {
    const { models, ensemble } = set.manifest;
    for (const { evaluation } of [...models, ensemble]) {
      if (evaluation === null) continue;
      expect(evaluation.verdict).toBe(verdictOf(evaluation.overall, evaluation.policy));
    }
  });

  it('are, together, calibrated and no worse than knowing nothing', () => {
    const overall = set.manifest.ensemble.evaluation?.overall;
    expect(overall, 'the set was not examined').toBeDefined();
    if (overall === undefined) return;
    expect(overall.ece).toBeLessThanOrEqual(0.03);
    expect(overall.logLoss - overall.priorLogLoss).toBeLessThanOrEqual(overall.logLossStandardError);
  });
});
