import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { executionDesk } from '../../../tests/contracts/execution-desk.ts';
import { flat, SPOT } from '../../../tests/contracts/simulated-venue.ts';
import type { StopOrigin } from '../../contract/index.ts';
import { ManualClock, type OrderLedger, SILENT_LOGGER, VenueError } from '../../domain/index.ts';
import { HISTORY_FILE, KillHistory, KillSwitch, LATCH_FILE } from '../../safety/index.ts';
import { MemoryOrderLedger, openDatabase, SqliteOrderLedger } from '../../storage/index.ts';
import { EmergencyStop } from './emergency-stop.ts';
import { presserOf } from './presser.ts';

/** Every way into the emergency stop, with every step failing once, on the way out as the program has it. */

const NOON = 1_704_110_400_000;
const TURN_MS = 100;
const TEMPORARY = `${LATCH_FILE}.${process.pid}.${threadId}.tmp`;

let directory: string;
const closers: (() => void)[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tradebot-ways-'));
});
afterEach(() => {
  for (const close of closers.splice(0)) close();
  rmSync(directory, { recursive: true, force: true });
});

/** A position, a resting order, and everything that the emergency stop is made of. */
async function scene({ ledger = new MemoryOrderLedger() }: { readonly ledger?: OrderLedger } = {}) {
  const desk = executionDesk({ ledger });
  const clock = new ManualClock(NOON);
  const killSwitch = new KillSwitch({ directory, clock });
  desk.gate.ask = (intent) => killSwitch.mayLeave(intent);
  await desk.enter('long', 100, { amount: 5 });
  await desk.place('resting', { type: 'limit', limitPrice: 50, amount: 1 });
  const told = { onChange: () => undefined, onLatchFault: (_fault: string | null) => undefined } as {
    onChange: () => void;
    onLatchFault: (fault: string | null) => void;
  };
  const stop = new EmergencyStop({
    killSwitch,
    flattener: desk.flattener,
    mode: 'demo',
    venue: 'simulated',
    history: new KillHistory({ directory, log: SILENT_LOGGER }),
    clock,
    timers: desk.timers,
    onChange: () => told.onChange(),
    onArrival: () => undefined,
    onLatchFault: (fault) => told.onLatchFault(fault),
    log: SILENT_LOGGER,
  });
  /** Whether the switch was engaged when the venue was asked to cancel or to close. */
  const engagedAt: boolean[] = [];
  for (const call of ['cancel', 'submit'] as const)
    desk.exchange.during(call, () => void engagedAt.push(killSwitch.engaged()), 'before');
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += TURN_MS) {
      stop.check();
      await desk.timers.pass(TURN_MS);
      desk.venue.step(SPOT, flat(100));
    }
  };
  const history = () => new KillHistory({ directory, log: SILENT_LOGGER }).list();
  return { ...desk, clock, killSwitch, stop, told, engagedAt, pass, recorded: history };
}
type Scene = Awaited<ReturnType<typeof scene>>;

/** By word of somebody in this process: a client's call, the tray, the shortcut. */
function byWord(from: StopOrigin): (scene: Scene) => void {
  return ({ stop }) => void stop.activate('pressed', presserOf(from), from);
}

/** By the latch file, from another process or thread. */
function byFile(from: StopOrigin): (scene: Scene) => void {
  return ({ clock }) => {
    new KillSwitch({ directory, clock }).latch('pressed', presserOf(from), from);
  };
}

const WAYS: Readonly<Record<string, (scene: Scene) => void>> = {
  button: byWord('button'),
  tray: byWord('tray'),
  shortcut: byWord('shortcut'),
  'command line': byFile('command-line'),
  guardian: byFile('guardian'),
  'signed request': (scene) => {
    byFile('signed-request')(scene);
    byWord('signed-request')(scene);
  },
};

const unavailable = new VenueError('unavailable', 'in maintenance');

const FAULTS: Readonly<Record<string, (scene: Scene) => void>> = {
  nothing: () => undefined,
  'the cancel': ({ exchange }) => exchange.fail('cancel', 'before', unavailable),
  'the answer to the cancel': ({ exchange }) => exchange.fail('cancel', 'after', unavailable),
  'the close': ({ exchange }) => exchange.fail('submit', 'before', unavailable),
  'the answer to the close': ({ exchange }) => exchange.fail('submit', 'after'),
  'the verification': ({ exchange }) => {
    exchange.fail('openOrders', 'before', unavailable);
    exchange.fail('account', 'before', unavailable);
  },
  'the history': () => mkdirSync(join(directory, HISTORY_FILE)),
  'the alert': ({ told }) => {
    told.onLatchFault = () => {
      throw new Error('no alert');
    };
  },
  'the broadcast': ({ told }) => {
    told.onChange = () => {
      throw new Error('no window');
    };
  },
};

async function expectFlat({
  stop,
  killSwitch,
  quantity,
  there,
  engagedAt,
  place,
  pass,
}: Scene): Promise<void> {
  await pass(15_000);
  expect(stop.view()).toMatchObject({ engaged: true, stage: 'flat' });
  expect([quantity(), await there()]).toEqual(['0', []]);
  expect(engagedAt.length).toBeGreaterThan(0);
  expect(new Set(engagedAt)).toEqual(new Set([true]));
  expect(await place('late')).toMatchObject({ outcome: 'refused' });
  expect(killSwitch.engaged()).toBe(true);
}

describe.each(Object.entries(WAYS))('the emergency stop by %s', (_way, press) => {
  it.each(Object.entries(FAULTS))(
    'latches first, and is flat in the end, when this fails: %s',
    async (_fault, plant) => {
      const stopping = await scene();
      plant(stopping);
      press(stopping);
      await expectFlat(stopping);
    },
  );
});

