import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TimescaleSync } from '../../core/storage/index.ts';
import {
  eventually,
  expectMirrored,
  mirroredBooks,
  onServer,
  type Server,
} from '../timescale/mirrored-books.ts';

/** `start PORT` and `stop DIR` of a real TimescaleDB, which lies beside the checkout on some machines. */
const FOLDER =
  process.env['TRADEBOT_TEST_TIMESCALE'] ??
  join(fileURLToPath(new URL('../..', import.meta.url)), '..', 'shared', 'timescaledb');
const isThere = existsSync(join(FOLDER, 'start')) && existsSync('/usr/lib/postgresql/15/bin/initdb');
if (!isThere) process.stderr.write(`left out: no TimescaleDB in ${FOLDER}, or no postgresql-15\n`);

const HYPERTABLES =
  "SELECT count(*)::int AS n FROM timescaledb_information.hypertables WHERE hypertable_name = 'trade_history'";

describe.skipIf(!isThere).each([
  { name: 'full', environment: {}, notices: [] },
  {
    name: 'apache edition',
    environment: { TRADEBOT_TEST_LICENSE: 'apache' },
    notices: [/no retention policy/],
  },
  {
    name: 'not preloaded',
    environment: { TRADEBOT_TEST_NO_PRELOAD: '1' },
    notices: [/no TimescaleDB that can be used/],
  },
])('a real TimescaleDB, $name', ({ name, environment, notices }) => {
  const port = 15_432 + ['full', 'apache edition', 'not preloaded'].indexOf(name);
  const server: Server = { port, database: 'tradebot', user: 'tradebot', password: 'tradebot' };
  const running: TimescaleSync[] = [];
  let directory = '';

  beforeAll(() => {
    const said = execFileSync(join(FOLDER, 'start'), [String(port)], {
      env: { ...process.env, ...environment },
      encoding: 'utf8',
    });
    directory = said.trim().split(' ')[2] ?? '';
  });
  afterEach(async () => {
    for (const each of running.splice(0)) await each.close();
  });
  afterAll(() => {
    if (directory !== '') execFileSync(join(FOLDER, 'stop'), [directory]);
  });

  test('takes 20,000 rows as they are, uses what it has and says what it lacks', async () => {
    const books = mirroredBooks(server);
    books.fill(20_000);
    const sync = books.mirror({ retentionDays: 36_500 });
    running.push(sync);
    await eventually(() => books.outbox.backlog === 0, 'the history');
    books.trade();
    await eventually(() => books.outbox.backlog === 0, 'a trade');
    await expectMirrored(server, books);
    expect(sync.state.notices).toEqual(notices.map((notice) => expect.stringMatching(notice)));
    if (name === 'not preloaded') return;
    await onServer(server, async (client) => {
      expect((await client.query(HYPERTABLES)).rows).toEqual([{ n: 1 }]);
      const buckets = await client.query(
        `SELECT count(*)::int AS days, sum(n)::int AS trades FROM (SELECT time_bucket('1 day', "timestamp"), count(*) AS n
          FROM trade_history GROUP BY 1) AS daily`,
      );
      expect(buckets.rows[0]).toMatchObject({ trades: 20_001 });
      const policies = await client.query(
        "SELECT count(*)::int AS n FROM timescaledb_information.jobs WHERE proc_name = 'policy_retention'",
      );
      expect(policies.rows).toEqual([{ n: name === 'full' ? 1 : 0 }]);
    });
  });
});
