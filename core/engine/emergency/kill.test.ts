import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import { FaultyExchange } from '../../../tests/contracts/faulty-exchange.ts';
import { flat as at, SPOT, testVenue } from '../../../tests/contracts/simulated-venue.ts';
import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';
import { type Mode, SettingsSchema } from '../../contract/index.ts';
import { SILENT_LOGGER, TraderError } from '../../domain/index.ts';
import { KillHistory, KillSwitch, LATCH_FILE } from '../../safety/index.ts';
import {
  openDatabase,
  openDataDirectory,
  SqliteOrderLedger,
  SqliteStateStore,
  takeTurn,
} from '../../storage/index.ts';
import { temporaryDatabases } from '../../storage/testing/temporary-databases.ts';
import { InstanceFile, noted } from '../installation/instances.ts';
import { rememberVenue } from '../installation/venue-memory.ts';
import { bindAccount } from '../modes/venue-binding.ts';
import { type KillOptions, type KillResult, killTarget } from './kill.ts';
import { killDrill } from './kill-drill.ts';
import { killTargets } from './kill-targets.ts';

const { folder: temporary } = temporaryDatabases();

const SETTINGS = SettingsSchema.parse({ mode: 'sandbox', symbols: [SPOT] });

function scene(mode: Mode = 'sandbox') {
  const folder = join(temporary(), 'running');
  const directory = temporary();
  const timers = new VirtualTimers();
  const time = { clock: timers, timers, log: SILENT_LOGGER };
  const venue = testVenue();
  venue.step(SPOT, at(100));
  const said: string[] = [];
  const opened: string[] = [];
  const options: KillOptions = {
    ...time,
    reason: 'a test',
    mode: undefined,
    settingsFor: () => SETTINGS,
    openLine: async ({ symbols, exchange }) => {
      opened.push(`${exchange.id} ${symbols.join()}`);
      return { venue: venue.exchange, clock: venue.clock, close: async () => undefined };
    },
    service: { press: async () => undefined, killSwitch: async () => undefined },
    say: (line) => said.push(line.replace(`${directory}: `, '')),
  };
  /** A program that is noted; its beats come as time passes. */
  const program = (): InstanceFile => {
    const held = openDataDirectory(directory);
    const file = new InstanceFile({ directory, mode, host: 'headless', folder, ...time });
    onTestFinished(() => {
      file.close();
      held.close();
    });
    return file;
  };
  /** One that hung in the midst of it: no beat follows. */
  const hung = (): void => {
    const held = openDataDirectory(directory);
    const stopped = { ...time, timers: new VirtualTimers() };
    const file = new InstanceFile({ directory, mode, host: 'headless', folder, ...stopped });
    onTestFinished(() => {
      file.close();
      held.close();
    });
  };
  const crashed = (): void => {
    const stopped = { ...time, timers: new VirtualTimers() };
    const file = new InstanceFile({ directory, mode, host: 'headless', folder, ...stopped });
    onTestFinished(() => file.close());
  };
  /** Its books: a coin was bought, where something is open. */
  const books = (isOpen: boolean, of: Mode = mode): void => {
    const database = openDatabase({ file: join(directory, `${of}.sqlite`), owner: of });
    const ledger = new SqliteOrderLedger(database);
    const { clientOrderId } = intentOf('sabcn1');
    if (isOpen) {
      ledger.appendIntent(intentOf('sabcn1'));
      ledger.appendEvent({ clientOrderId, status: 'SENT', at: 1 });
      ledger.appendFill(fillOf('t1', 'sabcn1'));
      ledger.appendEvent({ clientOrderId, status: 'FILLED', at: 2 });
    }
    if (of === 'sandbox') bindAccount(new SqliteStateStore(database), SETTINGS);
    database.close();
  };
  async function kill(given: Partial<KillOptions> = {}): Promise<readonly KillResult[]> {
    const { targets } = killTargets({ folders: [folder], directory, usual: directory });
    const ended: (readonly KillResult[])[] = [];
    for (const target of targets)
      void killTarget(target, { ...options, ...given }).then((results) => ended.push(results));
    while (ended.length < targets.length) {
      await timers.pass(100);
      venue.step(SPOT, at(100));
    }
    return ended.flat();
  }
  return { folder, directory, timers, venue, said, opened, program, hung, crashed, books, kill };
}

