import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { baseAmount, clientOrderId, ManualClock, type OrderIntent } from '../domain/index.ts';
import { KillSwitch, LATCH_FILE, type ResetFacts } from './index.ts';

const NOON = Date.UTC(2024, 0, 1, 12);
const ENTRY: OrderIntent = {
  clientOrderId: clientOrderId('o'),
  symbol: 'BTC/USDT',
  side: 'buy',
  type: 'market',
  purpose: 'entry',
  amount: baseAmount(1),
  limitPrice: null,
  stopPrice: null,
  reduceOnly: false,
  decisionId: null,
  createdAt: 0,
  expiresAt: null,
};
const FACTS: ResetFacts = {
  reconciliationGreen: true,
  openPositions: [],
  flattening: false,
  breakerTripped: false,
};

let directory = '';
const latchPath = () => join(directory, LATCH_FILE);
const killSwitch = (where = directory) => new KillSwitch({ directory: where, clock: new ManualClock(NOON) });

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kill-switch-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('engaging', () => {
  test('until it is engaged every order may leave', () => {
    const armed = killSwitch();
    expect([armed.engaged(), armed.state()]).toEqual([false, undefined]);
    expect(armed.mayLeave(ENTRY)).toEqual({ allowed: true });
  });

  test('the latch is on disk, as a whole and alone, when the call returns', () => {
    expect(killSwitch().latch('pressed', 'trader', 'button')).toEqual({
      latch: { at: NOON, reason: 'pressed', by: 'trader', from: 'button' },
      durable: true,
      failure: null,
    });
    expect(JSON.parse(readFileSync(latchPath(), 'utf8'))).toEqual({
      at: NOON,
      reason: 'pressed',
      by: 'trader',
      from: 'button',
    });
    expect(readdirSync(directory)).toEqual([LATCH_FILE]);
  });

  test('again changes nothing: the first reason stays', () => {
    const engaged = killSwitch();
    engaged.latch('first', 'trader');
    expect(engaged.latch('second', 'guardian').latch.reason).toBe('first');
    expect(killSwitch().latch('third', 'cli')).toMatchObject({ latch: { reason: 'first' }, durable: true });
  });

  test('it survives a restart', () => {
    killSwitch().latch('pressed', 'trader');
    expect(killSwitch().state()).toMatchObject({ at: NOON, reason: 'pressed', by: 'trader' });
  });

  test('a latch written by another process is seen before the very next order', () => {
    const running = killSwitch();
    expect(running.mayLeave(ENTRY).allowed).toBe(true);
    killSwitch().latch('tradebot kill', 'cli');
    expect(running.mayLeave(ENTRY)).toMatchObject({ allowed: false, code: 'kill-switch' });
    expect(running.state()?.by).toBe('cli');
  });

  test('deleting the file does not release a running program', () => {
    const running = killSwitch();
    running.latch('pressed', 'trader');
    rmSync(latchPath());
    expect(running.engaged()).toBe(true);
  });

  test('a data directory that is not there yet is made', () => {
    const where = join(directory, 'new', 'data');
    expect(killSwitch(where).latch('pressed', 'trader').durable).toBe(true);
    expect(existsSync(join(where, LATCH_FILE))).toBe(true);
  });

  test('where a directory cannot be flushed, the latch is written all the same', () => {
    const platform = Object.getOwnPropertyDescriptor(process, 'platform');
    Object.defineProperty(process, 'platform', { ...platform, value: 'win32' });
    try {
      expect(killSwitch().latch('pressed', 'trader').durable).toBe(true);
    } finally {
      Object.defineProperty(process, 'platform', { ...platform });
    }
    expect(killSwitch().engaged()).toBe(true);
  });
});

describe('in doubt it is engaged', () => {
  test.each(['', 'not json', '{}', '{"at":"yesterday","reason":"x","by":"y"}'])(
    'a latch file that says %j',
    (content) => {
      writeFileSync(latchPath(), content);
      const engaged = killSwitch();
      expect(engaged.mayLeave(ENTRY).allowed).toBe(false);
      expect(engaged.state()).toMatchObject({
        at: null,
        reason: `${latchPath()} is there but cannot be read`,
      });
    },
  );

  test('a latch that cannot be read is written anew, and was engaged all along', () => {
    writeFileSync(latchPath(), 'half a l');
    const engaged = killSwitch();
    expect(engaged.engaged()).toBe(true);
    expect(engaged.latch('pressed', 'trader')).toMatchObject({ durable: true, latch: { reason: 'pressed' } });
    expect(killSwitch().state()).toMatchObject({ at: NOON, reason: 'pressed', by: 'trader' });
  });

  test('a latch that is not even a file', () => {
    mkdirSync(latchPath());
    expect(killSwitch().engaged()).toBe(true);
  });

  test('a directory that cannot be searched', () => {
    expect(killSwitch(join(directory, 'x'.repeat(5_000))).engaged()).toBe(true);
  });
});

