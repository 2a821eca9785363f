import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import { type Settings, SettingsSchema } from '../../contract/index.ts';
import { PLATFORM } from '../../platform/index.ts';
import { openDataDirectory, requireWhole } from '../../storage/index.ts';
import { backUpBooks, checkBooks, rebuildTrades, restoreBooks } from './books-care.ts';
import { openStores, type Stores } from './stores.ts';

const CLOCK = { now: () => Date.UTC(2026, 0, 2, 3, 4, 5) };
const settings: Settings = SettingsSchema.parse({});

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tradebot-care-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const at = (name: string): string => join(directory, name);

function trade(stores: Stores, number: number): void {
  const order = `o${number}`;
  stores.ledger.appendIntent(intentOf(order));
  stores.ledger.appendFill(fillOf(`t${number}`, order, { time: number }));
}

function inBooks<T>(work: (stores: Stores) => T): T {
  const stores = openStores(directory, 'demo');
  try {
    return work(stores);
  } finally {
    stores.close();
  }
}

const fillsThere = (): number => inBooks(({ ledger }) => [...ledger.fills()].length);

/** Overwrites the middle of a file, as a failing disk does. */
function damage(file: string): void {
  const bytes = readFileSync(file);
  bytes.fill(0x5a, 4_096, bytes.length - 4_096);
  writeFileSync(file, bytes);
}

describe('the care of the books', () => {
  test('a backup taken while they are written restores to what they were then, and keeps what was there', () => {
    const stores = openStores(directory, 'demo');
    const lock = openDataDirectory(directory);
    trade(stores, 1);
    backUpBooks(directory, settings, at('kept.sqlite'));
    trade(stores, 2);
    expect(checkBooks(directory, settings)).toMatchObject({ damage: null, fills: 2, orders: 2, trades: 1 });
    stores.close();
    lock.close();

    const { file: aside } = restoreBooks(directory, settings, at('kept.sqlite'), CLOCK);
    expect(fillsThere()).toBe(1);
    expect(checkBooks(directory, settings)).toMatchObject({ damage: null, fills: 1, trades: 1 });
    restoreBooks(directory, settings, aside, { now: () => CLOCK.now() + 60_000 });
    expect(fillsThere()).toBe(2);
    expect(readdirSync(directory).filter((name) => /unfinished|restoring/.test(name))).toEqual([]);
  });

  test('what a crash left in the log is in the backup, and in what is kept aside', () => {
    const stores = openStores(directory, 'demo');
    trade(stores, 1);
    // A copy of the files of a program that is still at it is what a crash leaves.
    const crashed = mkdtempSync(join(tmpdir(), 'tradebot-care-'));
    for (const name of readdirSync(directory)) writeFileSync(join(crashed, name), readFileSync(at(name)));
    stores.close();
    backUpBooks(crashed, settings, at('kept.sqlite'));
    const { file: aside } = restoreBooks(crashed, settings, at('kept.sqlite'), CLOCK);
    expect(checkBooks(crashed, settings)).toMatchObject({ fills: 1 });
    restoreBooks(directory, settings, aside, CLOCK);
    expect(fillsThere()).toBe(1);
    rmSync(crashed, { recursive: true });
  });

  test('a running program’s books are not restored', () => {
    inBooks((stores) => trade(stores, 1));
    backUpBooks(directory, settings, at('kept.sqlite'));
    const lock = openDataDirectory(directory);
    expect(() => restoreBooks(directory, settings, at('kept.sqlite'), CLOCK)).toThrow(
      /in use by another engine/,
    );
    expect(() => rebuildTrades(directory, settings)).toThrow(/in use by another engine/);
    lock.close();
  });

  test.each([
    ['is no database', (file: string) => writeFileSync(file, 'x'.repeat(9_000)), /damaged or not a database/],
    ['is damaged', damage, /is damaged|malformed/],
    ['is not there', (file: string) => rmSync(file), /is not there/],
  ])('a backup that %s changes nothing', (_what, spoil, message) => {
    inBooks((stores) => trade(stores, 1));
    backUpBooks(directory, settings, at('kept.sqlite'));
    spoil(at('kept.sqlite'));
    expect(() => restoreBooks(directory, settings, at('kept.sqlite'), CLOCK)).toThrow(message);
    expect(fillsThere()).toBe(1);
  });

  test('another mode’s backup is refused', () => {
    inBooks((stores) => trade(stores, 1));
    openStores(directory, 'replay').close();
    backUpBooks(directory, { ...settings, mode: 'replay' }, at('kept.sqlite'));
    expect(() => restoreBooks(directory, settings, at('kept.sqlite'), CLOCK)).toThrow(/modes never share/);
    expect(fillsThere()).toBe(1);
  });

  test('a backup overwrites nothing', () => {
    inBooks((stores) => trade(stores, 1));
    writeFileSync(at('mine.txt'), 'mine');
    expect(() => backUpBooks(directory, settings, at('mine.txt'))).toThrow(/is there already/);
    expect(readFileSync(at('mine.txt'), 'utf8')).toBe('mine');
  });

  test('damaged books are refused at the start with the way out, which helps', () => {
    inBooks((stores) => {
      for (let number = 0; number < 200; number += 1) trade(stores, number);
    });
    backUpBooks(directory, settings, at('kept.sqlite'));
    damage(at('demo.sqlite'));
    expect(() => requireWhole(at('demo.sqlite'))).toThrow(/damaged.*tradebot db restore FILE/s);
    const { file: aside } = restoreBooks(directory, settings, at('kept.sqlite'), CLOCK);
    requireWhole(at('demo.sqlite'));
    expect(fillsThere()).toBe(200);
    expect(existsSync(aside)).toBe(true);
  });

  test('the trade history is made anew as it was', () => {
    inBooks((stores) => {
      trade(stores, 1);
      trade(stores, 2);
    });
    const rows = () => inBooks(({ trades }) => JSON.stringify([...trades.rows()]));
    const before = rows();
    expect(rebuildTrades(directory, settings)).toBe(1);
    expect(rows()).toBe(before);
  });

  test.skipIf(PLATFORM === 'win32')('nobody else can read a database, its log or a backup', () => {
    const mask = process.umask(0);
    try {
      const stores = openStores(directory, 'demo');
      trade(stores, 1);
      backUpBooks(directory, settings, at('kept.sqlite'));
      const files = readdirSync(directory);
      expect(files).toEqual(expect.arrayContaining(['demo.sqlite', 'demo.sqlite-wal', 'kept.sqlite']));
      for (const name of files) expect([name, statSync(at(name)).mode & 0o077]).toEqual([name, 0]);
      stores.close();
    } finally {
      process.umask(mask);
    }
  });
});
