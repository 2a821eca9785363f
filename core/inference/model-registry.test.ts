import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Prediction } from '../domain/index.ts';
import { DirectRunner } from './direct-runner.ts';
import type { ModelManifest } from './manifest.ts';
import { ModelLibrary } from './model-library.ts';
import { ModelRegistry } from './model-registry.ts';
import type { ModelAnswer, ModelRunner } from './model-runner.ts';
import { ModelRefusal } from './refusal.ts';
import { SMALL_FEATURES, type SmallSetOptions } from './testing/model-set-folder.ts';
import { SmallMarket } from './testing/small-market.ts';
import { temporarySets } from './testing/temporary-sets.ts';

const sets = temporarySets();
const runner = sets.keep(new DirectRunner());
const START = Date.parse('2026-02-01T00:00:00Z');
const market = new SmallMarket(
  START,
  Array.from({ length: 40 }, (_, hour) => hour),
);

function registryOver(shippedFolder: string, ownFolder: string | null = null, own: ModelRunner = runner) {
  const library = new ModelLibrary({ shippedFolder, ownFolder, features: SMALL_FEATURES });
  return new ModelRegistry({ library, runner: own });
}
const shipping = (options?: SmallSetOptions) => registryOver(sets.write(options).folder);

/** A set of another id and other models, installed beside the shipped one. */
function withOwnSet(options: SmallSetOptions = {}) {
  const library = new ModelLibrary({
    shippedFolder: sets.write({ setId: 'shipped-set' }).folder,
    ownFolder: sets.folder(),
    features: SMALL_FEATURES,
  });
  library.install(sets.write({ setId: 'mine', seed: 50, ...options }).folder);
  return new ModelRegistry({ library, runner });
}

/** Answers like another runner, unless told to fail. */
class FailingRunner implements ModelRunner {
  failure: string | null = null;

