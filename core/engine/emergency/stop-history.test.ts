import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';
import type { KillActivation } from '../../contract/index.ts';
import { ManualClock, SILENT_LOGGER } from '../../domain/index.ts';
import type { FlattenResult } from '../../execution/index.ts';
import { KillHistory, KillSwitch, LATCH_FILE } from '../../safety/index.ts';
import { EmergencyStop } from './emergency-stop.ts';
import type { Flattening } from './flattening.ts';

const NOON = 1_704_110_400_000;
const DONE: FlattenResult = {
  ...{ flat: true, failures: [], left: [], symbols: [] },
  ...{ cancelsSentMs: null, closesSentMs: null },
};
/** What the latch is written to first. */
const UNWRITTEN = `${LATCH_FILE}.${process.pid}.${threadId}.tmp`;
const PRESS = { reason: 'pressed', by: 'the trader', from: 'button' } as const;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tradebot-stop-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

interface Given {
  readonly flattener?: Partial<Flattening>;
  readonly onChange?: () => void;
  readonly onLatchFault?: (fault: string | null) => void;
}

/** A program on the directory, as another start of it would have it. */
function started({ flattener = {}, onChange = () => undefined, onLatchFault }: Given = {}) {
  const clock = new ManualClock(NOON);
  const timers = new VirtualTimers();
  const killSwitch = new KillSwitch({ directory, clock });
  const history = new KillHistory({ directory, log: SILENT_LOGGER });
  const faults: (string | null)[] = [];
  const stop = new EmergencyStop({
    killSwitch,
    flattener: {
      flatten: async () => DONE,
      isFlat: async () => true,
      close: () => undefined,
      ...flattener,
    },
    mode: 'sandbox',
    venue: 'simulated',
    history,
    clock,
    timers,
    onChange,
    onArrival: () => undefined,
    onLatchFault: onLatchFault ?? ((fault) => void faults.push(fault)),
    log: SILENT_LOGGER,
  });
  const press = (given: Partial<Omit<KillActivation['again'][number], 'at'>> = {}) => {
    const { reason, by, from } = { ...PRESS, ...given };
    return stop.activate(reason, by, from);
  };
  const stored = () => new KillHistory({ directory, log: SILENT_LOGGER }).list();
  return { stop, killSwitch, timers, clock, faults, press, stored };
}

/** While it lasts, nothing can be written under this name. */
function refuseWrites(name: string): () => void {
  mkdirSync(join(directory, name));
  return () => rmSync(join(directory, name), { recursive: true });
}

