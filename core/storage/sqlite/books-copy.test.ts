import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import { temporaryDatabases } from '../testing/temporary-databases.ts';
import { copyOfBooks } from './books-copy.ts';
import { openDatabase } from './database.ts';
import { SqliteOrderLedger } from './order-ledger.ts';
import { SqliteStateStore } from './state-store.ts';

const { folder } = temporaryDatabases();

function books() {
  const file = join(folder(), 'live.sqlite');
  const database = openDatabase({ file, owner: 'live' });
  const ledger = new SqliteOrderLedger(database);
  ledger.appendIntent(intentOf('a'));
  ledger.appendEvent({ clientOrderId: intentOf('a').clientOrderId, status: 'SENT', at: 1 });
  ledger.appendFill(fillOf('t1', 'a'));
  new SqliteStateStore(database).write('fill-marks', { version: 1 });
  return { file, database, ledger };
}

describe.each([
  ['as one', Number.POSITIVE_INFINITY],
  ['by rows', 0],
])('a copy of the books, %s', (_how, asOneUpTo) => {
  test('has the orders, fills and state that were committed, while their writer holds the file', () => {
    const { file, database, ledger } = books();
    database.exec('BEGIN IMMEDIATE');
    database.prepare("INSERT INTO state (name, document) VALUES ('half', '{}')").run();
    const copy = copyOfBooks({ file, owner: 'live', asOneUpTo });
    const copied = new SqliteOrderLedger(copy);
    expect([...copied.fills()]).toEqual([...ledger.fills()]);
    expect(copied.unfinishedOrders()).toEqual(ledger.unfinishedOrders());
    expect(new SqliteStateStore(copy).read('fill-marks')).toEqual({ version: 1 });
    expect(new SqliteStateStore(copy).read('half')).toBeUndefined();
    copy.close();
    database.close();
  });

  test('is gone on with, and the file stays as it is', () => {
    const { file, database } = books();
    database.close();
    const before = readFileSync(file);
    const copy = copyOfBooks({ file, owner: 'live', asOneUpTo });
    new SqliteOrderLedger(copy).appendIntent(intentOf('b'));
    copy.close();
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('is not made of books that are damaged where it matters', () => {
    const { file, database, ledger } = books();
    for (let number = 2; number < 200; number += 1) ledger.appendFill(fillOf(`t${number}`, 'a'));
    const root = Number(
      database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'fills'").pluck().get(),
    );
    database.close();
    const bytes = readFileSync(file);
    bytes.fill(0xa5, (root - 1) * 4_096, root * 4_096);
    writeFileSync(file, bytes);
    expect(() => copyOfBooks({ file, owner: 'live', asOneUpTo })).toThrow(/damaged|malformed/);
  });

  test('is not made of what another version wrote, of another mode, or of no database', () => {
    const { file, database } = books();
    expect(() => copyOfBooks({ file: `${file}.not`, owner: 'live', asOneUpTo })).toThrow();
    expect(() => copyOfBooks({ file, owner: 'sandbox', asOneUpTo })).toThrow('another mode');
    database.prepare("UPDATE migrations SET sha256 = 'x' WHERE number = 1").run();
    database.close();
    expect(() => copyOfBooks({ file, owner: 'live', asOneUpTo })).toThrow('another version');
    const other = new Sqlite(join(folder(), 'other.sqlite'));
    other.exec('CREATE TABLE notes (text TEXT)');
    other.close();
    expect(() => copyOfBooks({ file: other.name, owner: 'live', asOneUpTo })).toThrow('no such table');
  });
});