// A file that takes nothing, which Linux has.
const FULL = '/dev/full';

describe.skipIf(!existsSync(FULL)).each(['button', 'tray', 'shortcut'])(
  'the emergency stop by %s on a full disk',
  (way) => {
    it('stops all the same, says that it would not hold over a restart, and does as soon as there is room', async () => {
      symlinkSync(FULL, join(directory, TEMPORARY));
      symlinkSync(FULL, join(directory, HISTORY_FILE));
      const stopping = await scene();
      const faults: (string | null)[] = [];
      stopping.told.onLatchFault = (fault) => faults.push(fault);
      WAYS[way]?.(stopping);
      await expectFlat(stopping);
      expect(faults).toEqual([expect.stringContaining('ENOSPC')]);
      expect(new KillSwitch({ directory, clock: stopping.clock }).engaged()).toBe(false);
      for (const name of [TEMPORARY, HISTORY_FILE]) rmSync(join(directory, name));
      await stopping.pass(2_000);
      expect(new KillSwitch({ directory, clock: stopping.clock }).state()).toMatchObject({
        reason: 'pressed',
      });
      expect(faults.at(-1)).toBeNull();
      expect(stopping.recorded()).toMatchObject([{ from: way, durable: true, outcome: 'flat' }]);
    });
  },
);

/** Until not one more row has room. */
function fillUp(database: ReturnType<typeof openDatabase>): void {
  const insert = database.prepare('INSERT INTO ballast VALUES (?)');
  for (let length = 4_096; length > 0; length = Math.floor(length / 2)) {
    try {
      for (;;) insert.run('x'.repeat(length));
    } catch (error) {
      // Full for this length: shorter ones may still have room.
      if (!String(error).includes('full')) throw error;
    }
  }
}

describe('the emergency stop', () => {
  it('from two sides at once runs one way out, and both are in the history', async () => {
    const stopping = await scene();
    WAYS['command line']?.(stopping);
    WAYS['button']?.(stopping);
    await expectFlat(stopping);
    expect(stopping.calls('submit')).toBe(3);
    expect(stopping.recorded()).toMatchObject([{ from: 'command-line', again: [{ from: 'button' }] }]);
  });

  it('with an entry in flight closes what it buys', async () => {
    const stopping = await scene();
    const { exchange, venue } = stopping;
    const arrives = Promise.withResolvers<void>();
    exchange.instead.submit = async (intent) => {
      delete exchange.instead.submit;
      await arrives.promise;
      return venue.exchange.submit(intent);
    };
    const placing = stopping.place('in flight', { amount: 3 });
    // Of the entry, which left before.
    stopping.engagedAt.length = 0;
    WAYS['button']?.(stopping);
    await stopping.pass(500);
    arrives.resolve();
    await stopping.pass(500);
    await placing;
    await expectFlat(stopping);
  });

  it('during a reconciliation does not wait for it', async () => {
    const stopping = await scene();
    const { exchange, venue, desk } = stopping;
    const answers = Promise.withResolvers<void>();
    // What a comparison asks first.
    exchange.instead.fills = async (query) => {
      delete exchange.instead.fills;
      await answers.promise;
      return venue.exchange.fills(query);
    };
    const comparing = desk.reconcile();
    await stopping.timers.pass(0);
    WAYS['button']?.(stopping);
    await stopping.pass(5_000);
    expect(stopping.stop.view().stage).toBe('flat');
    answers.resolve();
    await comparing;
    await expectFlat(stopping);
  });

  it.each(['locked', 'full'])('with a database that is %s closes all the same', async (state) => {
    const file = join(directory, 'demo.sqlite');
    const database = openDatabase({ file, owner: 'demo' });
    closers.push(() => database.close());
    const stopping = await scene({ ledger: new SqliteOrderLedger(database) });
    if (state === 'full') {
      database.exec('CREATE TABLE ballast (text)');
      database.pragma(`max_page_count = ${database.pragma('page_count', { simple: true })}`);
      fillUp(database);
    } else {
      const other = openDatabase({ file, owner: 'demo' });
      closers.push(() => other.close());
      database.pragma('busy_timeout = 1');
      other.exec('BEGIN IMMEDIATE');
    }
    WAYS['button']?.(stopping);
    await stopping.pass(15_000);
    expect(await stopping.there()).toEqual([]);
    expect((await stopping.venue.exchange.account()).assets.get('BTC')?.total.toFixed() ?? '0').toBe('0');
    expect(new Set(stopping.engagedAt)).toEqual(new Set([true]));
  });

  it('from another process while this one has not looked for ten seconds holds at the very next order', async () => {
    const stopping = await scene();
    const sent = stopping.calls('submit');
    // Nothing of this process runs between the latch and the order: no look, no timer.
    WAYS['command line']?.(stopping);
    expect(await stopping.place('next')).toMatchObject({ outcome: 'refused', code: 'kill-switch' });
    expect(stopping.calls('submit')).toBe(sent);
    await expectFlat(stopping);
  });

  it('is still engaged after a restart in the middle of each step', async () => {
    const stopping = await scene();
    stopping.exchange.instead.cancel = () => new Promise(() => undefined);
    WAYS['button']?.(stopping);
    // The process ends here, with nothing cancelled.
    const next = new KillSwitch({ directory, clock: new ManualClock(NOON) });
    expect(next.engaged()).toBe(true);
    expect(next.state()).toMatchObject({ from: 'button' });
  });

  it('is engaged by a latch that is no file at all', async () => {
    const stopping = await scene();
    mkdirSync(join(directory, LATCH_FILE));
    await stopping.pass(200);
    await expectFlat(stopping);
  });
});
