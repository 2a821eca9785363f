import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite, { type Database } from 'better-sqlite3';
import { afterEach, describe, expect, test } from 'vitest';
import { statementsOf } from '../testing/statements.ts';
import { temporaryDatabases } from '../testing/temporary-databases.ts';
import { damageOf } from './copy.ts';
import { openDatabase } from './database.ts';
import { migrationsFolder, readMigrations } from './migrations.ts';
import { SqliteOrderLedger } from './order-ledger.ts';

const { folder } = temporaryDatabases();
const DIES = fileURLToPath(new URL('../testing/dies-migrating.ts', import.meta.url));
/** Of the version that knows no account events. */
const OLD = '0007';
const LEDGER = `
  INSERT INTO order_intents VALUES ('a', 'BTC/USDT', 'buy', 'market', 'entry', '1', NULL, NULL, 0, 'd1', 5),
    ('b', 'BTC/USDT', 'sell', 'market', 'exit', '1', NULL, NULL, 0, NULL, 8);
  INSERT INTO orders VALUES (1, 'a', 'BTC/USDT', 'FILLED', 'v1', '1', '100', NULL, 5, 7),
    (2, 'b', 'BTC/USDT', 'FILLED', 'v2', '1', '110', NULL, 8, 9);
  INSERT INTO fills VALUES (1, 't1', 'a', 'BTC/USDT', 'buy', 'entry', '100', '1', 'USDT', '0.1', '0.1', 'taker', 7),
    (2, 't2', 'b', 'BTC/USDT', 'sell', 'exit', '110', '1', 'USDT', '0.1', '0.1', 'taker', 9);
  INSERT INTO equity VALUES (9, '10000.5');`;

const exec = Sqlite.prototype.exec;
afterEach(() => {
  Sqlite.prototype.exec = exec;
});

/** Books as an old version left them, in a folder of their own. */
function oldBooks(): string {
  const older = join(folder(), 'sqlite');
  cpSync(migrationsFolder(), older, { recursive: true });
  for (const name of readdirSync(older)) if (name >= OLD) rmSync(join(older, name));
  const file = join(folder(), 'demo.sqlite');
  const database = openDatabase({ file, owner: 'demo', migrationsFolder: older });
  database.exec(LEDGER);
  database.close();
  return file;
}

/** What is there once a program has opened it that nobody kills. */
function outcome(file: string): object {
  const database = openDatabase({ file, owner: 'demo' });
  try {
    const ledger = new SqliteOrderLedger(database);
    ledger.trades.rebuild();
    return {
      damage: damageOf(database),
      applied: database.prepare('SELECT count(*) FROM migrations').pluck().get(),
      fills: Array.from(ledger.fills(), ({ tradeId, price, amount }) => `${tradeId} ${amount}@${price}`),
      orders: ledger
        .recentOrders({ limit: 9 })
        .map(({ clientOrderId, status }) => `${clientOrderId} ${status}`),
      trades: Array.from(ledger.trades.rows(), (row) => `${row.trade_id} ${row.realized_pnl}`),
      equity: database.prepare('SELECT time, equity FROM equity').all(),
    };
  } finally {
    database.close();
  }
}

const WHOLE = {
  damage: null,
  applied: readMigrations(migrationsFolder()).length,
  fills: ['t1 1@100', 't2 1@110'],
  orders: ['b FILLED', 'a FILLED'],
  trades: ['BTC/USDT t1 buy 9.8'],
  equity: [{ time: 9, equity: '10000.5' }],
};

/** How many statements bring old books to the newest version. */
const STATEMENTS = readMigrations(migrationsFolder())
  .filter(({ name }) => name >= OLD)
  .flatMap(({ sql }) => statementsOf(sql)).length;

describe('books that are brought to a newer version', () => {
  test('are whole, whichever statement the program dies before', () => {
    const file = oldBooks();
    const images = folder();
    let taken = 0;
    // What a killed process leaves is what is in its files at that moment.
    const image = (database: Database): void => {
      const place = join(images, `${taken}`);
      mkdirSync(place);
      for (const name of readdirSync(dirname(database.name))) {
        if (!name.endsWith('-shm')) copyFileSync(join(dirname(database.name), name), join(place, name));
      }
      taken += 1;
    };
    Sqlite.prototype.exec = function slowly(this: Database, sql: string) {
      for (const statement of statementsOf(sql)) {
        if (basename(this.name) === 'demo.sqlite') image(this);
        exec.call(this, statement);
      }
      return this;
    };
    openDatabase({ file, owner: 'demo' }).close();
    Sqlite.prototype.exec = exec;
    expect(taken).toBe(STATEMENTS);
    const found = Array.from({ length: taken }, (_, at) => outcome(join(images, `${at}`, 'demo.sqlite')));
    expect(found).toEqual(found.map(() => WHOLE));
  }, 120_000);

  test.each([0, 0.3, 0.6, 0.99])('are whole after a SIGKILL (at %f of the way)', (share) => {
    const file = oldBooks();
    const { signal, stderr } = spawnSync(
      process.execPath,
      [DIES, file, `${Math.floor(share * STATEMENTS)}`],
      {
        encoding: 'utf8',
      },
    );
    expect([signal, stderr]).toEqual(['SIGKILL', '']);
    expect(readdirSync(dirname(file)).some((name) => name.includes('.before-'))).toBe(true);
    expect(outcome(file)).toEqual(WHOLE);
    expect(existsSync(`${file}.unfinished`)).toBe(false);
  });
});
