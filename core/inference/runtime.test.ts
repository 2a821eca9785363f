import { describe, expect, test } from 'vitest';
import { DirectRunner } from './direct-runner.ts';
import { ModelLibrary } from './model-library.ts';
import { ModelRegistry } from './model-registry.ts';
import { checkParity } from './parity.ts';
import { ModelRefusal } from './refusal.ts';
import { loadRuntime } from './runtime.ts';
import { SMALL_FEATURES } from './testing/model-set-folder.ts';
import { SmallMarket } from './testing/small-market.ts';
import { temporarySets } from './testing/temporary-sets.ts';

const sets = temporarySets();
const missing = (): Promise<never> =>
  loadRuntime(() => {
    throw Object.assign(new Error("Cannot find module '../bin/napi-v6/x/y/onnxruntime_binding.node'"), {
      code: 'MODULE_NOT_FOUND',
    });
  }) as Promise<never>;
const refused = (work: Promise<unknown>): Promise<unknown> =>
  work.then(() => 'not refused').catch((error: unknown) => error);

describe('a machine without what runs the models', () => {
  test('refuses them in one line that says what to do, not with a fault of the loader', async () => {
    const refusal = await refused(missing());
    expect(refusal).toBeInstanceOf(ModelRefusal);
    expect(refusal).toMatchObject({ code: 'no-runtime' });
    const { message } = refusal as ModelRefusal;
    expect(message).toMatch(/^what runs the models cannot be loaded.*Until then the models abstain$/);
  });

  test('answers no question to a model, and closes', async () => {
    const set = sets.load({ setId: 'mine' });
    const runner = new DirectRunner(undefined, missing);
    expect(await refused(checkParity(set, runner))).toMatchObject({ code: 'no-runtime' });
    await runner.close();
  });

  test('lets its models abstain with that line at every bar, and all else goes on', async () => {
    const { folder: shippedFolder } = sets.write();
    const library = new ModelLibrary({ shippedFolder, ownFolder: null, features: SMALL_FEATURES });
    let loads = 0;
    const runner = new DirectRunner(undefined, () => {
      loads += 1;
      return missing();
    });
    const registry = new ModelRegistry({ library, runner: sets.keep(runner) });
    const hours = Array.from({ length: 40 }, (_, hour) => hour);
    const market = new SmallMarket(Date.parse('2026-02-01T00:00:00Z'), hours);
    for (const bar of [10, 11]) {
      const vote = await registry.opine(market.brief(bar));
      expect(vote).toMatchObject({ kind: 'abstention', code: 'failed' });
      expect(JSON.stringify(vote)).toContain('Until then the models abstain');
    }
    expect(loads).toBe(1);
  });
});
