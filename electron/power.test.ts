import { EventEmitter } from 'node:events';
import type { BrowserWindow } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PositionView, StatusView } from '../core/contract/index.ts';
import { SILENT_LOGGER } from '../core/domain/index.ts';
import { FakeContractService, statusOf } from '../tests/contracts/fake-contract-service.ts';
import { VirtualTimers } from '../tests/contracts/virtual-timers.ts';

const electron = await vi.hoisted(async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  const awake: string[] = [];
  return {
    awake,
    powerMonitor: new Emitter(),
    powerSaveBlocker: {
      start: (kind: string) => awake.push(kind),
      stop: () => awake.pop() !== undefined,
    },
  };
});
vi.mock('electron', () => electron);

const { Power } = await import('./power.ts');

const MINUTE = 60_000;
const settled = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const AT_A_VENUE: Partial<StatusView> = {
  mode: 'live',
  venue: {
    orders: { state: 'connected', message: '' },
    readings: { lastAnswerAgeMs: 0, latency: null, budgetUsedPct: 0 },
    fees: { makerFeeBps: 1, takerFeeBps: 1 },
  },
};

/** A program that trades, and what the machine has done to it. */
function scene(protections: readonly PositionView['protection'][] = [], reconciles = true) {
  const done: string[] = [];
  const timers = new VirtualTimers();
  let tellStatus: (status: StatusView) => void = () => undefined;
  const service = new FakeContractService({
    'positions.list': () =>
      protections.map((protection) => ({ symbol: 'BTC/USDT', protection }) as PositionView), // nothing else is read
  });
  const power = new Power({
    tradebot: {
      service,
      log: SILENT_LOGGER,
      alert: (severity, title) => done.push(`${severity}: ${title}`),
      holdEntries: (reason) => void done.push(`hold: ${reason}`),
      distrustBooks: () => void done.push('distrust'),
      reconcile: async (reason) => {
        done.push(`reconcile: ${reason}`);
        if (!reconciles) throw new Error('the venue does not answer');
      },
      onStatus: (listener) => {
        tellStatus = listener;
        return () => undefined;
      },
    },
    timers,
    end: async (reason) => void done.push(`end: ${reason}`),
  });
  power.watch();
  const window = new EventEmitter();
  power.watchWindow(window as unknown as BrowserWindow); // it listens and does nothing else
  return {
    done,
    timers,
    power,
    window,
    tellStatus: (status: Partial<StatusView>) => tellStatus(statusOf(status)),
  };
}

beforeEach(() => {
  electron.awake.length = 0;
});
afterEach(() => {
  electron.powerMonitor.removeAllListeners();
});

describe('sleep', () => {
  it('#22 V20 stops entries before it, and has them wait for a comparison that begins after it', () => {
    const { done } = scene();
    electron.powerMonitor.emit('suspend');
    expect(done).toEqual(['hold: the machine goes to sleep', 'warning: The machine goes to sleep']);
    done.length = 0;
    electron.powerMonitor.emit('resume');
    expect(done).toEqual(['distrust', 'hold: null', 'reconcile: the machine woke up']);
  });

  it('that nobody told of is made good as well', () => {
    const { done } = scene();
    electron.powerMonitor.emit('resume');
    expect(done).toEqual(['distrust', 'hold: null', 'reconcile: the machine woke up']);
  });

  it('a venue that does not answer after it ends nothing', async () => {
    const { done } = scene([], false);
    electron.powerMonitor.emit('resume');
    await settled();
    expect(done.at(-1)).toBe('reconcile: the machine woke up');
  });

  it.each([
    [['venue'], []],
    [['venue', 'engine'], ['critical: Not protected while asleep']],
    [['none'], ['critical: Not protected while asleep']],
  ] as const)('with positions protected by %j the trader is told %j', async (protections, told) => {
    const { done } = scene(protections);
    electron.powerMonitor.emit('suspend');
    await settled();
    expect(done.filter((line) => line.startsWith('critical'))).toEqual(told);
  });

  it('a locked screen stops nothing', () => {
    const { done } = scene();
    electron.powerMonitor.emit('lock-screen');
    expect(done).toEqual([]);
  });
});

describe('the end of the session', () => {
  it('on macOS and Linux is put off until the program has ended by itself', () => {
    const { done } = scene();
    const event = { prevented: false, preventDefault: () => (event.prevented = true) };
    electron.powerMonitor.emit('shutdown', event);
    expect(event.prevented).toBe(true);
    expect(done).toEqual(['hold: the machine shuts down', 'end: the machine shuts down']);
  });

  it.each([
    ['shutdown', 'Windows shuts down'],
    ['critical', 'Windows shuts down at once'],
    ['close-app', 'an update closes the program'],
    ['logoff', 'Windows logs you off'],
  ])(
    'under Windows, for %s, stops entries when it is asked for and the program when it comes',
    (reason, words) => {
      const { done, window } = scene();
      window.emit('query-session-end', { reasons: [reason] });
      expect(done).toEqual([`hold: ${words}`, 'warning: The session ends']);
      window.emit('session-end', { reasons: [reason] });
      expect(done.at(-1)).toBe(`end: ${words}`);
    },
  );

  it('that another program has refused lets trading go on, after a comparison', async () => {
    const { done, window, timers } = scene();
    window.emit('query-session-end', { reasons: [] });
    await timers.pass(MINUTE - 1);
    expect(done).toEqual(['hold: the session ends', 'warning: The session ends']);
    await timers.pass(1);
    expect(done.slice(2)).toEqual(['distrust', 'hold: null', 'reconcile: the session goes on']);
  });

  it('that is waited for holds entries although the machine woke up meanwhile', () => {
    const { done, window } = scene();
    window.emit('query-session-end', { reasons: ['logoff'] });
    electron.powerMonitor.emit('resume');
    expect(done.filter((line) => line.startsWith('hold')).at(-1)).toBe('hold: Windows logs you off');
  });

  it('ends the wait with the program', async () => {
    const { done, window, timers, power } = scene();
    window.emit('query-session-end', { reasons: ['logoff'] });
    power.close();
    await timers.pass(MINUTE);
    expect(done.filter((line) => line.startsWith('reconcile'))).toEqual([]);
  });
});

describe('the machine is kept from falling asleep', () => {
  it.each<[string, Partial<StatusView>, readonly string[]]>([
    ['trades at a venue', AT_A_VENUE, ['prevent-app-suspension']],
    ['is paused there, since exits go on', { ...AT_A_VENUE, trading: 'paused' }, ['prevent-app-suspension']],
    ['has ended', { ...AT_A_VENUE, trading: 'stopped' }, []],
    [
      'closes everything',
      { ...AT_A_VENUE, trading: 'halted', killSwitch: { ...statusOf().killSwitch, stage: 'flattening' } },
      ['prevent-app-suspension'],
    ],
    [
      'has closed everything',
      { ...AT_A_VENUE, trading: 'halted', killSwitch: { ...statusOf().killSwitch, stage: 'flat' } },
      [],
    ],
    ['plays the demo', { mode: 'demo' }, []],
  ])('while the program %s: %#', (_what, status, expected) => {
    const { tellStatus } = scene();
    tellStatus(AT_A_VENUE);
    tellStatus(status);
    tellStatus(status);
    expect(electron.awake).toEqual(expected);
  });

  it('no longer than the program runs', () => {
    const { tellStatus, power } = scene();
    tellStatus(AT_A_VENUE);
    power.close();
    tellStatus(AT_A_VENUE);
    expect(electron.awake).toEqual([]);
    expect(electron.powerMonitor.eventNames()).toEqual([]);
  });
});