describe('the history of an emergency stop', () => {
  it('says who pressed, from where, why, when, and how long each step took', async () => {
    const timersOf = { now: () => 0 };
    const { press, timers, stored } = started({
      flattener: {
        flatten: async () => {
          const sentMs = timersOf.now();
          await timers.wait(800, new AbortController().signal);
          const symbols = [{ symbol: 'BTC/USDT', cancels: 2, closes: 1, failures: [], left: 'dust' }];
          return { ...DONE, symbols, cancelsSentMs: sentMs, closesSentMs: sentMs + 30 };
        },
      },
    });
    timersOf.now = () => timers.monotonicMs();
    press();
    expect(stored()).toMatchObject([{ outcome: 'latched', steps: [{ step: 'latched', afterMs: 0 }] }]);
    await timers.pass(800);
    expect(stored()).toEqual([
      {
        id: `${NOON} the trader`,
        at: NOON,
        ...PRESS,
        durable: true,
        steps: [
          { step: 'latched', afterMs: 0 },
          { step: 'cancels-sent', afterMs: 0 },
          { step: 'closes-sent', afterMs: 30 },
          { step: 'flat', afterMs: 800 },
        ],
        outcome: 'flat',
        mode: 'sandbox',
        venue: 'simulated',
        symbols: [{ symbol: 'BTC/USDT', cancels: 2, closes: 1, failures: [], left: 'dust' }],
        failures: [],
        again: [],
        outside: [],
        resetAt: null,
      },
    ]);
  });

  it('says what failed, and that it was flat in the end', async () => {
    const outcomes = [{ ...DONE, flat: false, failures: ['no answer'] }, DONE];
    const { stop, press, timers, stored } = started({
      flattener: { flatten: async () => outcomes.shift() ?? DONE },
    });
    press();
    await timers.pass(0);
    expect(stored()).toMatchObject([{ outcome: 'failed', failures: ['no answer'] }]);
    await timers.pass(2_500);
    stop.check();
    await timers.pass(0);
    expect(stored()).toMatchObject([{ outcome: 'flat', failures: [] }]);
  });

  it('counts what every attempt has sent: the last one finds nothing of it', async () => {
    const first = { symbol: 'BTC/USDT', cancels: 2, closes: 1, failures: ['no answer'], left: null };
    const attempts = [
      { ...DONE, flat: false, failures: ['no answer'], symbols: [first] },
      { ...DONE, symbols: [{ symbol: 'ETH/USDT', cancels: 0, closes: 1, failures: [], left: null }] },
      { ...DONE, symbols: [{ symbol: 'BTC/USDT', cancels: 0, closes: 1, failures: [], left: 'dust' }] },
    ];
    const { press, timers, stored } = started({
      flattener: { flatten: async () => attempts.shift() ?? DONE },
    });
    for (const from of ['button', 'tray', 'shortcut'] as const) {
      press({ from });
      await timers.pass(2_500);
    }
    expect(stored()[0]?.symbols).toEqual([
      { symbol: 'BTC/USDT', cancels: 2, closes: 2, failures: [], left: 'dust' },
      { symbol: 'ETH/USDT', cancels: 0, closes: 1, failures: [], left: null },
    ]);
  });

  it('has no step before the latch where another process has latched', async () => {
    const { stop, timers, stored } = started({
      flattener: {
        flatten: async () => {
          const cancelsSentMs = timers.monotonicMs();
          // What is done with the first answers.
          shift.ms += 30;
          return { ...DONE, cancelsSentMs };
        },
      },
    });
    const shift = { ms: 0 };
    const real = timers.monotonicMs.bind(timers);
    timers.monotonicMs = () => real() + shift.ms;
    new KillSwitch({ directory, clock: new ManualClock(NOON) }).latch(
      'hangs',
      'tradebot kill',
      'command-line',
    );
    stop.check();
    await timers.pass(0);
    expect(stored()[0]?.steps).toEqual([
      { step: 'latched', afterMs: 0 },
      { step: 'cancels-sent', afterMs: 0 },
      { step: 'flat', afterMs: 30 },
    ]);
  });

  it('has every press, and one that arrives twice once', async () => {
    const { press, timers, clock, stored } = started();
    press();
    press();
    // The word of it is under way for long on a machine that is busy.
    clock.advanceTo(NOON + 10_000);
    press();
    clock.advanceTo(NOON + 11_000);
    press({ reason: 'again', from: 'tray' });
    await timers.pass(0);
    expect(stored()).toMatchObject([
      { reason: 'pressed', again: [{ at: NOON + 11_000, reason: 'again', by: 'the trader', from: 'tray' }] },
    ]);
    expect(stored()[0]?.again).toHaveLength(1);
  });

  it('ends with the reset, and begins anew with the next press', async () => {
    const { stop, killSwitch, press, timers, clock, stored } = started();
    press();
    await timers.pass(0);
    clock.advanceTo(NOON + 60_000);
    killSwitch.reset();
    stop.rearm();
    expect(stored()).toMatchObject([{ outcome: 'reset', resetAt: NOON + 60_000 }]);
    press();
    expect(stored().map(({ at, outcome }) => [at, outcome])).toEqual([
      [NOON + 60_000, 'latched'],
      [NOON, 'reset'],
    ]);
  });

  it('goes on after a restart, without times that nobody knows', async () => {
    started().press();
    const { stop, timers, stored } = started();
    stop.check();
    await timers.pass(0);
    expect(stored()).toMatchObject([
      { at: NOON, from: 'button', outcome: 'flat', steps: [{ step: 'latched', afterMs: 0 }] },
    ]);
  });

  it('has what another process has latched', async () => {
    const { stop, timers, stored } = started();
    new KillSwitch({ directory, clock: new ManualClock(NOON - 50) }).latch(
      'from the terminal',
      'tradebot kill',
      'command-line',
    );
    stop.check();
    await timers.pass(0);
    expect(stored()).toMatchObject([
      { at: NOON - 50, by: 'tradebot kill', from: 'command-line', durable: true, outcome: 'flat' },
    ]);
  });

  it('has a latch that cannot be read, whose time and maker nobody knows', async () => {
    writeFileSync(join(directory, LATCH_FILE), 'half a l');
    const { stop, timers, stored } = started();
    stop.check();
    await timers.pass(0);
    expect(stored()).toMatchObject([{ id: 'unreadable', at: null, from: 'unknown', outcome: 'flat' }]);
  });
});

describe('a latch that cannot be written', () => {
  it('stops this process, is shown and told, and is written as soon as that can be', async () => {
    const free = refuseWrites(UNWRITTEN);
    const { stop, press, timers, faults, stored } = started();
    const view = press();
    expect(view).toMatchObject({ engaged: true, stage: 'flattening' });
    expect(view.failures).toEqual([expect.stringContaining('cannot be written')]);
    expect(faults).toEqual([expect.stringContaining('cannot be written')]);
    expect(stored()).toMatchObject([{ durable: false }]);
    await timers.pass(1_000);
    stop.check();
    expect(started().killSwitch.engaged()).toBe(false);
    free();
    stop.check();
    expect(started().killSwitch.engaged()).toBe(false);
    await timers.pass(1_000);
    stop.check();
    await timers.pass(0);
    expect(started().killSwitch.state()).toMatchObject({ at: NOON, reason: 'pressed' });
    expect(faults.at(-1)).toBe(null);
    expect(faults).toHaveLength(2);
    expect(stop.view()).toMatchObject({ stage: 'flat', failures: [] });
    expect(stored()).toMatchObject([{ durable: true, outcome: 'flat' }]);
  });

  it('is told no more once it was reset', async () => {
    const free = refuseWrites(UNWRITTEN);
    const { stop, killSwitch, press, timers, faults } = started();
    press();
    await timers.pass(0);
    killSwitch.reset();
    stop.rearm();
    free();
    await timers.pass(2_000);
    stop.check();
    expect(faults).toEqual([expect.any(String), null]);
    expect(readdirSync(directory)).not.toContain(LATCH_FILE);
    expect(stop.view()).toMatchObject({ engaged: false, failures: [] });
  });

  it('and that nobody can be told of does not keep the way out from being gone', async () => {
    refuseWrites(UNWRITTEN);
    const onLatchFault = (): void => {
      throw new Error('no window');
    };
    const { stop, press, timers } = started({ onLatchFault });
    press();
    await timers.pass(0);
    expect(stop.view().stage).toBe('flat');
  });
});

it('the cancels are on their way before anybody is told', () => {
  const order: string[] = [];
  const { press, stored } = started({
    flattener: {
      flatten: async () => {
        order.push(`flatten, ${stored().length} noted`);
        return DONE;
      },
    },
    onChange: () => void order.push('told'),
  });
  press();
  expect(order).toEqual(['flatten, 0 noted', 'told']);
});
