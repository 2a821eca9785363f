import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { ModelRunner } from '../model-runner.ts';
import { loadSet, type ModelSet } from '../model-set.ts';
import { SMALL_FEATURES, type SmallSet, type SmallSetOptions, writeSmallSet } from './model-set-folder.ts';

/** Small sets in folders of their own, and runners, gone at the end of the file's tests. */
export function temporarySets() {
  const root = mkdtempSync(join(tmpdir(), 'tradebot-models-'));
  const runners: ModelRunner[] = [];
  let count = 0;
  afterAll(async () => {
    for (const runner of runners) await runner.close();
    rmSync(root, { recursive: true, force: true });
  });

  const folder = (): string => join(root, `${++count}`);
  const write = (options?: SmallSetOptions): SmallSet => writeSmallSet(folder(), options);
  return {
    folder,
    write,
    load: (options?: SmallSetOptions): ModelSet => loadSet(write(options).folder, SMALL_FEATURES),
    /** A runner that is closed at the end. */
    keep<R extends ModelRunner>(runner: R): R {
      runners.push(runner);
      return runner;
    },
  };
}
