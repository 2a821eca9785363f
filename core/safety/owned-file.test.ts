import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { baseAmount, type Logger, ManualClock, SILENT_LOGGER, text } from '../domain/index.ts';
import { PLATFORM } from '../platform/index.ts';
import { OwnedFile, ownedFileOf, readOwned } from './owned-file.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tradebot-owned-'));
  path = ownedFileOf(directory, 'demo');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const clock = new ManualClock(1_700_000_000_000);
const open = (log: Logger = SILENT_LOGGER): OwnedFile =>
  new OwnedFile({ directory, mode: 'demo', orderIdPrefix: 'dabc', clock, log });
const owning = (...held: readonly (readonly [string, string])[]) =>
  new Map(held.map(([symbol, amount]) => [symbol, baseAmount(amount)]));
const reading = () => {
  const read = readOwned(directory, 'demo');
  return read.ok
    ? { ...read.record, owned: [...read.record.owned].map(([symbol, held]) => [symbol, text(held)]) }
    : read;
};

describe('what is owned', () => {
  test('is read back to the last digit, with its moment and what our orders begin with', async () => {
    const file = open();
    file.note(owning(['BTC/USDT', '0.123456789012345678'], ['ETH/USDT:USDT', '-3']));
    await file.settled();
    expect(reading()).toEqual({
      at: 1_700_000_000_000,
      orderIdPrefix: 'dabc',
      owned: [
        ['BTC/USDT', '0.123456789012345678'],
        ['ETH/USDT:USDT', '-3'],
      ],
    });
  });

  test('is for its owner’s eyes, and leaves nothing else behind', async () => {
    const file = open();
    file.note(owning(['BTC/USDT', '1']));
    await file.settled();
    expect(readdirSync(directory)).toEqual(['owned-demo.json']);
    if (PLATFORM !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('is written with the last of the changes that come faster than a disk takes them', async () => {
    const file = open();
    for (const amount of ['1', '2', '3']) file.note(owning(['BTC/USDT', amount]));
    await file.settled();
    expect(reading()).toMatchObject({ owned: [['BTC/USDT', '3']] });
    file.note(owning());
    await file.settled();
    expect(reading()).toMatchObject({ owned: [] });
  });

  test('is not written again while nothing has changed', async () => {
    const file = open();
    file.note(owning(['BTC/USDT', '1']));
    await file.settled();
    rmSync(path);
    file.note(owning(['BTC/USDT', '1']));
    await file.settled();
    expect(readdirSync(directory)).toEqual([]);
  });

  test('of one mode says nothing of another', async () => {
    const file = open();
    file.note(owning(['BTC/USDT', '1']));
    await file.settled();
    expect(readOwned(directory, 'live')).toMatchObject({ ok: false, missing: true });
  });

  test('that cannot be written fails nobody, is told once, and is written when that is possible again', async () => {
    const told: string[] = [];
    const file = open({ ...SILENT_LOGGER, error: (_about: unknown, line: string) => told.push(line) });
    // A folder of its name is in the way.
    mkdirSync(join(path, 'in the way'), { recursive: true });
    for (const amount of ['1', '2']) {
      file.note(owning(['BTC/USDT', amount]));
      await file.settled();
    }
    expect(told).toEqual([`what is owned could not be written to ${path}`]);
    rmSync(path, { recursive: true });
    file.note(owning(['BTC/USDT', '2']));
    await file.settled();
    expect(reading()).toMatchObject({ owned: [['BTC/USDT', '2']] });
  });
});

describe('a file that cannot be used', () => {
  const good = { version: 1, at: 1, orderIdPrefix: 'dabc', owned: { 'BTC/USDT': '1' } };
  test.each([
    ['is cut off', JSON.stringify(good).slice(0, -5)],
    ['is of another version', JSON.stringify({ ...good, version: 2 })],
    ['has an amount that is none', JSON.stringify({ ...good, owned: { 'BTC/USDT': 'much' } })],
    ['has a number for an amount', JSON.stringify({ ...good, owned: { 'BTC/USDT': 0.1 } })],
    ['does not say when', JSON.stringify({ ...good, at: null })],
    ['does not say whose', JSON.stringify({ ...good, orderIdPrefix: '' })],
    ['is larger than any', JSON.stringify(good).padEnd(100_000)],
  ])('is a fault that is told when it %s', (_how, written) => {
    writeFileSync(path, written);
    expect(readOwned(directory, 'demo')).toMatchObject({ ok: false, missing: false });
    expect(readFileSync(path, 'utf8')).toBe(written);
  });

  test('that is complete can be', () => {
    writeFileSync(path, JSON.stringify(good));
    expect(reading()).toMatchObject({ owned: [['BTC/USDT', '1']] });
  });
});
