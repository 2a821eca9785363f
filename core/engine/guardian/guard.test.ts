import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';
import { SettingsSchema } from '../../contract/index.ts';
import { Guard, type GuardDeeds } from './guard.ts';
import type { FromGuardian, ToGuardian } from './guardian-protocol.ts';

type Found = Awaited<ReturnType<GuardDeeds['look']>>;
type Outcome = Awaited<ReturnType<GuardDeeds['close']>>;

const NOBODY = (_message: ToGuardian): void => undefined;

function guarding({
  found = 'open',
  outcome = 'flat',
}: {
  found?: Found | Error;
  outcome?: Outcome | Error;
} = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'guard-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const timers = new VirtualTimers();
  const done: string[] = [];
  const said: FromGuardian['kind'][] = [];
  const program = { hear: NOBODY, gone: () => NOBODY({ kind: 'beat' }) };
  /** How far the machine's clock is from where it was. */
  let setBy = 0;
  let hasEnded = false;
  const answer = <T>(deed: string, value: T | Error): Promise<T> => {
    done.push(deed);
    return value instanceof Error ? Promise.reject(value) : Promise.resolve(value);
  };
  const guard = new Guard({
    place: {
      directory,
      runtimeFolder: null,
      pid: 1,
      settings: SettingsSchema.parse({}),
      migrationsFolder: null,
    },
    program: {
      send: ({ kind }) => said.push(kind),
      onMessage: (listener) => {
        program.hear = listener;
      },
      onGone: (listener) => {
        program.gone = listener;
      },
    },
    deeds: { look: () => answer('look', found), close: () => answer('close', outcome) },
    clock: { now: () => timers.now() + setBy },
    timers,
  });
  void guard.run().then(() => {
    hasEnded = true;
  });
  return {
    ...{ directory, timers, done, said, program },
    ended: () => hasEnded,
    setClock: (ms: number) => {
      setBy = ms;
    },
    beats: async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 500) {
        program.hear({ kind: 'beat' });
        await timers.pass(500);
      }
    },
  };
}

test('it says twice a second that it is there, and does nothing while the program beats', async () => {
  const { beats, done, said } = guarding();
  await beats(60_000);
  expect(done).toEqual([]);
  expect(said).toEqual(Array.from({ length: 120 }, () => 'beat'));
});

test('silence with something open is closed once, and it goes on watching', async () => {
  const { beats, timers, done, ended } = guarding();
  await beats(5_000);
  await timers.pass(14_000);
  expect(done).toEqual([]);
  await timers.pass(120_000);
  expect([done, ended()]).toEqual([['look', 'close'], false]);
  await beats(5_000);
  await timers.pass(16_000);
  expect(done).toEqual(['look', 'close', 'look', 'close']);
});

test('a clock that was set begins anew, and asks for a comparison', async () => {
  const { timers, done, said, setClock } = guarding();
  await timers.pass(14_000);
  setClock(-3_600_000);
  await timers.pass(14_500);
  expect(done).toEqual([]);
  expect(said.filter((kind) => kind !== 'beat')).toEqual(['ask-reconciliation']);
});

test.each<[string, Found | Error, string[], boolean]>([
  ['nothing open is looked at again', 'flat', ['look', 'look'], false],
  ['a note that beats is a sign of life', 'alive', ['look', 'look'], false],
  ['another program in its place is none of its business', 'relieved', ['look'], true],
  ['what cannot be looked at is closed', new Error('no descriptors left'), ['look', 'close'], false],
])('what it finds at a silent program: %s', async (_name, found, expected, hasLeft) => {
  const { timers, done, ended } = guarding({ found });
  await timers.pass(31_000);
  expect([done, ended()]).toEqual([expected, hasLeft]);
});

test.each<[string, Outcome | Error, string[], boolean]>([
  ['flat after a crash is the end', 'flat', ['look', 'close'], true],
  ['what failed is tried again', 'failed', ['look', 'close', 'close'], false],
  ['so is what broke', new Error('no network'), ['look', 'close', 'close'], false],
  ['somebody started it again meanwhile', 'relieved', ['look', 'close'], true],
])('what closing comes to: %s', async (_name, outcome, expected, hasLeft) => {
  const { program, timers, done, ended } = guarding({ outcome });
  program.gone();
  await timers.pass(50_000);
  expect([done, ended()]).toEqual([expected, hasLeft]);
});

test('a goodbye is its end', async () => {
  const { program, timers, done, ended } = guarding();
  program.hear({ kind: 'goodbye' });
  await timers.pass(60_000);
  expect([done, ended()]).toEqual([[], true]);
});

test('a directory that is no more is its end', async () => {
  const { directory, timers, done, ended } = guarding();
  rmSync(directory, { recursive: true });
  await timers.pass(60_000);
  expect([done, ended()]).toEqual([[], true]);
});
