import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import { SettingsSchema } from '../../contract/index.ts';
import { hasFileModes, PLATFORM } from '../../platform/index.ts';
import { tradeTotals } from '../views/trade-records.ts';
import { Backups } from './backups.ts';
import { checkBooks, restoreBooks } from './books-care.ts';
import { withStores } from './offline.ts';
import { openStores, type Stores } from './stores.ts';

const clock = { now: () => Date.UTC(2026, 0, 2, 3, 4, 5) };
const settings = SettingsSchema.parse({});

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tradebot-backups-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const backups = (): Backups => new Backups({ directory, settings, clock });

function trade(stores: Stores, number: number): void {
  for (const [side, order] of [
    ['buy', `b${number}`],
    ['sell', `s${number}`],
  ] as const) {
    stores.ledger.appendIntent(intentOf(order, { side }));
    stores.ledger.appendFill(fillOf(`t${order}`, order, { side, time: number }));
  }
}

function totals() {
  return withStores(directory, settings, ({ tradeQueries }) => [
    tradeTotals(tradeQueries, 'USDT', { by: 'symbol' }),
  ]);
}

describe('a backup that is made while the program trades', () => {
  test('keeps nobody waiting, is the trader’s alone, and restores to equal totals', async () => {
    const stores = openStores(directory, 'demo');
    trade(stores, 1);
    trade(stores, 2);
    const before = [totals(), checkBooks(directory, settings)];
    const made = await backups().make();
    // The books are open all the while, and written to.
    trade(stores, 3);
    expect(totals()).not.toEqual(before[0]);
    stores.close();
    expect(made).toEqual({ file: made.file, bytes: statSync(made.file).size });
    expect(dirname(made.file)).toBe(join(directory, 'backups'));
    expect(made.file).toMatch(/demo-2026-01-02-03-04-05\.sqlite$/);
    if (hasFileModes(PLATFORM)) {
      expect(statSync(made.file).mode & 0o777).toBe(0o600);
      expect(statSync(dirname(made.file)).mode & 0o777).toBe(0o700);
    }
    restoreBooks(directory, settings, made.file, clock);
    expect([totals(), checkBooks(directory, settings)]).toEqual(before);
  });

  test('lets writes of the program in between', async () => {
    const stores = openStores(directory, 'demo');
    trade(stores, 1);
    const making = backups().make();
    trade(stores, 2);
    await making;
    trade(stores, 3);
    expect(checkBooks(directory, settings)).toMatchObject({ damage: null, fills: 6 });
    stores.close();
  });

  test('is never written over another one', async () => {
    openStores(directory, 'demo').close();
    const first = await backups().make();
    const bytes = readFileSync(first.file);
    const second = await backups().make();
    expect(second.file).toBe(first.file.replace('.sqlite', '-2.sqlite'));
    expect(readFileSync(first.file)).toEqual(bytes);
  });

  test('is made once at a time', async () => {
    openStores(directory, 'demo').close();
    const made = backups();
    const first = made.make();
    await expect(made.make()).rejects.toThrow('a backup is being made: wait for its end');
    await first;
    await made.make();
    expect(readdirSync(join(directory, 'backups'))).toHaveLength(2);
  });

  test.each<readonly [string, () => void, RegExp]>([
    [
      'the books are no database',
      () => writeFileSync(join(directory, 'demo.sqlite'), 'x'.repeat(9_000)),
      /^.*demo\.sqlite is damaged or not a database: .*$/,
    ],
    [
      'there are no books',
      () => rmSync(join(directory, 'demo.sqlite')),
      /^there are no demo books in .* yet$/,
    ],
    [
      'its folder cannot be made',
      () => writeFileSync(join(directory, 'backups'), ''),
      /^.*backups cannot be used \(EEXIST\): check the disk$/,
    ],
  ])('is not made where %s, in one line, and leaves nothing behind', async (_what, spoil, line) => {
    openStores(directory, 'demo').close();
    spoil();
    await expect(backups().make()).rejects.toThrow(line);
    const left = readdirSync(directory, { recursive: true }).map(String);
    expect(left.filter((name) => /backups.+/.test(name))).toEqual([]);
  });
});
