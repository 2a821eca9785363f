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
  function trade(exit = 110): void {
    number += 1;
    const time = number * 3_600_000;
    ledger.appendIntent(intentOf(`in${number}`));
    ledger.appendFill(fillOf(`a${number}`, `in${number}`, { time, price: '100.123456789012345678' }));
    ledger.appendIntent(intentOf(`out${number}`, { side: 'sell', purpose: 'exit' }));
    ledger.appendFill(
      fillOf(`b${number}`, `out${number}`, { side: 'sell', purpose: 'exit', price: exit, time: time + 1 }),
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

  function mirror(given: Partial<ConstructorParameters<typeof TimescaleSync>[0]> = {}): TimescaleSync {
    return new TimescaleSync({
      url: `postgres://${server.user}@127.0.0.1:${server.port}/${server.database}`,
      password: () => server.password,
      retentionDays: null,
      account: 'demo',
      outbox,
      write: (run) => run(),
      timers: HURRIED,
      now: () => SYSTEM_CLOCK.now(),
      log: SILENT_LOGGER,
      ...given,
    });
  }

  return { database, ledger, outbox, rows, trade, open, fill, mirror };
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
export async function eventually(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const until = performance.now() + 20_000;
  while (!(await isSo())) {
    if (performance.now() > until) throw new Error(`not within 20 s: ${what}`);
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
}
