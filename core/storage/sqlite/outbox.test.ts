import { describe, expect, test } from 'vitest';
import { candleOf } from '../../../tests/contracts/builders.ts';
import { temporaryDatabases } from '../testing/temporary-databases.ts';
import { SqliteEquityStore } from './equity-store.ts';
import { SqliteHistoryStore } from './history-store.ts';
import { SqliteOutbox } from './outbox.ts';

const { open } = temporaryDatabases();
const CORNERS = [1, 2, 1, 2] as const;
const LIMITS = { rows: 1_000, characters: 1_000_000 };

function trades(database: ReturnType<typeof open>, count: number, signals = '{}'): void {
  database
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
        INSERT INTO trade_history (timestamp, trade_id, symbol, side, amount, entry_price, realized_pnl, pnl_pct, fees,
          closed, signals) SELECT i, 't' || i, 'BTC/USDT', 'buy', '1', '100', '0', '0', '0', 0, ? FROM n`,
    )
    .run(count, signals);
}

function met(database: ReturnType<typeof open>): SqliteOutbox {
  const outbox = new SqliteOutbox(database);
  outbox.meet({ server: 's', newest: 0, turn: 't', isStrange: true });
  return outbox;
}

describe('what is read at a time', () => {
  test('is one row where that is large, whatever the rows are', () => {
    const database = open();
    const outbox = new SqliteOutbox(database);
    trades(database, 4, JSON.stringify('x'.repeat(10_000_000)));
    expect(outbox.next('trade', { after: 0, upTo: 1e9 }, LIMITS)).toHaveLength(1);
    outbox.meet({ server: 's', newest: 0, turn: 't', isStrange: true });
    const { entries, cursor } = outbox.refill('trade', { version: 9, cursor: '[]' }, LIMITS);
    expect(entries).toHaveLength(1);
    expect(outbox.refill('trade', { version: 9, cursor: String(cursor) }, LIMITS).entries).toMatchObject([
      { time: 2, name: 't2' },
    ]);
  });
});

describe('a server that has to be told everything', () => {
  test('is told from the tables, and nothing is written for each row', () => {
    const database = open();
    trades(database, 2_500);
    const outbox = met(database);
    expect(database.prepare('SELECT count(*) FROM outbox').pluck().get()).toBe(0);
    expect(outbox.backlog).toBe(2_500);
    let refill = outbox.refills().get('trade');
    const names: string[] = [];
    while (refill !== undefined) {
      const { entries, cursor } = outbox.refill('trade', refill, LIMITS);
      names.push(...entries.map(({ name }) => name));
      outbox.refilled('trade', refill.version, cursor, entries.length);
      refill = outbox.refills().get('trade');
    }
    expect(names).toEqual(Array.from({ length: 2_500 }, (_each, index) => `t${index + 1}`));
    expect(outbox.backlog).toBe(0);
  });

  test('has later changes in newer versions, and what was noted of an earlier time changes nothing', () => {
    const database = open();
    trades(database, 3);
    const outbox = met(database);
    const before = outbox.refills().get('trade');
    outbox.meet({ server: 'another', newest: 0, turn: 't', isStrange: false });
    outbox.refilled('trade', before?.version ?? 0, null, 3);
    const refill = outbox.refills().get('trade');
    expect(refill).toMatchObject({ cursor: '[]' });
    database.exec("UPDATE trade_history SET fees = '1' WHERE trade_id = 't2'");
    const [changed] = outbox.next('trade', { after: 0, upTo: 1e9 }, LIMITS);
    expect(changed?.version).toBeGreaterThan(refill?.version ?? Number.POSITIVE_INFINITY);
  });
});

describe('candles and points of the curve', () => {
  test('are noted only while a server mirrors the books', () => {
    const database = open();
    const history = new SqliteHistoryStore(database);
    const equity = new SqliteEquityStore(database);
    history.append('BTC/USDT', '1h', [candleOf(0, CORNERS)]);
    expect(new SqliteOutbox(database).backlog).toBe(0);
    const outbox = met(database);
    expect([...outbox.refills().keys()]).toEqual(['candle']);
    history.append('BTC/USDT', '1h', [candleOf(1, CORNERS), candleOf(2, CORNERS)]);
    history.append('BTC/USDT', '1h', [candleOf(2, CORNERS)]);
    equity.append({ time: 5, equity: '1', capital: null });
    equity.append({ time: 5, equity: '2', capital: null });
    expect(outbox.next('candle', { after: 0, upTo: 1e9 }, LIMITS).map(({ name }) => name)).toEqual([
      '1h BTC/USDT',
      '1h BTC/USDT',
    ]);
    expect(outbox.next('equity', { after: 0, upTo: 1e9 }, LIMITS)).toMatchObject([
      { values: [5, '2', null, null] },
    ]);
    outbox.leave();
    equity.append({ time: 6, equity: '1', capital: null });
    expect(outbox.backlog).toBe(0);
  });
});

test('a bar that is decided on anew, later than what was forgotten of it, is told once', () => {
  const database = open();
  const outbox = met(database);
  const decide = database.prepare(
    `INSERT INTO decisions (id, symbol, timeframe, bar_open_time, time, outcome, searchable, document)
      VALUES ('d', 'BTC/USDT', '1h', 1, ?, 'held', '', '{}')`,
  );
  decide.run(10);
  database.exec("DELETE FROM decisions WHERE id = 'd'");
  decide.run(20);
  const found = outbox.next('decision', { after: 0, upTo: 1e9 }, LIMITS);
  // Told twice in one statement, it would be refused with all that is told beside it, for ever.
  expect(found.map(({ time, values }) => [time, values === null])).toEqual([
    [10, true],
    [20, false],
  ]);
});
