import { readFileSync } from 'node:fs';
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

describe('a copy of the books', () => {
  test('has the orders, fills and state that were committed, while their writer holds the file', () => {
    const { file, database, ledger } = books();
    database.exec('BEGIN IMMEDIATE');
    database.prepare("INSERT INTO state (name, document) VALUES ('half', '{}')").run();
    const copy = copyOfBooks({ file, owner: 'live' });
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
    const copy = copyOfBooks({ file, owner: 'live' });
    new SqliteOrderLedger(copy).appendIntent(intentOf('b'));
    copy.close();
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('is not made of what another version wrote, of another mode, or of no database', () => {
    const { file, database } = books();
    expect(() => copyOfBooks({ file: `${file}.not`, owner: 'live' })).toThrow();
    expect(() => copyOfBooks({ file, owner: 'sandbox' })).toThrow('another mode');
    database.prepare("UPDATE migrations SET sha256 = 'x' WHERE number = 1").run();
    database.close();
    expect(() => copyOfBooks({ file, owner: 'live' })).toThrow('another version');
    const other = new Sqlite(join(folder(), 'other.sqlite'));
    other.exec('CREATE TABLE notes (text TEXT)');
    other.close();
    expect(() => copyOfBooks({ file: other.name, owner: 'live' })).toThrow('no such table');
  });
});
