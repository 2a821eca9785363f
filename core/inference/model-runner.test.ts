import { spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DirectRunner } from './direct-runner.ts';
import type { ModelJob, ModelRunner } from './model-runner.ts';
import { PooledRunner } from './pooled-runner.ts';
import { CRASH_ROWS, EXIT_ROWS, SILENT_ROWS } from './testing/broken-worker.ts';
import { SMALL_FEATURES, SMALL_LENGTH, smallRows } from './testing/model-set-folder.ts';
import { temporarySets } from './testing/temporary-sets.ts';
import { WorkerRunner } from './worker-runner.ts';

const sets = temporarySets();
const { folder, models } = sets.write();
const WIDTH = SMALL_FEATURES.names.length;

function job(kind: string, rows: number, seed = 3): ModelJob {
  const isTree = kind === 'xgboost' || kind === 'lightgbm';
  const rowShape = isTree ? [WIDTH] : [SMALL_LENGTH, WIDTH];
  const input = smallRows(rows * (isTree ? 1 : SMALL_LENGTH), seed);
  return { path: join(folder, `${kind}.onnx`), bytes: 1000, rowShape, rows, input };
}

function expected(kind: string, { input, rows }: ModelJob): number[] {
  const width = input.length / rows;
  return Array.from({ length: rows }, (_, row) => input.subarray(row * width, (row + 1) * width)).flatMap(
    (row) => models.get(kind)?.answer(row) ?? [],
  );
}

function close(found: Float32Array | undefined, wanted: readonly number[]): void {
  expect(found?.length).toBe(wanted.length);
  for (const [index, value] of wanted.entries()) expect(found?.[index]).toBeCloseTo(value, 5);
}

const direct = sets.keep(new DirectRunner());
const worker = sets.keep(new WorkerRunner());
const pooled = sets.keep(new PooledRunner(2));

describe.each<[string, ModelRunner]>([
  ['on this thread', direct],
  ['on a thread of its own', worker],
  ['on several threads', pooled],
])('running models %s', (_, runner) => {
  it.each([1, 255, 256, 257, 600])(
    'answers %i rows, in their order, trees and nets in one call',
    async (rows) => {
      const jobs = [job('xgboost', rows), job('lstm', rows)];
      const [tree, net] = await runner.run(jobs);
      close(tree?.probabilities, expected('xgboost', job('xgboost', rows)));
      close(net?.probabilities, expected('lstm', job('lstm', rows)));
      expect(tree?.quantiles).toBeNull();
      expect(net?.quantiles?.length).toBe(3 * rows);
    },
  );

  it('answers what changes with its input', async () => {
    const [one] = await runner.run([job('transformer', 1, 1)]);
    const [other] = await runner.run([job('transformer', 1, 2)]);
    expect(one?.probabilities).not.toEqual(other?.probabilities);
  });

  it('leaves the caller its input', async () => {
    const asked = job('lstm', 2);
    await runner.run([asked]);
    expect(asked.input).toEqual(job('lstm', 2).input);
  });

  it('refuses a batch of no rows, and one of the wrong size', async () => {
    await expect(runner.run([{ ...job('xgboost', 1), rows: 0 }])).rejects.toMatchObject({
      code: 'cannot-run',
    });
    await expect(runner.run([{ ...job('xgboost', 1), rows: 2 }])).rejects.toMatchObject({
      code: 'cannot-run',
    });
  });

  it.each(['missing.onnx', 'broken.onnx'])('refuses %s, naming it on one line, and goes on', async (name) => {
    writeFileSync(join(folder, 'broken.onnx'), 'no model');
    const asked = { ...job('xgboost', 1), path: join(folder, name) };
    await expect(runner.run([asked])).rejects.toMatchObject({
      name: 'ModelRefusal',
      code: 'cannot-run',
      message: expect.stringMatching(new RegExp(`^${name}: [^\n]+$`)),
    });
    const [again] = await runner.run([job('xgboost', 1)]);
    close(again?.probabilities, expected('xgboost', job('xgboost', 1)));
  });

  it('answers many questions at once, each its own', async () => {
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
    const answers = await Promise.all(seeds.map((seed) => runner.run([job('lightgbm', 3, seed)])));
    for (const [index, seed] of seeds.entries()) {
      close(answers[index]?.[0]?.probabilities, expected('lightgbm', job('lightgbm', 3, seed)));
    }
  });
});