describe('a switch that throws must not let trading go on', () => {
  test('a directory that cannot be written: engaged in memory, the failure told, the write tried again', () => {
    const blocked = join(directory, 'blocked');
    writeFileSync(blocked, 'a file where the directory should be');
    const engaged = killSwitch(blocked);
    const result = engaged.latch('pressed', 'trader');
    expect(result).toMatchObject({ durable: false, latch: { reason: 'pressed' } });
    expect(result.failure).toContain(
      `the emergency stop holds until this program ends, but ${join(blocked, LATCH_FILE)} cannot be written`,
    );
    expect(engaged.mayLeave(ENTRY).allowed).toBe(false);

    rmSync(blocked);
    expect(engaged.latch('again', 'trader')).toMatchObject({
      durable: true,
      failure: null,
      latch: { reason: 'pressed' },
    });
    expect(killSwitch(blocked).state()?.reason).toBe('pressed');
  });
});

describe('a rehearsal', () => {
  test('engages nothing and leaves nothing behind', () => {
    const armed = killSwitch();
    expect(armed.rehearse()).toBeNull();
    expect([armed.engaged(), readdirSync(directory)]).toEqual([false, []]);
  });

  test('tells at the start that the latch could not be written', () => {
    const blocked = join(directory, 'blocked');
    writeFileSync(blocked, 'a file where the directory should be');
    expect(killSwitch(blocked).rehearse()).toContain('the emergency stop could not be kept over a restart');
  });
});

describe('while engaged', () => {
  test.each([
    ['entry', false, false],
    ['entry', true, false],
    ['exit', true, false],
    ['protection', true, false],
    ['emergency', false, false],
    ['emergency', true, true],
  ] as const)('an order for %s, reduce-only %s, may leave: %s', (purpose, reduceOnly, allowed) => {
    const engaged = killSwitch();
    engaged.latch('pressed', 'trader');
    expect(engaged.mayLeave({ ...ENTRY, purpose, reduceOnly }).allowed).toBe(allowed);
  });
});

describe('reset', () => {
  test('removes the latch from disk and memory, and orders may leave again', () => {
    const engaged = killSwitch();
    engaged.latch('pressed', 'trader');
    expect(engaged.reset()).toEqual({ ok: true });
    expect(engaged.mayLeave(ENTRY).allowed).toBe(true);
    expect(killSwitch().engaged()).toBe(false);
    expect(readdirSync(directory)).toEqual([]);
    expect(engaged.reset()).toEqual({ ok: true });
    expect(engaged.latch('later', 'trader')).toMatchObject({ durable: true, latch: { reason: 'later' } });
  });

  test('that cannot remove the file leaves it engaged and says why', () => {
    mkdirSync(latchPath());
    const engaged = killSwitch();
    expect(engaged.reset()).toMatchObject({
      ok: false,
      message: expect.stringContaining('the emergency stop stays engaged'),
    });
    expect(engaged.engaged()).toBe(true);
  });

  test('#34 says exactly what it does and does not do', () => {
    const engaged = killSwitch();
    engaged.latch('pressed', 'trader');
    expect(engaged.describeReset(FACTS)).toEqual({
      allowed: true,
      obstacles: [],
      statement:
        'The emergency stop was engaged at 2024-01-01 12:00:00 UTC by trader: pressed. ' +
        'A reset lets orders leave again, and does nothing else. ' +
        'It brings back no cancelled order, opens no closed position, does not start trading (it stays paused until you go on) and does not arm live mode. ' +
        'No position is open.',
    });
    expect(engaged.engaged()).toBe(true);
  });

  test('names what is still open, and what else stays stopped', () => {
    writeFileSync(latchPath(), 'broken');
    const { allowed, statement } = killSwitch().describeReset({
      ...FACTS,
      openPositions: ['BTC/USDT', 'ETH/USDT'],
      breakerTripped: true,
    });
    expect(allowed).toBe(true);
    expect(statement).toContain('at an unknown time by unknown');
    expect(statement).toContain(
      'Still open: BTC/USDT, ETH/USDT. A reset does not close them; those whose entries had a stop get one again.',
    );
    expect(statement).toContain('The circuit breaker is tripped and stays tripped.');
  });

  test.each([
    [
      { ...FACTS, reconciliationGreen: false },
      ['our books and the venue do not agree, or were not compared yet: wait until reconciliation is green'],
    ],
    [
      { ...FACTS, flattening: true },
      ['orders are still being cancelled and positions closed, wait for the end of it'],
    ],
  ])('is not allowed with %j', (facts, obstacles) => {
    const engaged = killSwitch();
    engaged.latch('pressed', 'trader');
    expect(engaged.describeReset(facts)).toMatchObject({ allowed: false, obstacles });
  });

  test('of a switch that is not engaged has nothing to do', () => {
    expect(killSwitch().describeReset(FACTS)).toEqual({
      allowed: false,
      statement: 'The emergency stop is not engaged: there is nothing to reset.',
      obstacles: ['the emergency stop is not engaged'],
    });
  });
});
