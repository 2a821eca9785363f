import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { orderLedgerContract } from '../../tests/contracts/order-ledger-contract.ts';
import { LedgerError } from '../domain/index.ts';
import { intentOf } from '../../tests/contracts/builders.ts';
import { openDatabase } from './database.ts';
import { SqliteOrderLedger } from './sqlite-order-ledger.ts';

const open: { database: Database; file: string; folder: string }[] = [];

function makeLedger(): SqliteOrderLedger {
  const folder = mkdtempSync(join(tmpdir(), 'tradebot-ledger-'));
  return openLedger(join(folder, 'demo.sqlite'), folder);
}

function openLedger(file: string, folder: string): SqliteOrderLedger {
  const database = openDatabase({ file, owner: 'demo' });
  open.push({ database, file, folder });
  return new SqliteOrderLedger(database);
}

function newest(): { database: Database; file: string; folder: string } {
  const last = open.at(-1);
  if (last === undefined) throw new Error('no database is open');
  return last;
}

afterEach(() => {
  for (const { database } of open) database.close();
  for (const { folder } of open.splice(0)) rmSync(folder, { recursive: true, force: true });
});

orderLedgerContract('SQLite', makeLedger, () => {
  const { database, file, folder } = newest();
  database.close();
  return openLedger(file, folder);
});

describe('SqliteOrderLedger', () => {
  it('reports a ledger that cannot be written as LedgerError', () => {
    const ledger = makeLedger();
    newest().database.pragma('query_only = ON');
    expect(() => ledger.appendIntent(intentOf('a'))).toThrow(LedgerError);
  });

  it('never lets an intent, event or fill be changed or removed', () => {
    const ledger = makeLedger();
    ledger.appendIntent(intentOf('a'));
    const { database } = newest();
    expect(() => database.exec("UPDATE order_intents SET amount = '2'")).toThrow('append-only');
    expect(() => database.exec('DELETE FROM order_intents')).toThrow('append-only');
  });
});