describe('a program that lives', () => {
  it('closes by itself: its own word is waited for, and no line is opened', async () => {
    const { program, books, kill, timers, opened, directory } = scene();
    books(true);
    const file = program();
    const view = { engaged: true, at: 0, reason: 'a test', failures: [] };
    file.tell({ ...view, stage: 'armed' });
    void timers.wait(3_000).then(() => file.tell({ ...view, stage: 'flat' }));
    expect(await kill()).toEqual([
      {
        ...{ directory, mode: 'sandbox', verdict: 'flat', notes: [] },
        symbols: [{ venue: 'sandbox', symbol: SPOT, before: '1', after: 'flat' }],
      },
    ]);
    expect(opened).toEqual([]);
    expect(new KillSwitch({ directory, clock: timers }).state()).toMatchObject({ reason: 'a test' });
  });

  it('and comes to no end is not verified, with what it says', async () => {
    const { program, books, kill } = scene();
    books(true);
    const failures = ['binance: no answer'];
    program().tell({ engaged: true, at: 0, reason: null, stage: 'failed', failures });
    expect(await kill()).toMatchObject([
      {
        verdict: 'failed',
        symbols: [{ after: 'not verified' }],
        notes: ['binance: no answer', expect.stringContaining('goes on trying')],
      },
    ]);
  });

  it('and could not note itself is asked by its service', async () => {
    const { directory, books, kill } = scene();
    books(false);
    const held = openDataDirectory(directory);
    const pressed: string[] = [];
    const service = {
      press: async (_: string, reason: string) => pressed.push(reason),
      killSwitch: async () => ({ stage: 'flat' as const, failures: [] }),
    };
    expect(await kill({ service })).toMatchObject([{ verdict: 'flat' }]);
    expect(pressed).toEqual(['a test']);
    // What it heard it tells itself.
    expect(await kill({ service, reason: 'once more' })).toMatchObject([{ verdict: 'flat' }]);
    expect(new KillHistory({ directory, log: SILENT_LOGGER }).list()).toEqual([]);
    held.close();
  });
});

