import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { SILENT_LOGGER } from '../../core/domain/index.ts';
import type { TimescaleSync } from '../../core/storage/index.ts';
import { type EmbeddedServer, startEmbeddedServer } from '../timescale/embedded-server.ts';
import {
  eventually,
  expectMirrored,
  mirroredBooks,
  onServer,
  type Server,
} from '../timescale/mirrored-books.ts';

/** What a server does to a program that it should not; what else is in timescale.test.ts. */

let embedded: EmbeddedServer;
let server: Server;
let number = 0;
const running: TimescaleSync[] = [];

beforeAll(async () => {
  embedded = await startEmbeddedServer();
});
afterAll(() => embedded.stop());
beforeEach(async () => {
  number += 1;
  const { port, user, password } = embedded;
  server = { port, user, password, database: `attacked${number}` };
  await embedded.postgres.createDatabase(server.database);
});
afterEach(async () => {
  for (const each of running.splice(0)) await each.close();
});

function start(
  books: ReturnType<typeof mirroredBooks>,
  given: Parameters<typeof books.mirror>[0] = {},
): TimescaleSync {
  const sync = books.mirror(given);
  running.push(sync);
  return sync;
}

test('a server of a newer version is told nothing, in one line; what it misses waits, and it is left as it is', async () => {
  const first = mirroredBooks(server);
  first.trade();
  start(first);
  await eventually(() => first.outbox.backlog === 0, 'the first program');
  for (const each of running.splice(0)) await each.close();
  await onServer(server, (client) =>
    client.query("INSERT INTO tradebot_migrations VALUES (9999, '9999_of_the_future.sql', 'x')"),
  );
  first.trade();
  const said: string[] = [];
  const sync = start(first, {
    log: { ...SILENT_LOGGER, warn: (fields) => said.push(JSON.stringify(fields)) },
  });
  await eventually(() => sync.state.state === 'down', 'the refusal');
  expect(sync.state.lastError).toBe('the server was set up by a newer version of the program: update it');
  expect(said).toHaveLength(1);
  // The books go on.
  first.trade();
  expect([first.outbox.backlog, first.rows().length]).toEqual([2, 3]);
  const { rows } = await onServer(server, (client) =>
    client.query('SELECT count(*)::int AS n FROM trade_history'),
  );
  expect(rows).toEqual([{ n: 1 }]);
});

test('a server that is not there at the start is a state, and is told everything once it is', async () => {
  const books = mirroredBooks(server);
  books.trade();
  const nobody = await freePort();
  const sync = start(books, { url: `postgres://${server.user}@127.0.0.1:${nobody}/${server.database}` });
  await eventually(() => sync.state.state === 'down', 'the first attempt');
  expect(sync.state.lastError).toMatch(/ECONNREFUSED/);
  books.trade();
  expect([books.outbox.backlog, books.rows().length]).toEqual([2, 2]);
  await sync.close();
  start(books);
  await eventually(() => books.outbox.backlog === 0, 'the backlog');
  await expectMirrored(server, books);
});

test('a vote and a signal of ten megabytes reach the server like any other, and hold up none', async () => {
  const books = mirroredBooks(server);
  for (let trade = 0; trade < 5; trade += 1) books.trade();
  const thesis = 'x'.repeat(10_000_000);
  const votes = JSON.stringify([{ kind: 'vote', voter: 'bull', action: 'BUY', confidence: 1, thesis }]);
  books.database
    .prepare('UPDATE trade_history SET agent_votes = ?, signals = ? WHERE timestamp = ?')
    .run(votes, JSON.stringify({ action: 'BUY', note: thesis }), 3 * 3_600_000);
  start(books);
  await eventually(() => books.outbox.backlog === 0, 'all of them', 60);
  await expectMirrored(server, books);
});

test('a server whose clock is ten years ahead gets the same rows', async () => {
  // Whatever asks the server for its time is told another one.
  await onServer(server, async (client) => {
    await client.query('CREATE SCHEMA skewed');
    for (const name of ['now', 'clock_timestamp', 'transaction_timestamp', 'statement_timestamp'])
      await client.query(
        `CREATE FUNCTION skewed.${name}() RETURNS timestamptz LANGUAGE sql
          AS $$ SELECT pg_catalog.clock_timestamp() + interval '10 years' $$`,
      );
    await client.query(`ALTER DATABASE ${server.database} SET search_path = skewed, pg_catalog, public`);
  });
  const books = mirroredBooks(server);
  books.trade();
  books.others(3);
  const sync = start(books);
  await eventually(() => sync.state.caughtUpAt !== null, 'what was there before');
  books.trade(90);
  await eventually(() => books.outbox.backlog === 0, 'what came later');
  await expectMirrored(server, books);
});

test('books that are damaged while they are mirrored are said to be so, and the mirror ends nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tradebot-mirrored-'));
  try {
    const file = join(folder, 'demo.sqlite');
    const books = mirroredBooks(server, file);
    books.fill(2_000);
    const sync = start(books);
    await eventually(() => sync.state.told > 0, 'some of it');
    books.database.pragma('wal_checkpoint(TRUNCATE)');
    const handle = openSync(file, 'r+');
    for (let at = 4_096; at < statSync(file).size; at += 4_096)
      writeSync(handle, Buffer.alloc(4_096, 0xa5), 0, 4_096, at);
    closeSync(handle);
    books.database.pragma('shrink_memory');
    await eventually(() => sync.state.lastError !== null, 'the fault');
    expect(sync.state.lastError).toMatch(/the books cannot be read now: it is damaged/);
    await sync.close();
    books.database.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const listener = createServer().listen(0, '127.0.0.1', () => {
      const address = listener.address();
      listener.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
