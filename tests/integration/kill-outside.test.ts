import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { SettingsInput } from '../../core/contract/index.ts';
import { algoStateOf } from '../venue/futures/algo-order.ts';
import type { Venue } from '../venue/index.ts';
import { type CommandResult, RunningProgram, temporaryFolder, tradebotWith } from './program.ts';
import { EAGER, ProgramAtVenue } from './program-at-venue.ts';

/** The trader's own, which nobody is to touch. */
const HIS_COINS = '0.5';
const PACE_MS = 50;
const SECOND_MS = 1_000;

/** What is held at the first start is to be held still at the second. */
const PATIENT = { ...EAGER.safety, minHoldBars: 1_000, stopAtr: 10 };

type DialectName = 'binance-spot' | 'binance-usdm';

/** What the venue itself says of its account, beside what is the trader's own. */
class Truth {
  readonly venue: Venue;
  readonly #isSpot: boolean;

  constructor(venue: Venue, dialect: DialectName) {
    this.venue = venue;
    this.#isSpot = dialect === 'binance-spot';
  }

  /** What is held, in words. */
  held(): readonly string[] {
    const account = this.venue.account();
    if (!this.#isSpot) {
      const positions = this.venue.futures.funds.of(account.name).positions.all();
      return positions.filter(({ amount }) => !amount.isZero()).map(({ symbol }) => symbol);
    }
    const ours = (coin: string) => account.holdings.total(coin).minus(coin === 'BTC' ? HIS_COINS : '0');
    // What is left after a sale in whole lots cannot be sold.
    return ['BTC', 'ETH'].filter((coin) => ours(coin).abs().gt('0.0001'));
  }

  /** Orders that work, conditional ones too. */
  working(): number {
    const algos = this.#isSpot ? [] : this.venue.futures.algos.all;
    return this.venue.openOrders().length + algos.filter((algo) => algoStateOf(algo).status === 'NEW').length;
  }

  /** Orders that ever came in. */
  sent(): number {
    return this.venue.orders().length + (this.#isSpot ? 0 : this.venue.futures.algos.all.length);
  }
}

interface Scene {
  readonly truth: Truth;
  readonly program: RunningProgram;
  readonly directory: string;
  /** With the keys. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The program as a trader starts it, on books with a position and orders at the venue; both in real time. */
async function trading(dialect: DialectName, running: string = runningFolder()): Promise<Scene> {
  const earlier = await ProgramAtVenue.at({ mode: 'sandbox', dialect, settings: { safety: PATIENT } });
  const { venue, directory } = earlier;
  const isSpot = dialect === 'binance-spot';
  if (isSpot) venue.deposit('BTC', HIS_COINS);
  const truth = new Truth(venue, dialect);
  await earlier.start();
  for (let turn = 0; truth.held().length === 0 || truth.working() === 0; turn += 1) {
    if (turn > 600) throw new Error('it never enters');
    await earlier.pass(SECOND_MS);
  }
  await earlier.stop();
  goesOn(venue);

  const id = isSpot ? 'binance' : 'binanceusdm';
  const settings: SettingsInput = {
    ...EAGER,
    safety: PATIENT,
    mode: 'sandbox',
    symbols: ['BTC/USDT', 'ETH/USDT'].map((symbol) => (isSpot ? symbol : `${symbol}:USDT`)),
    exchange: { id, endpoint: { rest: venue.restUrl, ws: venue.wsUrl } },
  };
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

/** Venue time passes as ours does, until the test is over. */
function goesOn({ clock }: Venue): void {
  const [began, opensAt] = [performance.now(), clock.now()];
  const pace = setInterval(() => clock.advanceTo(opensAt + Math.floor(performance.now() - began)), PACE_MS);
  onTestFinished(() => clearInterval(pace));
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await wait(PACE_MS);
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

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
