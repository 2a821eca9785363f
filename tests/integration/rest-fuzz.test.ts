import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fuzzRest } from '../fuzz/rest-fuzz.ts';
import { RunningProgram, temporaryFolder, tradebot } from './program.ts';

/** 5,000 requests made up from the description of the API; `npm run fuzz -- --count N --seed S` makes others. */

const folder = temporaryFolder();
let program: RunningProgram;
beforeAll(async () => {
  program = await RunningProgram.start(folder.path, '--mode', 'demo', '--speed', '60');
});
afterAll(async () => {
  await program.stop();
  folder.remove();
});

/** What no request may have changed: the demo trades on meanwhile. */
async function unmoved(): Promise<unknown> {
  const methods = ['settings.get', 'limits.history', 'killSwitch.history', 'prompts.list', 'venues.list'];
  const { killSwitch, trading } = (await program.call('status.get', {})) as Record<string, unknown>;
  return {
    answers: await Promise.all(methods.map((method) => program.call(method, {}))),
    ...{ killSwitch, trading },
    files: readdirSync(folder.path).filter((name) => !/sqlite|db|log|host\.json/.test(name)),
  };
}

it('no request fails inside, is told of the inside, or does what the contract or its token refuses', async () => {
  const made = tradebot(
    '--data-dir',
    folder.path,
    'tokens',
    'make',
    'fuzz',
    '--scope',
    'read',
    '--days',
    '1',
  );
  const before = await unmoved();
  const target = {
    origin: program.origin,
    readToken: made.stdout.trim(),
    ownToken: readFileSync(join(folder.path, 'api-token'), 'utf8').trim(),
  };
  expect(await fuzzRest(target, 5_000, 20_261_129)).toEqual([]);
  expect(await unmoved()).toEqual(before);
});
