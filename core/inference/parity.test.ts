import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DirectRunner } from './direct-runner.ts';
import type { ModelAnswer, ModelJob, ModelRunner } from './model-runner.ts';
import { checkParity } from './parity.ts';
import { temporarySets } from './testing/temporary-sets.ts';

const sets = temporarySets();
const runner = sets.keep(new DirectRunner());

/** Changes the first probability of one row of every answer, alone or in a batch only. */
class OffBy implements ModelRunner {
  readonly #difference: number;
  readonly #when: (job: ModelJob) => boolean;

  constructor(difference: number, when: (job: ModelJob) => boolean) {
    this.#difference = difference;
    this.#when = when;
  }

  async run(jobs: readonly ModelJob[]): Promise<readonly ModelAnswer[]> {
    const answers = await runner.run(jobs);
    for (const [index, job] of jobs.entries()) {
      const probabilities = answers[index]?.probabilities;
      if (probabilities !== undefined && this.#when(job)) {
        probabilities[0] = (probabilities[0] ?? 0) + this.#difference;
      }
    }
    return answers;
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}

describe('parity', () => {
  it('holds for models that answer what their makers noted, each over all its rows', async () => {
    const results = await checkParity(sets.load(), runner);
    expect(results.map(({ model, rows }) => [model, rows])).toEqual([
      ['xgboost', 600],
      ['lightgbm', 600],
      ['lstm', 520],
      ['transformer', 520],
    ]);
    for (const { largestDifference } of results) expect(largestDifference).toBeLessThan(1e-6);
  });

  it.each<[string, (job: ModelJob) => boolean]>([
    ['one by one', ({ rows }) => rows === 1],
    ['all together', ({ rows }) => rows > 1],
    ['in one model only', ({ path }) => path.endsWith('transformer.onnx')],
  ])('fails when answers differ %s, naming the file and by how much', async (_, when) => {
    const refusal = await checkParity(sets.load(), new OffBy(2e-5, when)).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'parity-failed',
      message: expect.stringMatching(/^\w+\.onnx: .*2\.0e-5/),
    });
    await expect(checkParity(sets.load(), new OffBy(1e-6, when))).resolves.toHaveLength(4);
  });

  it('fails when an answer is no number', async () => {
    await expect(checkParity(sets.load(), new OffBy(Number.NaN, () => true))).rejects.toMatchObject({
      code: 'parity-failed',
    });
  });

  it('refuses a fixture without answers of a model, or that is not there any more', async () => {
    const set = sets.load({
      edit: (manifest) => ({
        ...manifest,
        models: manifest.models.map((model) => (model.id === 'lstm' ? { ...model, id: 'other' } : model)),
        ensemble: { ...manifest.ensemble, weights: { other: 1 } },
      }),
    });
    await expect(checkParity(set, runner)).rejects.toMatchObject({ code: 'reference-broken' });
    const changed = sets.load();
    writeFileSync(join(changed.folder, 'parity.json'), '{}');
    await expect(checkParity(changed, runner)).rejects.toMatchObject({ code: 'truncated' });
  });
});
