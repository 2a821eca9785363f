import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import { clientOrderId, text } from '../../domain/index.ts';
import { temporaryDatabases } from '../testing/temporary-databases.ts';
import { openDatabase } from './database.ts';
import { SqliteEquityStore } from './equity-store.ts';
import { migrationsFolder } from './migrations.ts';
import { SqliteOrderLedger } from './order-ledger.ts';
import { SqliteOutbox } from './outbox.ts';
import { SqliteVenueStore } from './venue-store.ts';

const { folder, open } = temporaryDatabases();

/** A database as the migrations before a number made it, with what the program of that time wrote. */
function versionBefore(number: string, write: (database: Database) => void): string {
  const older = join(folder(), 'sqlite');
  cpSync(migrationsFolder(), older, { recursive: true });
  for (const name of readdirSync(older)) if (name >= number) rmSync(join(older, name));
  const file = join(folder(), 'demo.sqlite');
  const database = openDatabase({ file, owner: 'demo', migrationsFolder: older });
  write(database);
  database.close();
  return file;
}

const firstVersion = (write: (database: Database) => void): string => versionBefore('0007', write);

test('what a server has not been told of the trade history is told in the same versions', () => {
  const database = open(
    versionBefore('0012', (old) =>
      old.exec(`
        INSERT INTO trade_history (timestamp, trade_id, symbol, side, amount, entry_price, realized_pnl, pnl_pct, fees, closed)
          VALUES (7, 'a', 'BTC/USDT', 'buy', '1', '100', '0', '0', '0', 0), (8, 'b', 'BTC/USDT', 'buy', '1', '100', '0', '0', '0', 0);
        DELETE FROM outbox; UPDATE trade_history SET fees = '1' WHERE trade_id = 'b'`),
    ),
  );
  const outbox = new SqliteOutbox(database);
  const limits = { rows: 9, characters: 9 };
  expect(outbox.next('trade', { after: 0, upTo: 1e9 }, limits)).toMatchObject([
    { version: 3, time: 8, name: 'b' },
  ]);
  database.exec("UPDATE trade_history SET fees = '2' WHERE trade_id = 'a'");
  expect(outbox.next('trade', { after: 3, upTo: 1e9 }, limits)).toMatchObject([
    { version: 4, time: 7, name: 'a' },
  ]);
});

const LEDGER = `
  INSERT INTO order_intents VALUES
    ('a', 'BTC/USDT', 'buy', 'market', 'entry', '1', NULL, NULL, 0, 'd1', 5),
    ('s', 'BTC/USDT', 'sell', 'stop', 'protection', '0.7', NULL, '95', 1, NULL, 6);
  INSERT INTO order_events VALUES (1, 'a', 'SENT', NULL, NULL, 6), (2, 'a', 'FILLED', 'v1', NULL, 7);
  INSERT INTO orders VALUES
    (1, 'a', 'BTC/USDT', 'FILLED', 'v1', '1', '100', NULL, 5, 7),
    (2, 's', 'BTC/USDT', 'INTENT', NULL, '0', '0', NULL, 6, 6);
  INSERT INTO fills VALUES
    (1, 't1', 'a', 'BTC/USDT', 'buy', 'entry', '100', '0.7', 'USDT', '0.07', '0.07', 'taker', 7),
    (2, 't2', 'a', 'BTC/USDT', 'buy', 'entry', '100', '0.3', 'BTC', '0.0003', '0.03', 'maker', 8);
  INSERT INTO equity VALUES (9, '10000.5');`;

