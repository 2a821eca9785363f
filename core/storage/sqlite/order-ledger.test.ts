import type { Database } from 'better-sqlite3';
import Sqlite from 'better-sqlite3';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import { orderLedgerContract } from '../../../tests/contracts/order-ledger-contract.ts';
import { ORDER_STATUSES } from '../../contract/index.ts';
import {
  type AccountEvent,
  accountEventId,
  assetAmount,
  clientOrderId,
  type Fill,
  IllegalTransitionError,
  LedgerError,
  notional,
  quoteAmount,
  sum,
  text,
  ZERO_BASE,
  ZERO_QUOTE,
} from '../../domain/index.ts';
import { storeOverRestarts, temporaryDatabases } from '../testing/temporary-databases.ts';
import { SqliteOrderLedger } from './order-ledger.ts';

const contractLedgers = storeOverRestarts((database) => new SqliteOrderLedger(database));
// The contract's ledgers are all made here.
orderLedgerContract('SQLite', contractLedgers.make, (ledger) =>
  contractLedgers.reopen(ledger as SqliteOrderLedger),
);

const { open } = temporaryDatabases();
const id = clientOrderId('a');

const OPENING: AccountEvent = {
  id: accountEventId('opening'),
  kind: 'opening',
  asset: 'USDT',
  amount: assetAmount(1),
  quoteValue: quoteAmount(1),
  symbol: null,
  tradeId: null,
  time: 1,
  note: '',
};

/** A ledger with one order that is open and has one fill. */
function ledgerWithFill(): { ledger: SqliteOrderLedger; database: Database } {
  const database = open();
  const ledger = new SqliteOrderLedger(database);
  ledger.appendIntent(intentOf('a'));
  ledger.appendEvent({ clientOrderId: id, status: 'SENT', at: 1 });
  ledger.appendFill(fillOf('t1', 'a'));
  ledger.appendAccountEvent(OPENING);
  return { ledger, database };
}

/** Number of rows in each table of the ledger. */
function rows(database: Database): unknown {
  return database
    .prepare(
      `SELECT (SELECT count(*) FROM order_intents) AS intents, (SELECT count(*) FROM order_events) AS events,
        (SELECT count(*) FROM fills) AS fills, (SELECT count(*) FROM account_events) AS account,
        (SELECT count(*) FROM orders) AS orders`,
    )
    .get();
}

