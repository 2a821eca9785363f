import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { executionDesk } from '../../../tests/contracts/execution-desk.ts';
import { flat, SPOT } from '../../../tests/contracts/simulated-venue.ts';
import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';
import { ManualClock, type OrderIntent, SILENT_LOGGER, VenueError } from '../../domain/index.ts';
import type { FlattenResult } from '../../execution/index.ts';
import { KillHistory, KillSwitch } from '../../safety/index.ts';
import { EmergencyStop } from './emergency-stop.ts';
import type { Flattening } from './flattening.ts';

const DONE: FlattenResult = {
  ...{ flat: true, failures: [], left: [], symbols: [] },
  ...{ cancelsSentMs: null, closesSentMs: null },
};
const TURN_MS = 100;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tradebot-stop-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function quietParts() {
  const history = new KillHistory({ directory, log: SILENT_LOGGER });
  const clock = new ManualClock(1_000);
  return {
    history,
    clock,
    mode: 'demo' as const,
    venue: 'simulated',
    onArrival: () => undefined,
    onLatchFault: () => undefined,
    log: SILENT_LOGGER,
  };
}

function build(given: Partial<Flattening> = {}) {
  const killSwitch = new KillSwitch({ directory, clock: new ManualClock(1_000) });
  const timers = new VirtualTimers();
  const runs: { readonly engaged: boolean }[] = [];
  let looks = 0;
  let changes = 0;
  const flattener: Flattening = {
    close: () => undefined,
    ...given,
    flatten: () => {
      runs.push({ engaged: killSwitch.engaged() });
      return given.flatten?.() ?? Promise.resolve(DONE);
    },
    isFlat: () => {
      looks += 1;
      return given.isFlat?.() ?? Promise.resolve(true);
    },
  };
  const onChange = (): void => {
    changes += 1;
  };
  const { history } = quietParts();
  const clock = timers;
  const faults: (string | null)[] = [];
  const onLatchFault = (fault: string | null): void => void faults.push(fault);
  let arrivals = 0;
  const onArrival = (): void => {
    arrivals += 1;
  };
  const stop = new EmergencyStop({
    ...{ ...quietParts(), history, killSwitch, flattener, clock, timers, onChange, onArrival, onLatchFault },
  });
  /** Time passes, with the engine looking at the stop as often as it does. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += TURN_MS) {
      stop.check();
      await timers.pass(TURN_MS);
    }
  };
  return {
    stop,
    killSwitch,
    timers,
    runs,
    pass,
    history,
    faults,
    looks: () => looks,
    changes: () => changes,
    arrivals: () => arrivals,
  };
}

describe('EmergencyStop', () => {
  it('is latched before the flattening begins', () => {
    const { stop, runs } = build();
    const view = stop.activate('pressed', 'the trader');
    expect(view).toMatchObject({ engaged: true, reason: 'pressed', stage: 'flattening' });
    expect(runs).toEqual([{ engaged: true }]);
    expect(stop.flattening).toBe(true);
  });

  it('is flat once everything is closed', async () => {
    const { stop, timers, changes } = build();
    stop.activate('pressed', 'the trader');
    await timers.pass(0);
    expect(stop.view()).toMatchObject({ stage: 'flat', failures: [] });
    expect(changes()).toBeGreaterThanOrEqual(2);
  });

  it('says when nothing was last seen at the venue: not while that does not answer, and not after a reset', async () => {
    let answers = true;
    const { stop, pass } = build({
      isFlat: () => (answers ? Promise.resolve(true) : Promise.reject(new Error('no answer'))),
    });
    expect(stop.view().verifiedAt).toBeNull();
    stop.activate('pressed', 'the trader');
    await pass(1_000);
    const first = stop.view().verifiedAt;
    await pass(5_000);
    const then = stop.view().verifiedAt;
    expect(then).toBeGreaterThan(first ?? Number.NaN);
    answers = false;
    await pass(5_000);
    expect(stop.view()).toMatchObject({ stage: 'flat', verifiedAt: then });
    stop.rearm();
    expect(stop.view().verifiedAt).toBeNull();
  });

  it('tells what was left on purpose', async () => {
    const { stop, timers } = build({ flatten: async () => ({ ...DONE, left: ['dust'] }) });
    stop.activate('pressed', 'the trader');
    await timers.pass(0);
    expect(stop.view()).toMatchObject({ stage: 'flat', failures: ['dust'] });
  });

  it('stays engaged and says what failed when flattening throws', async () => {
    const flatten = () => Promise.reject(new Error('venue unreachable'));
    const { stop, timers } = build({ flatten });
    stop.activate('pressed', 'the trader');
    await timers.pass(0);
    expect(stop.view()).toMatchObject({ engaged: true, stage: 'failed' });
    expect(stop.view().failures[0]).toContain('venue unreachable');
  });

  it('runs once more when pressed again meanwhile, not twice at the same time', async () => {
    const { stop, runs, timers } = build();
    for (const reason of ['first', 'second', 'third']) stop.activate(reason, 'the trader');
    expect(runs).toHaveLength(1);
    await timers.pass(0);
    expect(runs).toHaveLength(2);
    expect(stop.view().reason).toBe('first');
  });

  it('acts on a latch that another process wrote', async () => {
    const { stop, runs, pass } = build();
    await pass(200);
    expect(runs).toHaveLength(0);
    expect(stop.engaged).toBe(false);
    new KillSwitch({ directory, clock: new ManualClock(2_000) }).latch('from the terminal', 'tradebot kill');
    expect(stop.engaged).toBe(true);
    await pass(200);
    expect(runs).toHaveLength(1);
    expect(stop.view()).toMatchObject({ engaged: true, reason: 'from the terminal', stage: 'flat' });
  });

  it('is still engaged after a restart and flattens again', async () => {
    build().killSwitch.latch('before the crash', 'the trader');
    const { stop, runs, pass } = build();
    expect(stop.view()).toMatchObject({ engaged: true, stage: 'latched' });
    await pass(200);
    expect(runs).toHaveLength(1);
  });

  it('goes on trying when it could not flatten, every two seconds', async () => {
    let venueIsBack = false;
    const flatten = async () => ({ ...DONE, flat: venueIsBack, failures: venueIsBack ? [] : ['no answer'] });
    const { stop, runs, pass } = build({ flatten });
    stop.activate('pressed', 'the trader');
    await pass(1_000);
    expect(stop.view()).toMatchObject({ stage: 'failed', failures: ['no answer'] });
    expect(runs).toHaveLength(1);
    await pass(1_500);
    expect(runs).toHaveLength(2);
    venueIsBack = true;
    await pass(2_500);
    expect(stop.view()).toMatchObject({ stage: 'flat', failures: [] });
  });

  it('stops in memory, and says so in the log, when the latch cannot be written', async () => {
    rmSync(directory, { recursive: true });
    const { stop, killSwitch } = build();
    killSwitch.latch = (reason, by) => ({
      latch: { at: 1, reason, by, from: 'button' },
      durable: false,
      failure: 'no space left on device',
    });
    killSwitch.engaged = () => true;
    expect(stop.activate('pressed', 'the trader')).toMatchObject({ engaged: true, stage: 'flattening' });
  });

  it('is armed again after a reset', async () => {
    const { stop, killSwitch, timers, looks, pass } = build();
    stop.activate('pressed', 'the trader');
    await timers.pass(0);
    killSwitch.reset();
    stop.rearm();
    expect(stop.view()).toMatchObject({ engaged: false, stage: 'armed', at: null, reason: null });
    await pass(5_000);
    expect(looks()).toBe(0);
  });

  it('that is reset while it flattens or looks is armed when that ends', async () => {
    for (const when of ['flattening', 'watching'] as const) {
      let end: () => void = () => undefined;
      const slow = <T>(value: T) =>
        new Promise<T>((resolve) => {
          end = () => resolve(value);
        });
      const { stop, killSwitch, timers, runs, pass } = build(
        when === 'flattening' ? { flatten: () => slow(DONE) } : { isFlat: () => slow(false) },
      );
      stop.activate('pressed', 'the trader');
      await pass(2_500);
      killSwitch.reset();
      stop.rearm();
      end();
      await timers.pass(0);
      expect(stop.view()).toMatchObject({ engaged: false, stage: 'armed' });
      expect(runs).toHaveLength(1);
    }
  });

  it('goes on though nobody can be told', async () => {
    const { stop, timers } = build();
    const failing = new EmergencyStop({
      ...quietParts(),
      killSwitch: new KillSwitch({ directory, clock: new ManualClock(1_000) }),
      flattener: { flatten: async () => DONE, isFlat: async () => true, close: () => undefined },
      timers,
      onChange: () => {
        throw new Error('no window');
      },
    });
    failing.activate('pressed', 'the trader');
    await timers.pass(0);
    expect(failing.view().stage).toBe('flat');
    expect(stop.engaged).toBe(true);
  });
});

describe('after everything was closed', () => {
  it('the venue is watched every second, after half a minute every two, and what appears is closed', async () => {
    let isFlat = true;
    const { stop, runs, looks, arrivals, pass } = build({ isFlat: async () => isFlat });
    stop.activate('pressed', 'the trader');
    await pass(6_500);
    expect(looks()).toBe(6);
    await pass(24_000);
    expect(looks()).toBe(30);
    await pass(8_000);
    expect(looks()).toBe(34);
    expect([runs.length, arrivals()]).toEqual([1, 0]);
    isFlat = false;
    await pass(2_000);
    expect([runs.length, arrivals()]).toEqual([2, 1]);
    isFlat = true;
    const before = looks();
    await pass(4_000);
    expect(looks() - before).toBe(4);
  });

  it('a look that had to wait for what the venue allows leaves some of that to others', async () => {
    const isFlat = async () => {
      await timers.wait(3_000);
      return true;
    };
    const { stop, looks, pass, timers } = build({ isFlat });
    stop.activate('pressed', 'the trader');
    await pass(15_500);
    expect(looks()).toBe(1);
    await pass(1_000);
    expect(looks()).toBe(2);
  });

  it('it is looked at without waiting when something happens there', async () => {
    const { stop, looks, pass, timers } = build();
    stop.activate('pressed', 'the trader');
    await pass(500);
    stop.nudge();
    await timers.pass(0);
    expect(looks()).toBe(1);
    await pass(800);
    expect(looks()).toBe(1);
  });

  it('what happens there during a look has another one follow', async () => {
    const ends: (() => void)[] = [];
    const isFlat = () => new Promise<boolean>((resolve) => ends.push(() => resolve(true)));
    const { stop, looks, pass } = build({ isFlat });
    stop.activate('pressed', 'the trader');
    await pass(2_100);
    expect(looks()).toBe(1);
    stop.nudge();
    ends[0]?.();
    await pass(200);
    expect(looks()).toBe(2);
  });

  it('a nudge does nothing while it is armed', async () => {
    const { stop, looks, timers, runs } = build();
    stop.nudge();
    await timers.pass(0);
    expect([looks(), runs.length]).toEqual([0, 0]);
  });

  it('a press during a look flattens, whatever the look says', async () => {
    let end: () => void = () => undefined;
    const isFlat = () =>
      new Promise<boolean>((resolve) => {
        end = () => resolve(true);
      });
    const { stop, runs, arrivals, pass, timers } = build({ isFlat });
    stop.activate('pressed', 'the trader');
    await pass(2_100);
    stop.activate('again', 'the trader');
    end();
    await timers.pass(0);
    expect([runs.length, arrivals()]).toEqual([2, 0]);
  });

  it('a venue that does not answer is asked again, and nothing is closed for that', async () => {
    let answers = false;
    const isFlat = async () => {
      if (!answers) throw new VenueError('unavailable', 'in maintenance');
      return runs.length > 1;
    };
    const { stop, runs, pass } = build({ isFlat });
    stop.activate('pressed', 'the trader');
    await pass(5_000);
    expect(runs).toHaveLength(1);
    expect(stop.view().stage).toBe('flat');
    answers = true;
    await pass(1_100);
    expect(runs).toHaveLength(2);
  });
});

describe('the end of the program', () => {
  it('waits for what is under way, and begins nothing more; the latch stays', async () => {
    let end: (outcome: FlattenResult) => void = () => undefined;
    const { stop, runs, pass } = build({
      flatten: () =>
        new Promise((resolve) => {
          end = resolve;
        }),
      close: () => end({ ...DONE, flat: false, failures: ['the program ended'] }),
    });
    stop.activate('pressed', 'the trader');
    stop.activate('again', 'the trader');
    await stop.close();
    await pass(10_000);
    expect(runs).toHaveLength(1);
    expect(stop.view()).toMatchObject({ engaged: true, stage: 'failed' });
    stop.activate('once more', 'the trader');
    expect(runs).toHaveLength(1);
    expect(new KillSwitch({ directory, clock: new ManualClock(3_000) }).engaged()).toBe(true);
  });

  it('does not wait a minute for a flattening that gets nowhere', async () => {
    const { killSwitch } = build();
    const desk = executionDesk();
    await desk.enter('long', 100);
    const { flattener, timers } = desk;
    const onChange = (): void => undefined;
    const stop = new EmergencyStop({ ...quietParts(), killSwitch, flattener, timers, onChange });
    stop.activate('pressed', 'the trader');
    await timers.pass(1_000);
    await stop.close();
    expect(timers.monotonicMs()).toBe(1_000);
    expect(stop.view().stage).toBe('failed');
  });
});

it('an entry that arrives after everything was flat is closed, with the real way out', async () => {
  const desk = executionDesk({ profile: { absence: { answers: 2, windowMs: 1_000 } } });
  const { killSwitch } = build();
  const { flattener, timers } = desk;
  const onChange = (): void => undefined;
  const stop = new EmergencyStop({ ...quietParts(), killSwitch, flattener, timers, onChange });
  desk.gate.ask = (intent) => killSwitch.mayLeave(intent);
  const late: OrderIntent[] = [];
  desk.exchange.instead.submit = async (intent) => {
    late.push(intent);
    throw new VenueError('uncertain', 'timed out');
  };
  await desk.place('a', { amount: 5 });
  delete desk.exchange.instead.submit;
  const pass = async (turns: number): Promise<void> => {
    for (let turn = 0; turn < turns; turn += 1) {
      stop.check();
      await timers.pass(TURN_MS);
      desk.venue.step(SPOT, flat(100));
    }
  };
  stop.activate('pressed', 'the trader');
  await pass(10);
  expect(stop.view().stage).toBe('flattening');
  await pass(40);
  expect(stop.view().stage).toBe('flat');
  for (const intent of late) await desk.venue.exchange.submit(intent);
  desk.venue.step(SPOT, flat(100));
  expect(desk.quantity()).toBe('5');
  await pass(40);
  expect(desk.quantity()).toBe('0');
  expect(await desk.there()).toEqual([]);
  expect(stop.view().stage).toBe('flat');
});
