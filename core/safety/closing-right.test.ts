import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { VirtualTimers } from '../../tests/contracts/virtual-timers.ts';
import { CLOSING_FILE, ClosingRight, closingElsewhere } from './closing-right.ts';

function scene() {
  const directory = mkdtempSync(join(tmpdir(), 'closing-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const timers = new VirtualTimers();
  const take = (at = directory): ClosingRight => {
    const right = new ClosingRight({ directory: at, clock: timers, timers });
    onTestFinished(() => right.release());
    return right;
  };
  return { directory, timers, take, elsewhere: () => closingElsewhere(directory, timers) };
}

test('while one process closes, the others know it, and not after', async () => {
  const { directory, timers, take, elsewhere } = scene();
  expect(elsewhere()).toBeNull();
  const right = take();
  expect(elsewhere()).toBe(0);
  await timers.pass(60_000);
  expect(elsewhere()).toBe(60_000);
  expect(right.isLost).toBe(false);
  right.release();
  expect(elsewhere()).toBeNull();
  await timers.pass(60_000);
  expect(existsSync(join(directory, CLOSING_FILE))).toBe(false);
});

test('what a process said that is gone holds nobody back for long, nor does what cannot be read', async () => {
  const { directory, timers, elsewhere } = scene();
  writeFileSync(join(directory, CLOSING_FILE), JSON.stringify({ version: 1, at: 0 }));
  await timers.pass(9_999);
  expect(elsewhere()).toBe(0);
  await timers.pass(1);
  expect(elsewhere()).toBeNull();
  // A clock that was set back.
  writeFileSync(join(directory, CLOSING_FILE), JSON.stringify({ version: 1, at: 1_000_000 }));
  expect(elsewhere()).toBeNull();
  writeFileSync(join(directory, CLOSING_FILE), '{"version":');
  expect(elsewhere()).toBeNull();
});

test('who stood still for too long has lost the right, and does not take it back', async () => {
  const { timers, take, elsewhere } = scene();
  const right = take();
  // A virtual time that jumps: its waits end late, as those of a process do that was stopped.
  const jumped = timers.monotonicMs.bind(timers);
  timers.monotonicMs = () => jumped() + 6_000;
  expect(right.isLost).toBe(true);
  await timers.pass(20_000);
  expect(elsewhere()).toBeNull();
});

test('who slept with the machine has lost the right, though no time has passed for him', async () => {
  const { timers, take, elsewhere, directory } = scene();
  const right = take();
  const awake = { now: () => timers.now() + 3_600_000 };
  expect(closingElsewhere(directory, awake)).toBeNull();
  const clock = timers.now.bind(timers);
  timers.now = () => clock() + 3_600_000;
  expect(right.isLost).toBe(true);
  await timers.pass(20_000);
  expect(elsewhere()).toBeNull();
});

test('what was closed holds the others back until it is in the venue’s lists, the next one from outside too', async () => {
  const { timers, take, elsewhere } = scene();
  const first = take();
  expect(first.isEarly).toBe(false);
  await timers.pass(2_000);
  first.closes();
  await timers.pass(4_000);
  first.release();
  await timers.pass(5_000);
  const second = take();
  expect(second.isEarly).toBe(true);
  second.release();
  await timers.pass(20_999);
  expect([second.isEarly, elsewhere()]).toEqual([true, 11_000]);
  await timers.pass(1);
  expect([second.isEarly, elsewhere()]).toEqual([false, null]);
});

test('no word of a close holds anybody back for longer than a venue’s lists may lag', async () => {
  const { directory, timers, elsewhere } = scene();
  writeFileSync(join(directory, CLOSING_FILE), JSON.stringify({ version: 1, at: 0, holdsMs: 1e12 }));
  await timers.pass(29_999);
  expect(elsewhere()).toBe(0);
  await timers.pass(1);
  expect(elsewhere()).toBeNull();
});

test('who has lost the right takes it from nobody else', async () => {
  const { directory, timers, take, elsewhere } = scene();
  const right = take();
  const real = timers.monotonicMs.bind(timers);
  timers.monotonicMs = () => real() + 6_000;
  writeFileSync(join(directory, CLOSING_FILE), JSON.stringify({ version: 1, at: 0 }));
  right.release();
  expect(elsewhere()).toBe(0);
});

test('a folder that cannot be written gives the right all the same', async () => {
  const { directory, timers, take } = scene();
  const right = take(join(directory, 'none'));
  await timers.pass(30_000);
  expect(right.isLost).toBe(false);
});