describe('a program at a venue that cannot close', () => {
  it('because it hangs is closed from outside, by where it last traded', async () => {
    const { directory, hung, books, kill, opened, said, folder } = scene();
    books(false);
    const exchange = { ...SETTINGS.exchange, proxy: 'http://127.0.0.1:9' };
    const run = { settings: { ...SETTINGS, exchange }, symbols: [SPOT, 'ETH/USDT'], orderIdPrefix: 'sabc' };
    rememberVenue(directory, run, SILENT_LOGGER);
    hung();
    expect(await kill()).toMatchObject([{ verdict: 'flat', symbols: [] }]);
    expect(opened).toEqual([`binance ${SPOT},ETH/USDT`]);
    expect(said.join()).toContain('shows no sign of life: it is closed from outside');
    // It may wake.
    expect(noted(folder)).toHaveLength(1);
  });

  it('and wakes before the right to close was taken is given time for what it has sent to arrive', async () => {
    const { directory, folder, venue, hung, books, kill, timers, said } = scene();
    books(false);
    writeFileSync(join(directory, 'installation-id'), 'abc\n');
    hung();
    const time = { clock: timers, timers: new VirtualTimers(), log: SILENT_LOGGER };
    let [wokeAt, lookedAt] = [Number.NaN, Number.NaN];
    const openOrders = venue.exchange.openOrders.bind(venue.exchange);
    vi.spyOn(venue.exchange, 'openOrders').mockImplementation(() => {
      if (Number.isNaN(lookedAt)) lookedAt = timers.now();
      return openOrders();
    });
    const openLine: KillOptions['openLine'] = async (_settings, _say, of) => {
      // In which the keys may be.
      expect(of).toBe(directory);
      const woken = new InstanceFile({ directory, mode: 'sandbox', host: 'headless', folder, ...time });
      onTestFinished(() => woken.close());
      woken.tell({ engaged: true, at: 0, reason: null, stage: 'flattening', failures: [] });
      wokeAt = timers.now();
      return { venue: venue.exchange, clock: venue.clock, close: async () => undefined };
    };
    expect(await kill({ openLine })).toMatchObject([{ verdict: 'flat' }]);
    expect(lookedAt - wokeAt).toBeGreaterThanOrEqual(3_000);
    expect(said.join()).toContain('what it has sent is waited for');
  });

  it('because it crashed is closed from outside by the settings, and forgotten', async () => {
    const { directory, crashed, books, kill, opened, said, folder } = scene();
    books(false);
    writeFileSync(join(directory, 'installation-id'), 'abc\n');
    crashed();
    expect(await kill()).toMatchObject([{ verdict: 'flat' }]);
    expect(opened).toEqual([`binance ${SPOT}`]);
    expect(said.join()).toContain('has crashed');
    expect(noted(folder)).toEqual([]);
  });

  it('has by symbol in its history what was closed from outside, with who and why', async () => {
    const { directory, hung, books, kill } = scene();
    books(true);
    writeFileSync(join(directory, 'installation-id'), 'abc\n');
    hung();
    const [result] = await kill();
    expect(result?.symbols).toMatchObject([{ symbol: SPOT, before: '1' }]);
    const outcome = result?.verdict === 'flat' ? 'flat' : 'failed';
    expect(new KillHistory({ directory, log: SILENT_LOGGER }).list()).toMatchObject([
      { from: 'command-line', reason: 'a test', outcome, outside: result?.symbols },
    ]);
  });

  it('has in its history who pressed where another had latched before, and each that pressed once', async () => {
    const { directory, hung, books, kill, timers } = scene();
    books(true);
    writeFileSync(join(directory, 'installation-id'), 'abc\n');
    hung();
    new KillSwitch({ directory, clock: timers }).latch('a signal', 'a signed request', 'signed-request');
    await kill();
    const [activation, ...others] = new KillHistory({ directory, log: SILENT_LOGGER }).list();
    expect(others).toEqual([]);
    expect(activation).toMatchObject({
      ...{ from: 'signed-request', mode: 'sandbox', venue: 'simulated' },
      again: [{ from: 'command-line', by: 'tradebot kill', reason: 'a test' }],
    });
    expect(activation?.again).toHaveLength(1);
    // What the program writes when it goes on keeps it.
    const program = new KillHistory({ directory, log: SILENT_LOGGER });
    if (activation !== undefined) program.note({ ...activation, again: [] });
    expect(new KillHistory({ directory, log: SILENT_LOGGER }).list()).toMatchObject([
      { again: [{ from: 'command-line' }] },
    ]);
  });

  it('is not closed at another account than that of its books, or with ids that nobody knows', async () => {
    const { directory, crashed, books, kill, opened } = scene();
    books(true);
    crashed();
    expect(await kill()).toMatchObject([
      { verdict: 'failed', notes: [expect.stringContaining('no installation-id')] },
    ]);
    writeFileSync(join(directory, 'installation-id'), 'abc\n');
    const other = SettingsSchema.parse({ ...SETTINGS, exchange: { id: 'binanceusdm' } });
    const before = opened.length;
    expect(await kill({ settingsFor: () => other })).toMatchObject([
      { verdict: 'failed', notes: [expect.stringContaining('holds the books of binance')] },
    ]);
    expect(opened).toHaveLength(before);
  });

  it('is closed by one kill at a time: another one waits, and looks for itself', async () => {
    const { directory, venue, hung, books, kill, said } = scene();
    books(false);
    writeFileSync(join(directory, 'installation-id'), 'abc\n');
    hung();
    let open = 0;
    let most = 0;
    const openLine: KillOptions['openLine'] = async () => {
      open += 1;
      most = Math.max(most, open);
      return {
        venue: venue.exchange,
        clock: venue.clock,
        close: async () => {
          open -= 1;
        },
      };
    };
    const results = await Promise.all([kill({ openLine }), kill({ openLine })]);
    expect(results.flat()).toMatchObject([{ verdict: 'flat' }, { verdict: 'flat' }]);
    expect(most).toBe(1);
    expect(said.join()).toContain('another kill closes here at this moment');
  });

  it('whose turn to be closed never comes is not verified', async () => {
    const { directory, hung, books, kill } = scene();
    books(true);
    hung();
    const turn = takeTurn(join(directory, 'kill.lock'));
    expect(await kill()).toMatchObject([
      { verdict: 'failed', notes: [expect.stringContaining('another kill that closes here does not end')] },
    ]);
    turn?.close();
  });

  it('is not sold once more by the next kill, from the trader’s own coins, where the lists of fills lag', async () => {
    const { directory, venue, crashed, books, kill, timers } = scene();
    books(true);
    writeFileSync(join(directory, 'installation-id'), 'abc\n');
    crashed();
    await venue.exchange.submit(intentOf('by-hand', { amount: 6 }));
    venue.step(SPOT, at(100));
    const exchange = new FaultyExchange(venue.exchange, venue.clock);
    exchange.profile = { ...exchange.profile, account: 'shared' };
    const openLine = async () => ({ venue: exchange, clock: venue.clock, close: async () => undefined });
    const coins = async () => (await venue.exchange.account()).assets.get('BTC')?.total.toFixed();
    exchange.freeze('fills');
    await kill({ openLine });
    expect(await coins()).toBe('5');
    void timers.wait(10_000).then(() => exchange.catchUp('fills'));
    await kill({ openLine });
    expect(await coins()).toBe('5');
  });

  it('and no way in is told with what to do', async () => {
    const { directory, crashed, books, kill } = scene();
    books(true);
    writeFileSync(join(directory, 'installation-id'), 'abc\n');
    crashed();
    const openLine = () => Promise.reject(new TraderError('bad-input', 'exchange.binance.apiKey is missing'));
    expect(await kill({ openLine })).toMatchObject([
      { verdict: 'failed', notes: ['exchange.binance.apiKey is missing'] },
    ]);
  });
});

