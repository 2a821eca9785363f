import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MemoryStateStore } from '../../storage/index.ts';
import { Growth } from './growth.ts';

const HOUR_MS = 3_600_000;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tradebot-growth-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const write = (name: string, bytes: number) => writeFileSync(join(directory, name), 'x'.repeat(bytes));

test('what is there is told by file, the largest first, also from folders', () => {
  write('a.sqlite', 10);
  mkdirSync(join(directory, 'logs'));
  write('logs/one.log', 30);
  const { files, bytes, bytesPerDay } = new Growth(directory, new MemoryStateStore()).view(0);
  expect(files).toEqual([
    { name: join('logs', 'one.log'), bytes: 30, bytesPerDay: null },
    { name: 'a.sqlite', bytes: 10, bytesPerDay: null },
  ]);
  expect([bytes, bytesPerDay]).toEqual([40, null]);
});

test('growth a day is measured over a week at most, and outlives the program', () => {
  const state = new MemoryStateStore();
  write('a', 100);
  new Growth(directory, state).note(0);
  write('a', 220);
  const growth = new Growth(directory, state);
  growth.note(HOUR_MS / 2);
  expect(growth.view(HOUR_MS / 2).bytesPerDay).toBeNull();
  expect(growth.view(12 * HOUR_MS).bytesPerDay).toBe(240);
  growth.note(24 * HOUR_MS);
  expect(growth.view(48 * HOUR_MS).bytesPerDay).toBe(60);
  growth.note(8 * 24 * HOUR_MS);
  write('a', 260);
  expect(growth.view(9 * 24 * HOUR_MS).bytesPerDay).toBe(5);
});

test('each file has its own growth; one that is new has grown by all of it', () => {
  write('a', 100);
  write('b', 50);
  const growth = new Growth(directory, new MemoryStateStore());
  growth.note(0);
  write('a', 160);
  write('b', 20);
  write('c', 5);
  expect(growth.view(24 * HOUR_MS).files).toEqual([
    { name: 'a', bytes: 160, bytesPerDay: 60 },
    { name: 'b', bytes: 20, bytesPerDay: -30 },
    { name: 'c', bytes: 5, bytesPerDay: 5 },
  ]);
});

test('notes of an older version tell of the whole alone', () => {
  const state = new MemoryStateStore();
  state.write('growth', { documentVersion: 1, value: [{ at: 0, bytes: 40 }] });
  write('a', 100);
  expect(new Growth(directory, state).view(24 * HOUR_MS)).toMatchObject({
    bytesPerDay: 60,
    files: [{ name: 'a', bytesPerDay: 100 }],
  });
});

test('a clock that was set back begins anew', () => {
  const state = new MemoryStateStore();
  write('a', 100);
  const growth = new Growth(directory, state);
  growth.note(1_000 * HOUR_MS);
  growth.note(10 * HOUR_MS);
  write('a', 200);
  expect(growth.view(34 * HOUR_MS).bytesPerDay).toBe(100);
});
