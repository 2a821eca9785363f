import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';
import type { UtcMs } from '../../domain/index.ts';
import { temporaryDatabases } from '../../storage/testing/temporary-databases.ts';
import { hearStopRequests, requestStop, withdrawStop } from './stop-request.ts';

const { folder } = temporaryDatabases();
const at = (ms: number): UtcMs => ms;

function heard(directory: string, since = 1_000) {
  const timers = new VirtualTimers();
  const asked: string[] = [];
  const stop = hearStopRequests({
    directory,
    pid: 7,
    clock: { now: () => at(since) },
    timers,
    onAsked: () => asked.push('stop'),
  });
  return { timers, asked, stop };
}

test('a program hears a request for it once, and takes it away', async () => {
  const directory = folder();
  const { timers, asked } = heard(directory);
  await timers.pass(1_000);
  expect(asked).toEqual([]);
  requestStop(directory, 7, at(1_000));
  await timers.pass(1_000);
  expect(asked).toEqual(['stop']);
  expect(existsSync(join(directory, 'stop-request.json'))).toBe(false);
  requestStop(directory, 7, at(1_001));
  await timers.pass(1_000);
  expect(asked).toEqual(['stop']);
});

test.each([
  ['for another process', (directory: string) => requestStop(directory, 8, at(2_000))],
  ['from before the program', (directory: string) => requestStop(directory, 7, at(999))],
  [
    'that was taken back',
    (directory: string) => {
      requestStop(directory, 7, at(2_000));
      withdrawStop(directory);
    },
  ],
  [
    'that nobody can read',
    (directory: string) => writeFileSync(join(directory, 'stop-request.json'), '{"pid":7'),
  ],
])('a request %s ends nobody', async (_, ask) => {
  const directory = folder();
  const { timers, asked, stop } = heard(directory);
  ask(directory);
  await timers.pass(2_000);
  expect(asked).toEqual([]);
  stop();
});

test('a folder that is not there yet is looked into again, and nobody hears after the end', async () => {
  const directory = folder();
  const { timers, asked, stop } = heard(join(directory, 'later'));
  await timers.pass(1_000);
  stop();
  expect(asked).toEqual([]);
});