describe('SqliteOrderLedger', () => {
  test.each(['order_intents', 'order_events', 'fills', 'account_events'])(
    'no row of %s is ever changed, replaced or removed',
    (table) => {
      const { database } = ledgerWithFill();
      const before = rows(database);
      const column = { order_events: 'reason', account_events: 'note' }[table] ?? 'symbol';
      for (const sql of [
        `UPDATE ${table} SET ${column} = 'x'`,
        `DELETE FROM ${table}`,
        `INSERT OR REPLACE INTO ${table} SELECT * FROM ${table}`,
      ]) {
        expect(() => database.exec(sql), sql).toThrow(`${table} is append-only`);
      }
      expect(rows(database)).toEqual(before);
    },
  );

  test('#7 while another program keeps the database locked nothing is written, and the intent fails before it is sent', () => {
    const { ledger, database } = ledgerWithFill();
    database.pragma('busy_timeout = 0');
    const before = rows(database);
    const other = new Sqlite(database.name);
    other.exec('BEGIN IMMEDIATE');
    expect(() => ledger.appendIntent(intentOf('b'))).toThrow(
      new LedgerError(
        'the order ledger cannot be written: another program keeps it locked (database is locked)',
      ),
    );
    expect(() => ledger.appendEvent({ clientOrderId: id, status: 'OPEN', at: 2 })).toThrow(LedgerError);
    expect(() => ledger.appendFill(fillOf('t2', 'a'))).toThrow(LedgerError);
    expect(() => ledger.appendAccountEvent({ ...OPENING, id: accountEventId('b') })).toThrow(LedgerError);
    expect(rows(database)).toEqual(before);
    other.close();
    ledger.appendIntent(intentOf('b'));
    expect(ledger.order(clientOrderId('b'))?.status).toBe('INTENT');
  });

  test('a write to a database that is closed, read-only or full is a LedgerError', () => {
    const { ledger, database } = ledgerWithFill();
    database.pragma('query_only = ON');
    expect(() => ledger.appendIntent(intentOf('b'))).toThrow(LedgerError);
    database.pragma('query_only = OFF');
    database.pragma(`max_page_count = ${database.pragma('page_count', { simple: true })}`);
    const reason = 'x'.repeat(100_000);
    expect(() => ledger.appendEvent({ clientOrderId: id, status: 'UNKNOWN', at: 2, reason })).toThrow(/full/);
    expect(ledger.order(id)?.status).toBe('SENT');
    database.close();
    expect(() => ledger.appendEvent({ clientOrderId: id, status: 'OPEN', at: 2 })).toThrow(LedgerError);
  });

  test('a fill that breaks a rule of the table is an error, not a fill known already', () => {
    const { ledger, database } = ledgerWithFill();
    const before = rows(database);
    // What a connector with a bug might report.
    const broken = { ...fillOf('t2', 'a'), liquidity: 'both' } as unknown as Fill;
    expect(() => ledger.appendFill(broken)).toThrow(LedgerError);
    expect(rows(database)).toEqual(before);
  });

  test('fills come in order over as many pages as there are', () => {
    const { ledger, database } = ledgerWithFill();
    const trades = Array.from({ length: 2_100 }, (_, index) => `t${index + 1}`);
    database.transaction(() => {
      for (const trade of trades.slice(1)) ledger.appendFill(fillOf(trade, 'a'));
    })();
    expect(Array.from(ledger.fills(), (fill) => fill.tradeId)).toEqual(trades);
  });

  test('an event and its effect on the order are written together or not at all', () => {
    const { ledger, database } = ledgerWithFill();
    const before = rows(database);
    database.exec("CREATE TRIGGER fault BEFORE UPDATE ON orders BEGIN SELECT RAISE(ABORT, 'fault'); END");
    expect(() => ledger.appendEvent({ clientOrderId: id, status: 'OPEN', at: 2 })).toThrow(LedgerError);
    expect(() => ledger.appendFill(fillOf('t2', 'a'))).toThrow(LedgerError);
    expect(rows(database)).toEqual(before);
  });

  test('whatever is reported, the state of the orders is what intents, events and fills add up to', () => {
    const report = fc.oneof(
      fc.record({ kind: fc.constant('event'), status: fc.constantFrom(...ORDER_STATUSES) }),
      fc.record({ kind: fc.constant('fill'), trade: fc.integer({ min: 0, max: 4 }) }),
    );
    fc.assert(
      fc.property(fc.array(report, { maxLength: 25 }), (reports) => {
        const database = open();
        const ledger = new SqliteOrderLedger(database);
        ledger.appendIntent(intentOf('a'));
        for (const [at, next] of reports.entries()) {
          if ('trade' in next)
            ledger.appendFill(fillOf(`t${next.trade}`, 'a', { amount: '0.1', price: '0.3' }));
          else attempt(() => ledger.appendEvent({ clientOrderId: id, status: next.status, at }));
        }
        const order = ledger.order(id);
        const fills = [...ledger.fills()];
        const lastStatus = database
          .prepare('SELECT status FROM order_events ORDER BY sequence DESC LIMIT 1')
          .pluck()
          .get();
        expect(order?.status).toBe(lastStatus ?? 'INTENT');
        expect(order && text(order.filledAmount)).toBe(
          text(
            sum(
              ZERO_BASE,
              fills.map(({ amount }) => amount),
            ),
          ),
        );
        const notionals = fills.map((fill) => notional(fill.price, fill.amount));
        expect(order && text(order.filledNotional)).toBe(text(sum(ZERO_QUOTE, notionals)));
      }),
      { numRuns: 20 },
    );
  });
});

/** Makes a report that the order's state may forbid. */
function attempt(report: () => void): void {
  try {
    report();
  } catch (error) {
    if (!(error instanceof IllegalTransitionError)) throw error;
  }
}
