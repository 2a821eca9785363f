import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { afterEach, describe, expect, test } from 'vitest';
import { alertRecord } from '../../../tests/contracts/alert-store-contract.ts';
import { candleOf, intentOf } from '../../../tests/contracts/builders.ts';
import { decisionOf } from '../../../tests/contracts/decision-store-contract.ts';
import { callOf } from '../../../tests/contracts/llm-store-contract.ts';
import { assetAmount, LedgerError } from '../../domain/index.ts';
import { runAndKill } from '../../storage/testing/killed-process.ts';
import { openRivalStores } from '../arena/rival-stores.ts';
import { openLlmStores } from './llm-stores.ts';
import { openStores, type Stores } from './stores.ts';

const BAR_WRITER = fileURLToPath(new URL('testing/bar-writer.ts', import.meta.url));

const folders: string[] = [];
const opened: { close(): void }[] = [];

afterEach(() => {
  for (const each of opened.splice(0)) each.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function directory(): string {
  const made = mkdtempSync(join(tmpdir(), 'tradebot-stores-'));
  folders.push(made);
  return made;
}

function kept<T extends { close(): void }>(resource: T): T {
  opened.push(resource);
  return resource;
}

/** Another program that keeps a database locked until it is closed. */
function lock(folder: string, name: string): { close(): void } {
  const other = kept(new Sqlite(join(folder, name)));
  other.exec('BEGIN IMMEDIATE');
  return other;
}

function writeAll(stores: Stores): void {
  stores.state.write('a', 1);
  stores.together(() => {
    stores.decisions.append(decisionOf('d'));
    stores.equity.append({ time: 1, equity: '1', capital: '1' });
  });
  stores.alerts.append(alertRecord('a'));
  stores.history.append('BTC/USDT', '1h', [candleOf(0, [1, 2, 1, 2])]);
  stores.venue.save({
    orders: [],
    fills: [],
    balances: new Map([['USDT', assetAmount(7)]]),
    appliedUntil: new Map(),
  });
}

/** Everything that `writeAll` wrote, as it is found again. */
function found(stores: Stores): unknown {
  return [
    stores.state.read('a'),
    stores.decisions.list({ limit: 9 }).length,
    stores.equity.recent(9).length,
    stores.alerts.recent(9).length,
    stores.history.candles('BTC/USDT', '1h', {}).length,
    stores.venue.load().balances.get('USDT')?.toFixed(),
  ];
}

const ALL = [1, 1, 1, 1, 1, '7'];

describe('what is written with an order', () => {
  test('is told while it waits behind others, though the order itself is written', () => {
    const folder = directory();
    const stores = kept(openStores(folder, 'paper'));
    const other = lock(folder, 'paper.sqlite');
    stores.state.write('a', 1);
    other.close();
    stores.state.write('theses', ['of b'], 'with-the-next');
    stores.ledger.appendIntent(intentOf('b'), {
      clientOrderId: intentOf('b').clientOrderId,
      status: 'SENT',
      at: 1,
    });
    expect(kept(openStores(folder, 'paper')).state.read('theses')).toBeUndefined();
    expect(stores.unwritten()).toContain('another program keeps it locked');
    stores.retry();
    expect(stores.unwritten()).toBeNull();
    expect(kept(openStores(folder, 'paper')).state.read('theses')).toEqual(['of b']);
  });
});

test('a document that waits for the next write is as it was then, also when the database fails it', () => {
  const folder = directory();
  const stores = kept(openStores(folder, 'paper'));
  const list = [1];
  stores.state.write('list', list, 'with-the-next');
  list.push(2);
  const other = lock(folder, 'paper.sqlite');
  stores.retry();
  expect(stores.state.read('list')).toEqual([1]);
  other.close();
  stores.retry();
  expect(stores.state.read('list')).toEqual([1]);
});

describe('the stores of a mode', () => {
  test('take everything and have no fault', () => {
    const stores = kept(openStores(directory(), 'paper'));
    writeAll(stores);
    stores.retry();
    expect([found(stores), stores.faults()]).toEqual([ALL, []]);
  });

  test('that another program keeps locked throw at nobody but the ledger’s writer, and lose nothing', () => {
    const folder = directory();
    const stores = kept(openStores(folder, 'paper'));
    const others = ['paper.sqlite', 'history.sqlite'].map((name) => lock(folder, name));
    writeAll(stores);
    expect(() => stores.ledger.appendIntent(intentOf('o'))).toThrow(LedgerError);
    expect(stores.faults()).toEqual([
      'paper.sqlite cannot be written, another program keeps it locked: changes kept in memory and tried again: 4',
      'the simulated venue’s part of paper.sqlite cannot be written, another program keeps it locked: changes kept in memory and tried again: 1',
      'history.sqlite cannot be written, another program keeps it locked: changes kept in memory and tried again: 1',
    ]);
    expect(stores.state.read('a')).toBe(1);
    expect(stores.decisions.get('d')).toBeDefined();
    stores.retry();
    expect(stores.faults()).toHaveLength(3);
    for (const other of others) other.close();
    stores.retry();
    expect([found(stores), stores.faults()]).toEqual([ALL, []]);
  });

  test('write at the end what had to wait', () => {
    const folder = directory();
    const stores = kept(openStores(folder, 'paper'));
    const others = ['paper.sqlite', 'history.sqlite'].map((name) => lock(folder, name));
    writeAll(stores);
    for (const other of others) other.close();
    stores.close();
    expect(found(kept(openStores(folder, 'paper')))).toEqual(ALL);
  });

  test('of the demo have one database, and one fault', () => {
    const folder = directory();
    const stores = kept(openStores(folder, 'demo'));
    const other = lock(folder, 'demo.sqlite');
    writeAll(stores);
    expect(stores.faults()).toHaveLength(2);
    other.close();
    stores.close();
    expect(found(kept(openStores(folder, 'demo')))).toEqual(ALL);
  });

  test('are all given back when one of them cannot be opened', () => {
    const folder = directory();
    writeFileSync(join(folder, 'history.sqlite'), 'no database '.repeat(500));
    expect(() => openStores(folder, 'paper')).toThrow('history.sqlite is damaged or not a database');
    rmSync(join(folder, 'paper.sqlite'));
    expect(() => kept(openStores(folder, 'demo'))).not.toThrow();
  });
});

describe('a crash between a decision and its equity point', () => {
  test('leaves neither: the bar is decided on again, and no point is missing', async () => {
    const folder = directory();
    const { lines } = await runAndKill(BAR_WRITER, [folder, '3'], 4);
    expect(lines.at(-1)).toBe('half 3');
    const stores = kept(openStores(folder, 'demo'));
    const decided = stores.decisions.list({ limit: 99 }).map(({ barOpenTime }) => barOpenTime);
    expect(decided).toEqual([2, 1, 0]);
    expect(stores.equity.recent(99).map(({ time }) => time)).toEqual([0, 1, 2]);
  });
});

describe('other databases', () => {
  test('of a rival wait as the account’s do', () => {
    const folder = directory();
    const stores = kept(openRivalStores(folder, 'arena-one'));
    const other = lock(folder, 'arena-one.sqlite');
    stores.state.write('a', 1);
    expect(stores.faults()).toHaveLength(1);
    other.close();
    stores.retry();
    expect([stores.faults(), stores.state.read('a')]).toEqual([[], 1]);
  });

  test('of the language models wait too, and are written at the end', () => {
    const folder = directory();
    const stores = kept(openLlmStores(folder));
    const other = lock(folder, 'llm.sqlite');
    stores.calls.put(callOf());
    stores.retry();
    expect(stores.faults()).toEqual([
      'llm.sqlite cannot be written, another program keeps it locked: changes kept in memory and tried again: 1',
    ]);
    expect(stores.spending.reserve('2025-01-01', 1, 9)).toBe(false);
    other.close();
    stores.close();
    expect(kept(openLlmStores(folder)).calls.get(callOf().key)).toEqual(callOf());
  });
});
