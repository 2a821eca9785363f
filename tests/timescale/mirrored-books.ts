import pg from 'pg';
import { expect } from 'vitest';
import { SILENT_LOGGER, type Timers } from '../../core/domain/index.ts';
import { SYSTEM_CLOCK, SYSTEM_TIMERS } from '../../core/engine/index.ts';
import {
  openDatabase,
  SqliteOrderLedger,
  SqliteOutbox,
  TimescaleSync,
  type TradeRow,
} from '../../core/storage/index.ts';
import { fillOf, intentOf } from '../contracts/builders.ts';

export interface Server {
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/** The waits of the sync, a hundred times as fast: nothing of it is measured in them. */
const HURRIED: Timers = { ...SYSTEM_TIMERS, wait: (ms, signal) => SYSTEM_TIMERS.wait(ms / 100, signal) };

/** Books with a trade history, and what mirrors them to a server. */
export function mirroredBooks(server: Server, file = ':memory:') {
  const database = openDatabase({ file, owner: 'demo' });
  const ledger = new SqliteOrderLedger(database);
  const outbox = new SqliteOutbox(database);
  const rows = (): readonly TradeRow[] => [...ledger.trades.rows()];
  let number = 0;

  /** One round trip more: won where `exit` is above 100. */
  function trade(exit = 110, from = 0): void {
    number += 1;
    const id = number + from;
    const time = id * 3_600_000;
    ledger.appendIntent(intentOf(`in${id}`));
    ledger.appendFill(fillOf(`a${id}`, `in${id}`, { time, price: '100.123456789012345678' }));
    ledger.appendIntent(intentOf(`out${id}`, { side: 'sell', purpose: 'exit' }));
    ledger.appendFill(
      fillOf(`b${id}`, `out${id}`, { side: 'sell', purpose: 'exit', price: exit, time: time + 1 }),
    );
  }

  function open(): void {
    ledger.appendIntent(intentOf('open'));
    ledger.appendFill(fillOf('open', 'open', { time: 1 }));
  }

  /** Puts many rows into the history at once: what a sync sends does not depend on how they came there. */
  function fill(count: number): void {
    database.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
      INSERT INTO trade_history (timestamp, trade_id, symbol, side, order_type, amount, entry_price, exit_price,
        realized_pnl, pnl_pct, fees, market_regime, decision_confidence, won, closed, close_timestamp, agent_votes, signals)
      SELECT 1700000000000 + i * 60001, 'BTC/USDT ' || i || ' buy', 'BTC/USDT', 'buy', 'market', '0.5', '100.25', '101.5',
        '0.625', '1.2468827931', '0.05', 'trending', 0.37, 1, 1, 1700000000000 + i * 60001 + 5, '[]', '{"rsi":41}' FROM n`);
  }

  /** So many points of the curve, decisions and candles more. */
  function others(count: number, from = 0): void {
    for (let index = from; index < from + count; index += 1) {
      const at = 1_700_000_000_000 + index * 3_600_000;
      database
        .prepare('INSERT INTO equity (time, equity, capital, exposure) VALUES (?, ?, ?, ?)')
        .run(at, `${10_000 + index}.5`, '10000', index % 7 === 0 ? null : `${(index * 37) % 9000}.25`);
      database
        .prepare('INSERT INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
        .run(`d${index}`, 'BTC/USDT', '1h', at, at + 1, 'held', '', `{"id":"d${index}"}`);
      database
        .prepare('INSERT INTO candles VALUES (?, ?, ?, 1.25, 2.5, 0.1, 2, 1e-7, ?)')
        .run('BTC/USDT:USDT', '1h', at, index % 2 === 0 ? null : 0.5);
    }
  }

  function mirror(given: Partial<ConstructorParameters<typeof TimescaleSync>[0]> = {}): TimescaleSync {
    return new TimescaleSync({
      url: `postgres://${server.user}@127.0.0.1:${server.port}/${server.database}`,
      password: () => server.password,
      use: { retentionDays: null, compressAfterDays: null, chunkDays: 30 },
      sources: [{ account: 'demo', outbox, write: (run) => run() }],
      machine: 'here',
      timers: HURRIED,
      now: () => SYSTEM_CLOCK.now(),
      log: SILENT_LOGGER,
      ...given,
    });
  }

  return { database, ledger, outbox, rows, trade, open, fill, others, mirror };
}

