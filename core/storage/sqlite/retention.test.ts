import type { Database } from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { temporaryDatabases } from '../testing/temporary-databases.ts';
import { SqliteOutbox } from './outbox.ts';
import { type Forgetting, SqliteRetention } from './retention.ts';

const { open } = temporaryDatabases();
const NOTHING: Forgetting = {
  ...{ heldDecisions: null, llmCalls: null, predictions: null, alerts: null, fineEquity: null },
};
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function decisions(database: Database, count: number): void {
  const insert = database.prepare("INSERT INTO decisions VALUES (?, 'BTC/USDT', '1h', ?, ?, ?, '', '{}')");
  for (let at = 1; at <= count; at += 1) insert.run(`d${at}`, at, at, at % 10 === 0 ? 'traded' : 'held');
}

const times = (database: Database, table: string, column = 'time') =>
  database.prepare<[], number>(`SELECT ${column} FROM ${table} ORDER BY 1`).pluck().all();

function all(retention: SqliteRetention, what: Partial<Forgetting>): number {
  let steps = 0;
  while (retention.step({ ...NOTHING, ...what }) > 0) steps += 1;
  return steps;
}

describe('decisions that held', () => {
  test('go by age, a hundred at a time; what was traded stays', () => {
    const database = open();
    decisions(database, 300);
    const retention = new SqliteRetention(database);
    expect(retention.step({ ...NOTHING, heldDecisions: 251 })).toBe(100);
    expect(all(retention, { heldDecisions: 251 })).toBe(2);
    const left = times(database, 'decisions');
    expect(left.filter((at) => at <= 250)).toEqual(
      Array.from({ length: 25 }, (_each, index) => (index + 1) * 10),
    );
    expect(left.filter((at) => at > 250)).toHaveLength(50);
    expect(retention.step(NOTHING)).toBe(0);
  });

  test('stay until a server that mirrors them has them', () => {
    const database = open();
    decisions(database, 3);
    const outbox = new SqliteOutbox(database);
    outbox.meet({ server: 's', newest: 0, turn: 't', isStrange: true });
    const retention = new SqliteRetention(database);
    expect(retention.step({ ...NOTHING, heldDecisions: 99 })).toBe(0);
    const [, version] = [...outbox.refills().values()].map((refill) => refill.version);
    outbox.refilled('decision', version ?? outbox.refills().get('decision')?.version ?? 0, null, 3);
    database.exec("INSERT INTO decisions VALUES ('d9', 'ETH/USDT', '1h', 4, 4, 'held', '', '{}')");
    expect(all(retention, { heldDecisions: 99 })).toBe(1);
    expect(times(database, 'decisions')).toEqual([4]);
    outbox.confirm(
      outbox
        .next('decision', { after: 0, upTo: 1e9 }, { rows: 9, characters: 9 })
        .map((entry) => entry.version),
    );
    expect(all(retention, { heldDecisions: 99 })).toBe(1);
  });
});

test('alerts go by age, and critical ones stay', () => {
  const database = open();
  const insert = database.prepare(
    'INSERT INTO alerts (id, time, severity, title, message) VALUES (?, ?, ?, ?, ?)',
  );
  for (let at = 1; at <= 250; at += 1)
    insert.run(`a${at}`, at, ['info', 'warning', 'critical'][at % 3], 'title', 'message');
  const retention = new SqliteRetention(database);
  expect(retention.step({ ...NOTHING, alerts: 241 })).toBe(100);
  expect(all(retention, { alerts: 241 })).toBe(1);
  const left = times(database, 'alerts');
  expect(left.filter((at) => at < 241).every((at) => at % 3 === 2)).toBe(true);
  expect(left.filter((at) => at >= 241)).toHaveLength(10);
});

test('calls and predictions go by age, but not what is still waited for', () => {
  const database = open();
  for (const at of [1, 2, 3]) {
    database
      .prepare(
        "INSERT INTO llm_calls (key, agent, round, symbol, bar_open_time, time, status, document) VALUES (?, 'bull', 0, 'B', 1, ?, 'answered', '{}')",
      )
      .run(String(at), at);
    database
      .prepare("INSERT INTO predictions VALUES ('s', 'B', ?, 0, 0, 1, 1, ?, NULL)")
      .run(at, at === 1 ? null : 2);
  }
  all(new SqliteRetention(database), { llmCalls: 3, predictions: 3 });
  expect(times(database, 'llm_calls')).toEqual([3]);
  expect(times(database, 'predictions', 'bar_open_time')).toEqual([1, 3]);
});

describe('the equity curve', () => {
  const curve = (
    database: Database,
    points: readonly (readonly [at: number, equity: number, capital?: string])[],
  ) => {
    const insert = database.prepare('INSERT OR REPLACE INTO equity (time, equity, capital) VALUES (?, ?, ?)');
    for (const [at, equity, capital = '100'] of points) insert.run(at, String(equity), capital);
  };

  test('keeps the outline of each hour of the days that are over', () => {
    const database = open();
    curve(database, [
      [0, 100],
      [1, 101],
      [2, 90],
      [3, 95],
      [4, 120],
      [5, 110],
      [6, 113],
      [HOUR_MS, 110],
      [HOUR_MS + 1, 111],
      [DAY_MS, 1],
      [DAY_MS + 1, 2],
      [DAY_MS + 2, 3],
    ]);
    all(new SqliteRetention(database), { fineEquity: 2 * DAY_MS - 1 });
    expect(times(database, 'equity')).toEqual([
      0,
      1,
      2,
      4,
      6,
      HOUR_MS,
      HOUR_MS + 1,
      DAY_MS,
      DAY_MS + 1,
      DAY_MS + 2,
    ]);
  });

  test('keeps what lies beside a transfer', () => {
    const database = open();
    curve(database, [
      [0, 100],
      [1, 100],
      [2, 100],
      [3, 150, '150'],
      [4, 150, '150'],
      [5, 150, '150'],
      [6, 150, '150'],
    ]);
    all(new SqliteRetention(database), { fineEquity: 9 * DAY_MS });
    expect(times(database, 'equity')).toEqual([0, 2, 3, 6]);
  });

  test('falls as far as before', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 60 }), (values) => {
        const database = open(':memory:');
        curve(
          database,
          values.map((value, index) => [index * 500_000, value] as const),
        );
        const before = fallOf(database);
        all(new SqliteRetention(database), { fineEquity: 9 * DAY_MS });
        expect(fallOf(database)).toBe(before);
      }),
      { numRuns: 30 },
    );
  });

  function fallOf(database: Database): number {
    let peak = 0;
    let fall = 0;
    for (const text of database
      .prepare<[], string>('SELECT equity FROM equity ORDER BY time')
      .pluck()
      .all()) {
      peak = Math.max(peak, Number(text));
      fall = Math.max(fall, 1 - Number(text) / peak);
    }
    return fall;
  }
});