describe('a database of the first version', () => {
  test('keeps its orders, fills and equity, and takes what they lacked', () => {
    const database = open(firstVersion((old) => old.exec(LEDGER)));
    const ledger = new SqliteOrderLedger(database);

    expect(ledger.order(clientOrderId('a'))).toMatchObject({ status: 'FILLED', expiresAt: null });
    expect(ledger.unfinishedOrders().map((order) => order.clientOrderId)).toEqual(['s']);
    const fills = [...ledger.fills()];
    expect(
      fills.map(({ tradeId, clientOrderId: order, venueOrderId }) => [tradeId, order, venueOrderId]),
    ).toEqual([
      ['t1', 'a', null],
      ['t2', 'a', null],
    ]);
    expect(fills.map(({ amount, fee }) => [text(amount), fee?.asset, fee && text(fee.amount)])).toEqual([
      ['0.7', 'USDT', '0.07'],
      ['0.3', 'BTC', '0.0003'],
    ]);
    expect([...ledger.accountEvents()]).toEqual([]);
    expect(new SqliteEquityStore(database).recent(9)).toEqual([
      { time: 9, equity: '10000.5', capital: null, marks: null },
    ]);

    ledger.appendIntent(intentOf('b', { expiresAt: 99 }));
    expect(ledger.appendFill(fillOf('t2', 'a'))).toBe(false);
    expect(ledger.appendFill(fillOf('t3', null, { purpose: 'external', fee: null }))).toBe(true);
    expect(database.prepare('SELECT sequence FROM fills').pluck().all()).toEqual([1, 2, 3]);
  });

  test('stays append-only, whole and quick to search', () => {
    const database = open(firstVersion((old) => old.exec(LEDGER)));
    for (const sql of ["UPDATE fills SET symbol = 'x'", 'DELETE FROM fills']) {
      expect(() => database.exec(sql), sql).toThrow('fills is append-only');
    }
    expect(database.pragma('foreign_key_check')).toEqual([]);
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    const indexes = database.prepare("SELECT name FROM pragma_index_list('fills')").pluck().all();
    expect(indexes).toContain('fills_by_time');
    const orphan = fillOf('t9', 'nobody');
    expect(() => new SqliteOrderLedger(database).appendFill(orphan)).toThrow('not in the ledger');
  });

  test('keeps what the simulated venue remembers', () => {
    const order = `{"clientOrderId":"s","symbol":"BTC/USDT","side":"sell","type":"stop","amount":"0.7","limitPrice":null,
      "stopPrice":"95","reduceOnly":true,"venueOrderId":"sim-o2","filledAmount":"0","status":"OPEN","reason":null,
      "updatedAt":6}`;
    const fill = `{"tradeId":"sim-t1","clientOrderId":"a","symbol":"BTC/USDT","side":"buy","price":"100","amount":"1",
      "fee":{"asset":"USDT","amount":"0.1","quoteValue":"0.1"},"liquidity":"taker","time":7}`;
    const database = open(
      firstVersion((old) => {
        old.prepare('INSERT INTO venue_orders VALUES (4, ?, ?)').run('s', order);
        old.prepare('INSERT INTO venue_fills VALUES (1, ?, ?)').run('sim-t1', fill);
        old.exec("INSERT INTO venue_balances VALUES ('USDT', '9899.9')");
      }),
    );
    const store = new SqliteVenueStore(database);
    const before = store.load();
    expect(before.orders).toMatchObject([
      { venueOrderId: 'sim-o2', clientOrderId: 's', parentVenueOrderId: null, status: 'OPEN' },
    ]);
    expect(before).toMatchObject({
      orderCount: 1,
      fillCounts: new Map([['BTC/USDT', 1]]),
      positions: new Map(),
    });
    expect(store.fills('BTC/USDT', 0, 9)).toMatchObject([
      { tradeId: 'sim-t1', venueOrderId: null, clientOrderId: 'a' },
    ]);
    expect(before.balances.get('USDT')?.toFixed()).toBe('9899.9');

    const [stop] = before.orders;
    if (stop === undefined) throw new TypeError('the stop is lost');
    const ended = { ...stop, status: 'CANCELED' as const };
    store.save({ orders: [ended], fills: [], balances: new Map(), appliedUntil: new Map() });
    expect(store.load().orders).toEqual([]);
    expect(store.order({ venueOrderId: stop.venueOrderId })).toEqual(ended);
  });
});