export async function onServer<T>(server: Server, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const { port, database, user, password } = server;
  const client = new pg.Client({ host: '127.0.0.1', port, database, user, password });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** Waits for what comes without being told of. */
export async function eventually(
  isSo: () => boolean | Promise<boolean>,
  what: string,
  seconds = 20,
): Promise<void> {
  const until = performance.now() + seconds * 1_000;
  while (!(await isSo())) {
    if (performance.now() > until) throw new Error(`not within ${seconds} s: ${what}`);
    await SYSTEM_TIMERS.wait(5);
  }
}

/** Row for row, all but the sync's own bookkeeping. */
export async function expectMirrored(server: Server, books: ReturnType<typeof mirroredBooks>): Promise<void> {
  const { instance } = books.outbox.state;
  const { rows } = await onServer(server, (client) =>
    client.query<Record<string, unknown>>(
      `SELECT (extract(epoch FROM "timestamp") * 1000)::bigint AS timestamp, trade_id, symbol, side, order_type,
        amount::text, entry_price::text, exit_price::text, realized_pnl::text, pnl_pct::text, fees::text, market_regime,
        bull_confidence, bear_confidence, decision_confidence, won::int, closed::int,
        (extract(epoch FROM close_timestamp) * 1000)::bigint AS close_timestamp, agent_votes::text, signals::text,
        exit_reason, strategy, decision_id
        FROM trade_history WHERE instance = $1 ORDER BY "timestamp", trade_id COLLATE "C"`,
      [instance],
    ),
  );
  const whole = (value: unknown): number | null => (value === null ? null : Number(value));
  const found = rows.map((row) => ({
    ...row,
    timestamp: whole(row['timestamp']),
    close_timestamp: whole(row['close_timestamp']),
  }));
  expect(found).toEqual(books.rows());
  await expectOthersMirrored(server, books);
}

const MS = (column: string) => `(extract(epoch FROM ${column}) * 1000)::bigint::text`;
const OTHERS: readonly (readonly [server: string, books: string])[] = [
  [
    `SELECT lpad(${MS('"timestamp"')}, 20, '0') AS time, trade_id, first_price::text, first_stop::text, lowest, highest
      FROM trade_history`,
    `SELECT printf('%020d', t.timestamp) AS time, t.trade_id, x.first_price, x.first_stop, x.lowest, x.highest
      FROM trade_history t LEFT JOIN trade_excursions x ON x.trade_id = t.trade_id AND x.ended_at IS NOT NULL`,
  ],
  [
    `SELECT ${MS('"timestamp"')} AS time, equity::text, capital::text, exposure::text FROM performance_metrics`,
    'SELECT CAST(time AS TEXT) AS time, equity, capital, exposure FROM equity',
  ],
  [
    `SELECT ${MS('"timestamp"')} AS time, decision_id AS id, symbol, timeframe, ${MS('bar_open_time')} AS bar_open_time,
      outcome, document::text FROM decisions`,
    `SELECT CAST(time AS TEXT) AS time, id, symbol, timeframe, CAST(bar_open_time AS TEXT) AS bar_open_time, outcome,
      document FROM decisions WHERE true`,
  ],
  [
    `SELECT ${MS('"timestamp"')} AS time, symbol, timeframe, open, high, low, close, volume, taker_buy_volume FROM candles`,
    `SELECT CAST(open_time AS TEXT) AS time, symbol, timeframe, open, high, low, close, volume, taker_buy_volume
      FROM candles`,
  ],
];

async function expectOthersMirrored(
  server: Server,
  { outbox, database }: ReturnType<typeof mirroredBooks>,
): Promise<void> {
  for (const [there, here] of OTHERS) {
    const { rows } = await onServer(server, (client) =>
      client.query(`${there} WHERE instance = $1 ORDER BY "timestamp"`, [outbox.state.instance]),
    );
    expect(rows).toEqual(database.prepare(`${here} ORDER BY 1`).all());
  }
}