describe('the guardian', () => {
  it('closes for a program that hangs without waiting once more, and signs for it', async () => {
    const { directory, hung, books, kill, opened, timers } = scene();
    books(false);
    writeFileSync(join(directory, 'installation-id'), 'abc\n');
    hung();
    let openedAt = Number.POSITIVE_INFINITY;
    const openLine: KillOptions['openLine'] = async ({ exchange }) => {
      openedAt = timers.now();
      throw new TraderError('failure', `no way to ${exchange.id}`);
    };
    await kill({ from: 'guardian', openLine });
    expect(openedAt).toBeLessThan(1_000);
    expect(new KillSwitch({ directory, clock: timers }).state()).toMatchObject({
      by: 'the guardian',
      from: 'guardian',
    });
    expect(await kill({ from: 'guardian' })).toMatchObject([{ verdict: 'flat' }]);
    expect(opened).toEqual([`binance ${SPOT}`]);
  });

  it('leaves it to a program that has gone on meanwhile', async () => {
    const { directory, folder, program, books, timers, venue, opened } = scene();
    books(false);
    const file = program();
    const [seen] = noted(folder);
    await timers.pass(1_000);
    file.tell({ engaged: true, at: 0, reason: null, stage: 'flat', failures: [] });
    const killing = killTarget(
      { directory, folder, instance: seen },
      {
        ...{ clock: timers, timers, log: SILENT_LOGGER, reason: 'silence', mode: 'sandbox' },
        from: 'guardian',
        settingsFor: () => SETTINGS,
        openLine: async () => {
          opened.push('a line');
          return { venue: venue.exchange, clock: venue.clock, close: async () => undefined };
        },
        service: { press: async () => undefined, killSwitch: async () => undefined },
        say: () => undefined,
      },
    );
    await timers.pass(2_000);
    expect(await killing).toMatchObject([{ verdict: 'flat' }]);
    expect(opened).toEqual([]);
  });

  it('closes nothing of another mode, which the trader may have left open on purpose', async () => {
    const { directory, hung, books, kill, opened } = scene();
    books(false);
    books(true, 'live');
    writeFileSync(join(directory, 'installation-id'), 'abc\n');
    hung();
    expect(await kill({ from: 'guardian' })).toMatchObject([{ mode: 'sandbox', verdict: 'flat' }]);
    expect(opened).toHaveLength(1);
  });
});

describe('a program on paper', () => {
  it('that hangs or crashed with something open is latched, and closes later', async () => {
    const first = scene('demo');
    first.books(true);
    first.hung();
    expect(await first.kill()).toMatchObject([
      { verdict: 'waits', notes: [expect.stringContaining('closes as soon as the program goes on')] },
    ]);
    const second = scene('demo');
    second.books(true);
    second.crashed();
    expect(await second.kill()).toMatchObject([
      { verdict: 'waits', symbols: [{ symbol: SPOT, before: '1' }] },
    ]);
    expect(existsSync(join(second.directory, LATCH_FILE))).toBe(true);
  });

  it('that hangs has in its history who pressed where another had latched, and nothing of who latched', async () => {
    const { directory, hung, books, kill } = scene('paper');
    books(true);
    hung();
    const history = () => new KillHistory({ directory, log: SILENT_LOGGER }).list();
    await kill();
    expect(history()).toEqual([]);
    await kill({ reason: 'once more' });
    expect(history()).toMatchObject([
      { reason: 'a test', mode: 'paper', outcome: 'latched', again: [{ reason: 'once more' }] },
    ]);
  });

  it('with nothing open has nothing to close, and is forgotten when it crashed', async () => {
    const { books, crashed, kill, folder } = scene('demo');
    books(false);
    crashed();
    expect(await kill()).toMatchObject([{ verdict: 'flat', notes: ['nothing was open'] }]);
    expect(noted(folder)).toEqual([]);
    const young = scene('demo');
    young.hung();
    expect(await young.kill()).toMatchObject([{ verdict: 'flat', notes: ['nothing was open'] }]);
  });

  it('is not taken for one with nothing open where its books cannot be read, or are several', async () => {
    const damaged = scene('demo');
    writeFileSync(join(damaged.directory, 'demo.sqlite'), 'damaged');
    damaged.hung();
    expect(await damaged.kill()).toMatchObject([
      { verdict: 'waits', notes: [expect.any(String), expect.stringContaining('cannot be read')] },
    ]);
    const several = scene('paper');
    several.books(false);
    writeFileSync(join(several.directory, 'paper-kraken.sqlite'), '');
    writeFileSync(join(several.directory, 'paper-kraken-history.sqlite'), '');
    several.hung();
    expect(await several.kill()).toMatchObject([{ verdict: 'waits' }]);
  });
});