  async run(jobs: Parameters<ModelRunner['run']>[0]): Promise<readonly ModelAnswer[]> {
    if (this.failure !== null) throw new ModelRefusal('cannot-run', this.failure);
    return runner.run(jobs);
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}

describe('the ensemble', () => {
  it('votes with what its models say and how much each counts', async () => {
    const vote = await shipping().opine(market.brief(10));
    expect(vote).toMatchObject({ kind: 'vote', voter: 'ensemble', source: 'models', horizonBars: 24 });
    if (vote.kind !== 'vote') return;
    expect(vote.models?.map(({ model }) => model)).toEqual(['xgboost', 'lightgbm', 'lstm', 'transformer']);
    expect(vote.models?.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(vote.evidence).toHaveLength(4);
  });

  it('is told every forecast once, however many ask about a bar', async () => {
    const predictions: Prediction[] = [];
    const library = new ModelLibrary({
      shippedFolder: sets.write().folder,
      ownFolder: null,
      features: SMALL_FEATURES,
    });
    const registry = new ModelRegistry({ library, runner, onPrediction: (each) => predictions.push(each) });
    const votes = await Promise.all([registry.opine(market.brief(10)), registry.opine(market.brief(10))]);
    expect(votes[0]).toBe(votes[1]);
    expect(predictions).toMatchObject([
      { setId: 'small', symbol: 'BTC/USDT', barOpenTime: market.times[10] },
    ]);
    expect(predictions[0]?.sigma).toBeCloseTo(0.01, 6);
    expect(await registry.latest('BTC/USDT')).toEqual({ barOpenTime: market.times[10], vote: votes[0] });
    expect(await registry.latest('ETH/USDT')).toBeUndefined();
  });

  it('abstains and says so when no model is installed', () => {
    const registry = registryOver(sets.folder());
    expect(registry.installed).toBe(0);
    expect(registry.opine(market.brief(10))).toMatchObject({
      kind: 'abstention',
      voter: 'ensemble',
      code: 'no-model-installed',
      message: 'no model is installed: the ensemble abstains',
    });
  });

  it('abstains, naming the file, when a file of the set was changed', () => {
    const { folder } = sets.write();
    writeFileSync(
      join(folder, 'lstm.onnx'),
      Buffer.concat([readFileSync(join(folder, 'lstm.onnx')), Buffer.of(0)]),
    );
    const registry = registryOver(folder);
    expect(registry.message).toContain('lstm.onnx');
    expect(registry.opine(market.brief(10))).toMatchObject({
      code: 'failed',
      message: expect.stringContaining('lstm.onnx'),
    });
  });

  const worse = (manifest: ModelManifest): object => {
    const figures = {
      samples: 1,
      effectiveSamples: 1,
      logLoss: 2,
      priorLogLoss: 1,
      logLossStandardError: 0.1,
      auc: null,
      balancedAccuracy: null,
      brier: 1,
      ece: 0,
      rankIc: null,
    };
    const policy = {
      trades: 0,
      returnPct: 0,
      sharpe: null,
      deflatedSharpe: null,
      maxDrawdownPct: 0,
      turnoverPerDay: 0,
      buyAndHoldReturnPct: 0,
      buyAndHoldMaxDrawdownPct: 0,
      momentumReturnPct: 0,
    };
    const verdict = 'worse-than-prior';
    const evaluation = { overall: figures, bySymbol: [], byYear: [], policy, calibrationCurve: [], verdict };
    return { ...manifest, ensemble: { ...manifest.ensemble, evaluation } };
  };

  it.each<[string, string, SmallSetOptions, number, Parameters<SmallMarket['brief']>[1]]>([
    [
      'before the end of what it learned from',
      'model-not-valid-yet',
      { validFrom: '2026-03-01T00:00:00Z' },
      10,
      {},
    ],
    ['after its time', 'model-expired', { validUntil: '2026-02-01T05:00:00Z' }, 10, {}],
    ['when it did worse than knowing nothing', 'no-skill', { edit: worse }, 10, {}],
    ['on bars of another length', 'failed', {}, 10, { timeframe: '4h' }],
    ['during the warm-up', 'warming-up', {}, 10, { ready: false }],
    ['without a whole window of bars', 'missing-features', {}, 2, {}],
  ])('abstains %s', (_, code, options, bar, change) => {
    const registry = shipping(options);
    expect(registry.opine(market.brief(bar, change))).toMatchObject({ kind: 'abstention', code });
  });

  it.each([
    ['a missing value', 'trend', Number.NaN, 'missing-features', 'trend'],
    ['an infinite value', 'volume', Number.POSITIVE_INFINITY, 'missing-features', 'volume'],
    ['a value like none before', 'momentum', 1e6, 'out-of-distribution', ''],
  ])('abstains on a bar with %s', (_, feature, value, code, word) => {
    const odd = new SmallMarket(START, [0, 1, 2, 3, 4, 5]);
    odd.set(4, feature, value);
    const registry = shipping();
    expect(registry.opine(odd.brief(4))).toMatchObject({ code, message: expect.stringContaining(word) });
  });

  it('votes on a bar without a value that training rows lacked too', async () => {
    const odd = new SmallMarket(START, [0, 1, 2, 3, 4, 5]);
    odd.set(4, 'gap', Number.NaN);
    expect(await shipping().opine(odd.brief(4))).toMatchObject({ kind: 'vote' });
  });

  it('abstains when the market no longer looks like the training data', () => {
    const registry = shipping();
    const hours = Array.from({ length: 60 }, (_, hour) => hour);
    const other = new SmallMarket(START, hours);
    for (const bar of hours) {
      for (const feature of ['trend', 'momentum', 'gap', 'volume']) other.set(bar, feature, 1.5);
    }
    const votes = hours.slice(4).map((bar) => registry.opine(other.brief(bar)));
    expect(votes.at(-1)).toMatchObject({ code: 'drifted', message: expect.stringContaining('BTC/USDT') });
    expect(registry.drift).toMatchObject({ state: 'stop' });
  });
});

describe('a set that answers otherwise than its makers noted', () => {
  const dishonest = (): string => {
    // The fixture of other models, under a hash that is right.
    const { folder } = sets.write();
    const other = sets.write({ seed: 99 });
    copyFileSync(join(other.folder, 'parity.json'), join(folder, 'parity.json'));
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as ModelManifest; // as written
    const changed = { ...manifest, parity: other.manifest.parity };
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(changed));
    return folder;
  };

  it('never votes', async () => {
    const registry = registryOver(dishonest());
    for (const bar of [10, 11]) {
      expect(await registry.opine(market.brief(bar))).toMatchObject({
        code: 'parity-failed',
        message: expect.stringContaining('xgboost.onnx'),
      });
    }
  });

  it('is asked again on the next bar when the models could not be run at all', async () => {
    const failing = new FailingRunner();
    const registry = registryOver(sets.write().folder, null, failing);
    failing.failure = 'the thread ended';
    expect(await registry.opine(market.brief(10))).toMatchObject({
      code: 'failed',
      message: 'the thread ended',
    });
    failing.failure = null;
    expect(await registry.opine(market.brief(11))).toMatchObject({ kind: 'vote' });
    failing.failure = 'the thread ended again';
    expect(await registry.opine(market.brief(12))).toMatchObject({ code: 'failed' });
    failing.failure = null;
    expect(await registry.opine(market.brief(13))).toMatchObject({ kind: 'vote' });
  });
});

describe('another set', () => {
  it('answers from the next bar on, and the one before it after a roll-back', async () => {
    const registry = withOwnSet();
    const before = await registry.opine(market.brief(10));
    await registry.use('mine');
    expect(registry.set?.manifest.setId).toBe('mine');
    const after = await registry.opine(market.brief(10));
    expect(after).not.toEqual(before);
    await registry.rollBack();
    expect(await registry.opine(market.brief(10))).toEqual(before);
  });

  it('is still the chosen one after a restart', async () => {
    const registry = withOwnSet();
    await registry.use('mine');
    expect(new ModelRegistry({ library: registry.library, runner }).set?.manifest.setId).toBe('mine');
  });

  it.each<[string, string, (folder: string) => void]>([
    ['damaged', 'truncated', (folder) => writeFileSync(join(folder, 'lstm.onnx'), '')],
    ['incomplete', 'missing-file', (folder) => rmSync(join(folder, 'drift.json'))],
  ])('that is %s is not taken and the old one goes on', async (_, code, damage) => {
    const registry = withOwnSet();
    damage(join(registry.library.find('mine').folder));
    const before = await registry.opine(market.brief(10));
    await expect(registry.use('mine')).rejects.toMatchObject({ code });
    expect(await registry.opine(market.brief(10))).toBe(before);
    expect(registry.library.active().setId).toBe('shipped-set');
  });

  it('whose answers are wrong on this machine is not taken and the old one goes on', async () => {
    const registry = withOwnSet({
      edit: (manifest) => ({ ...manifest, parity: { ...manifest.parity, tolerance: 1e-12 } }),
    });
    await expect(registry.use('mine')).rejects.toMatchObject({ code: 'parity-failed' });
    expect(registry.set?.manifest.setId).toBe('shipped-set');
    expect(registry.library.active().setId).toBe('shipped-set');
  });

  it('that is not there is refused with the names of those that are', async () => {
    const registry = withOwnSet();
    await expect(registry.use('other')).rejects.toMatchObject({
      code: 'no-set',
      message: expect.stringContaining('shipped-set, mine'),
    });
    await expect(registry.rollBack()).rejects.toMatchObject({ code: 'no-set' });
  });
});

describe('the drift guard', () => {
  it('counts the bars of before the start, but none that lacks a feature', () => {
    const registry = shipping();
    const width = SMALL_FEATURES.names.length;
    const row = (bar: number) => Float32Array.from(market.values.subarray(bar * width, (bar + 1) * width));
    registry.warmUp('BTC/USDT', [row(1), row(2), row(3).fill(Number.NaN), row(4)]);
    expect(registry.drift.rows).toBe(3);
  });
});
