import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SILENT_LOGGER } from '../../core/domain/index.ts';
import { SYSTEM_TIMERS } from '../../core/engine/index.ts';
import { eventually, expectMirrored, mirroredBooks, onServer } from '../timescale/mirrored-books.ts';
import { serverOfATest } from '../timescale/server-of-a-test.ts';

/** What a server does to a program that it should not; what else is in timescale.test.ts. */

const attacked = serverOfATest('attacked');
const start = attacked.start;

test('a server of a newer version is told nothing, in one line; what it misses waits, and it is left as it is', async () => {
  const first = mirroredBooks(attacked.server);
  first.trade();
  start(first);
  await eventually(() => first.outbox.backlog === 0, 'the first program');
  await attacked.closeAll();
  await onServer(attacked.server, (client) =>
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
  const { rows } = await onServer(attacked.server, (client) =>
    client.query('SELECT count(*)::int AS n FROM trade_history'),
  );
  expect(rows).toEqual([{ n: 1 }]);
});

test('a server that is not there at the start is a state, and is told everything once it is', async () => {
  const books = mirroredBooks(attacked.server);
  books.trade();
  const nobody = await freePort();
  const sync = start(books, {
    url: `postgres://${attacked.server.user}@127.0.0.1:${nobody}/${attacked.server.database}`,
  });
  await eventually(() => sync.state.state === 'down', 'the first attempt');
  expect(sync.state.lastError).toMatch(/ECONNREFUSED/);
  books.trade();
  expect([books.outbox.backlog, books.rows().length]).toEqual([2, 2]);
  await sync.close();
  start(books);
  await eventually(() => books.outbox.backlog === 0, 'the backlog');
  await expectMirrored(attacked.server, books);
});

test('a vote and a signal of ten megabytes reach the server like any other, and hold up none', async () => {
  const books = mirroredBooks(attacked.server);
  for (let trade = 0; trade < 5; trade += 1) books.trade();
  const thesis = 'x'.repeat(10_000_000);
  const votes = JSON.stringify([{ kind: 'vote', voter: 'bull', action: 'BUY', confidence: 1, thesis }]);
  books.database
    .prepare('UPDATE trade_history SET agent_votes = ?, signals = ? WHERE timestamp = ?')
    .run(votes, JSON.stringify({ action: 'BUY', note: thesis }), 3 * 3_600_000);
  start(books);
  await eventually(() => books.outbox.backlog === 0, 'all of them', 60);
  await expectMirrored(attacked.server, books);
});

test('a server whose clock is ten years ahead gets the same rows', async () => {
  // Whatever asks the server for its time is told another one.
  await onServer(attacked.server, async (client) => {
    await client.query('CREATE SCHEMA skewed');
    for (const name of ['now', 'clock_timestamp', 'transaction_timestamp', 'statement_timestamp'])
      await client.query(
        `CREATE FUNCTION skewed.${name}() RETURNS timestamptz LANGUAGE sql
          AS $$ SELECT pg_catalog.clock_timestamp() + interval '10 years' $$`,
      );
    await client.query(
      `ALTER DATABASE ${attacked.server.database} SET search_path = skewed, pg_catalog, public`,
    );
  });
  const books = mirroredBooks(attacked.server);
  books.trade();
  books.others(3);
  const sync = start(books);
  await eventually(() => sync.state.caughtUpAt !== null, 'what was there before');
  books.trade(90);
  await eventually(() => books.outbox.backlog === 0, 'what came later');
  await expectMirrored(attacked.server, books);
});

test('rows that change and go while the history is told in several batches at once end as they are in the books', async () => {
  const books = mirroredBooks(attacked.server);
  books.fill(6_000);
  const sync = start(books);
  for (let round = 0; sync.state.caughtUpAt === null && round < 500; round += 1) {
    const [at, gone] = [(round * 611) % 6_000, (round * 977) % 6_000];
    books.database.exec(`UPDATE trade_history SET fees = '${round}.5' WHERE rowid IN (${at}, ${at + 1}, ${(at * 7) % 6_000});
      DELETE FROM trade_history WHERE rowid = ${gone}`);
    await SYSTEM_TIMERS.wait(2);
  }
  await eventually(() => books.outbox.backlog === 0, 'the history and its changes', 60);
  expect(books.rows().length).toBeLessThan(6_000);
  await expectMirrored(attacked.server, books);
});

test('books that are damaged while they are mirrored are said to be so, and the mirror ends nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tradebot-mirrored-'));
  try {
    const file = join(folder, 'demo.sqlite');
    const books = mirroredBooks(attacked.server, file);
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