describe('a directory', () => {
  it('on which nothing has run is latched for whatever is started there', async () => {
    const { directory, kill } = scene();
    expect(await kill()).toEqual([{ directory, mode: null, verdict: 'flat', symbols: [], notes: [] }]);
    expect(existsSync(join(directory, LATCH_FILE))).toBe(true);
    expect(await kill({ mode: 'live' })).toMatchObject([
      { mode: 'live', verdict: 'flat', notes: ['live has never run here: nothing is open'] },
    ]);
  });

  it('of two modes is closed in the other one too where one cannot be, real money first', async () => {
    const { directory, books, kill } = scene();
    books(true);
    books(false, 'live');
    writeFileSync(join(directory, 'installation-id'), 'abc\n');
    const asked: Mode[] = [];
    const settingsFor = (mode: Mode) => {
      asked.push(mode);
      if (mode === 'live') throw new TraderError('bad-input', 'the settings of live are wrong');
      return SETTINGS;
    };
    expect(await kill({ settingsFor })).toMatchObject([
      { mode: 'live', verdict: 'failed', notes: ['the settings of live are wrong'] },
      { mode: 'sandbox', symbols: [{ symbol: SPOT, before: '1' }] },
    ]);
    expect(asked).toEqual(['live', 'sandbox']);
  });

  it('on which another mode left something open is closed there too, by nobody’s word', async () => {
    const { directory, books, program, kill, opened } = scene('demo');
    books(false);
    books(true, 'sandbox');
    writeFileSync(join(directory, 'installation-id'), 'abc\n');
    const view = { engaged: true, at: 0, reason: 'a test', failures: [] };
    program().tell({ ...view, stage: 'flat' });
    expect(await kill()).toMatchObject([
      { mode: 'demo', verdict: 'flat' },
      { mode: 'sandbox', symbols: [{ symbol: SPOT, before: '1' }] },
    ]);
    expect(opened).toEqual([`binance ${SPOT}`]);
  });

  it('whose books are gone is not taken for one on which nothing has run', async () => {
    const { directory, kill } = scene();
    rememberVenue(directory, { settings: SETTINGS, symbols: [SPOT], orderIdPrefix: 'sabc' }, SILENT_LOGGER);
    expect(await kill()).toMatchObject([
      {
        mode: 'sandbox',
        verdict: 'failed',
        notes: [expect.stringContaining('cannot be read'), expect.anything()],
      },
    ]);
  });

  it('that is gone under its program fails every time, and once where that is gone too', async () => {
    const { directory, folder, kill, hung } = scene();
    hung();
    rmSync(directory, { recursive: true });
    expect(await kill()).toMatchObject([
      { verdict: 'failed', notes: [expect.stringContaining(`end the process ${process.pid}`)] },
    ]);
    expect(noted(folder)).toHaveLength(1);
    expect(existsSync(directory)).toBe(false);
  });

  it('that cannot keep the latch is a failure, whatever is flat', async () => {
    const { directory, books, crashed, kill } = scene('demo');
    books(false);
    crashed();
    mkdirSync(join(directory, LATCH_FILE));
    expect(await kill()).toMatchObject([
      { verdict: 'failed', notes: ['nothing was open', expect.stringContaining('make room')] },
    ]);
  });
});

it('the drill closes 5 positions and 20 orders of a program that hangs', async () => {
  const timers = new VirtualTimers();
  const reports: Awaited<ReturnType<typeof killDrill>>[] = [];
  void killDrill({ timers, clock: { now: () => 1_700_000_000_000 } }).then((report) => reports.push(report));
  while (reports.length === 0) await timers.pass(20);
  const [report] = reports;
  expect(report?.flat).toBe(true);
  expect(report?.steps[0]?.step).toBe('the emergency stop is latched on disk');
  expect(report?.steps.filter(({ step }) => step.endsWith('limit CANCELED'))).toHaveLength(20);
  expect(report?.steps.filter(({ step }) => step.endsWith('market FILLED'))).toHaveLength(5);
});