describe('sessions', () => {
  it('stay open up to a number of bytes, the least recently used one going first', async () => {
    const runner = sets.keep(new DirectRunner(2_000));
    const ask = (kind: string) => runner.run([job(kind, 1)]);
    await ask('xgboost');
    await ask('lightgbm');
    await ask('xgboost');
    expect(runner.open.map((path) => basename(path))).toEqual(['lightgbm.onnx', 'xgboost.onnx']);
    await ask('lstm');
    expect(runner.open.map((path) => basename(path))).toEqual(['xgboost.onnx', 'lstm.onnx']);
  });

  it('are not closed under a question that is being answered', async () => {
    const runner = sets.keep(new DirectRunner(1));
    const kinds = ['xgboost', 'lightgbm', 'lstm', 'transformer', 'xgboost', 'lstm'];
    const answers = await Promise.all(kinds.map((kind) => runner.run([job(kind, 600)])));
    expect(answers.map(([answer]) => answer?.probabilities.length)).toEqual(kinds.map(() => 1800));
  });

  it('are opened when first asked for, not before', () => {
    expect(sets.keep(new DirectRunner()).open).toEqual([]);
  });

  it('are of the file that was there: a file changed afterwards is not read again', async () => {
    const runner = sets.keep(new DirectRunner());
    const copy = join(folder, 'copy.onnx');
    copyFileSync(join(folder, 'xgboost.onnx'), copy);
    const asked = { ...job('xgboost', 1), path: copy };
    const [before] = await runner.run([asked]);
    writeFileSync(copy, 'damaged');
    const [after] = await runner.run([asked]);
    expect(after?.probabilities).toEqual(before?.probabilities);
  });
});

describe('a thread with room for one model only', () => {
  it('answers for all the same', async () => {
    const runner = sets.keep(new WorkerRunner({ capacityBytes: 1 }));
    const jobs = ['xgboost', 'lstm', 'xgboost'].map((kind) => job(kind, 2));
    const answers = await runner.run(jobs);
    expect(answers[2]?.probabilities).toEqual(answers[0]?.probabilities);
    expect(answers[1]?.probabilities).toHaveLength(6);
  });
});

// They take long enough to load that some of the ends below fall within it.
const shipped = join(import.meta.dirname, '..', '..', 'models');
const files = readdirSync(shipped, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.onnx'))
  .map((name) => join(shipped, name));

describe('a thread that is closed while it is asked', () => {
  it('ends between two models: within one it would take this process along', async () => {
    for (let wait = 60; wait < 300; wait += 20) {
      const runner = new WorkerRunner();
      const asked = files.map((path) => runner.run([{ ...job('xgboost', 1), path }]));
      const outcomes = Promise.allSettled(asked);
      await new Promise((resolve) => setTimeout(resolve, wait));
      await runner.close();
      expect((await outcomes).map(({ status }) => status)).toEqual(files.map(() => 'rejected'));
    }
  });
});

describe('a thread of a program that leaves without closing it', () => {
  const program = join(import.meta.dirname, 'testing', 'leaving-program.ts');

  it('is waited for until no model loads: within one it would turn the end into a crash', () => {
    for (let wait = 60; wait < 240; wait += 20) {
      const { status, signal } = spawnSync(process.execPath, [program, String(wait), ...files]);
      expect([wait, status, signal]).toEqual([wait, 0, null]);
    }
  });
});

describe('a thread that fails', () => {
  const file = new URL('./testing/broken-worker.ts', import.meta.url);
  const asked = (rows: number) => [job('xgboost', rows)];

  it.each([
    ['throws', CRASH_ROWS, 'out of memory'],
    ['ends', EXIT_ROWS, 'code 7'],
  ])('refuses what was asked when it %s, and the next question starts another', async (_, rows, why) => {
    const runner = sets.keep(new WorkerRunner({ file, endPatienceMs: 20 }));
    const both = [runner.run(asked(SILENT_ROWS)), runner.run(asked(rows))];
    const refusal = { code: 'cannot-run', message: expect.stringContaining(why) };
    await Promise.all(both.map((answer) => expect(answer).rejects.toMatchObject(refusal)));
    const [again] = await runner.run(asked(1));
    expect(again?.probabilities).toHaveLength(3);
  });

  it('is given up when it does not answer in time, so that the loop never waits for ever', async () => {
    const runner = sets.keep(new WorkerRunner({ file, timeoutMs: 20, endPatienceMs: 20 }));
    await expect(runner.run(asked(SILENT_ROWS))).rejects.toMatchObject({
      code: 'cannot-run',
      message: expect.stringContaining('20 ms'),
    });
  });

  it('refuses what was asked when it is closed', async () => {
    const runner = new WorkerRunner({ file, endPatienceMs: 20 });
    const answer = expect(runner.run(asked(SILENT_ROWS))).rejects.toMatchObject({ code: 'cannot-run' });
    await runner.close();
    await answer;
  });

  it('starts no other thread for who still asks after it was closed', async () => {
    const runner = new WorkerRunner({ file });
    await runner.close();
    await expect(runner.run(asked(1))).rejects.toMatchObject({
      code: 'cannot-run',
      message: 'the models were closed',
    });
  });
});
