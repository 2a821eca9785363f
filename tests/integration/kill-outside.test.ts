import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  booksInTrade,
  type DialectName,
  HIS_COINS,
  SECOND_MS,
  type Truth,
  until,
  wait,
} from './books-in-trade.ts';
import { type CommandResult, RunningProgram, temporaryFolder, tradebotWith } from './program.ts';

interface Scene {
  readonly truth: Truth;
  readonly program: RunningProgram;
  readonly directory: string;
  /** With the keys. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The program as a trader starts it, on books with a position and orders at the venue; both in real time. */
async function trading(dialect: DialectName, running: string = runningFolder()): Promise<Scene> {
  const { truth, venue, directory, settings } = await booksInTrade(dialect);
  const { id } = settings.exchange;
  const folder = temporaryFolder();
  onTestFinished(folder.remove);
  const config = join(folder.path, 'elsewhere.json');
  writeFileSync(config, JSON.stringify(settings));
  const secret = `TRADEBOT_SECRET_EXCHANGE_${id.toUpperCase()}`;
  const environment = {
    TRADEBOT_RUNTIME_DIR: running,
    [`${secret}_APIKEY`]: venue.apiKey,
    [`${secret}_SECRET`]: venue.secret,
  };
  const program = await RunningProgram.startWith(environment, directory, '--config', config);
  onTestFinished(() => program.crash());
  return { truth, program, directory, environment };
}

/** Where the programs of one test are noted. */
function runningFolder(): string {
  const folder = temporaryFolder();
  onTestFinished(folder.remove);
  return join(folder.path, 'running');
}

async function stageOf(program: RunningProgram): Promise<string> {
  const { killSwitch } = (await program.get('status')) as { killSwitch: { stage: string } };
  return killSwitch.stage;
}

function expectFlat(truth: Truth, { exitCode, stdout, stderr }: CommandResult): void {
  expect([exitCode, stderr, stdout]).toEqual([0, '', expect.stringContaining('flat, verified')]);
  expect([truth.held(), truth.working()]).toEqual([[], 0]);
}

describe('a program that hangs', () => {
  test.each(['binance-spot', 'binance-usdm'] as const)(
    'at %s is closed from another folder once the keys are there, and sends nothing when it goes on',
    async (dialect) => {
      const { truth, program, environment } = await trading(dialect);
      expect([truth.held().length > 0, truth.working() > 0]).toEqual([true, true]);
      program.freeze();
      const { TRADEBOT_RUNTIME_DIR: running = '' } = environment;
      const without = await tradebotWith({ TRADEBOT_RUNTIME_DIR: running }, 'kill');
      expect([without.exitCode, without.stderr]).toEqual([1, '']);
      expect(without.stdout).toMatch(/NOT verified flat\n {2}exchange\.\w+\.apiKey is missing/);
      const result = await tradebotWith(environment, 'kill', '--reason', 'it hangs');
      expectFlat(truth, result);
      const before = truth.sent();
      program.thaw();
      await until(async () => (await stageOf(program)) !== 'armed');
      await until(async () => (await stageOf(program)) === 'flat');
      await wait(5 * SECOND_MS);
      expect(truth.sent()).toBe(before);
      expect([truth.held(), truth.working()]).toEqual([[], 0]);
    },
  );
});

test('a program that was killed is closed from another folder, once', async () => {
  const { truth, program, directory, environment } = await trading('binance-spot');
  await program.crash();
  const result = await tradebotWith(environment, 'kill');
  expectFlat(truth, result);
  expect(result.stdout).toContain('has crashed');
  const sent = truth.sent();
  // What is flat already is found so once more, and nothing is sent.
  expectFlat(truth, await tradebotWith(environment, '--data-dir', directory, 'kill'));
  expect(truth.sent()).toBe(sent);
});

test('two programs, one that answers and one that hangs, are both stopped', async () => {
  const running = runningFolder();
  const spot = await trading('binance-spot', running);
  const futures = await trading('binance-usdm', running);
  spot.program.freeze();
  const result = await tradebotWith({ ...spot.environment, ...futures.environment }, 'kill');
  expectFlat(spot.truth, result);
  expectFlat(futures.truth, result);
  expect(result.stdout).toContain(`${futures.directory}: the program has closed everything`);
  expect(result.stdout).toContain(`${spot.directory}: the program shows no sign of life`);
  expect(await futures.program.get('status')).toMatchObject({ killSwitch: { engaged: true, stage: 'flat' } });
});

test('a program that wakes while it is closed from outside sells nothing twice', async () => {
  const { truth, program, environment } = await trading('binance-spot');
  program.freeze();
  const killing = tradebotWith(environment, 'kill');
  // The stop was taken back from outside, and the close follows.
  await until(() => truth.working() === 0);
  program.thaw();
  expectFlat(truth, await killing);
  await until(async () => (await stageOf(program)) === 'flat');
  await wait(3 * SECOND_MS);
  expect(truth.venue.account().holdings.total('BTC').gte(HIS_COINS)).toBe(true);
  expect([truth.held(), truth.working()]).toEqual([[], 0]);
});

test('a program on paper that hangs is latched, and closes when it goes on', async () => {
  const running = runningFolder();
  const folder = temporaryFolder();
  onTestFinished(folder.remove);
  const environment = { TRADEBOT_RUNTIME_DIR: running };
  const program = await RunningProgram.startWith(environment, folder.path, '--speed', '20000');
  onTestFinished(() => program.crash());
  await until(async () => ((await program.get('positions')) as unknown[]).length > 0);
  program.freeze();
  const result = await tradebotWith(environment, 'kill');
  program.thaw();
  expect([result.exitCode, result.stderr]).toEqual([3, '']);
  expect(result.stdout).toContain(
    'demo trades on paper: it is latched, and closes as soon as the program goes on',
  );
  await until(async () => (await stageOf(program)) === 'flat');
  expect(await program.get('positions')).toEqual([]);
});
