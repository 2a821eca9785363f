import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TimescaleSync } from '../../core/storage/index.ts';
import { expectEqualAnswers } from '../timescale/equal-answers.ts';
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

describe.skipIf(!isThere).each([
  { name: 'full', environment: {}, notices: [] },
  {
    name: 'apache edition',
    environment: { TRADEBOT_TEST_LICENSE: 'apache' },
    notices: [/no retention policy/, /does not compress/, /no continuous aggregate/],
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

  test('takes 100,000 rows as they are, uses what it has and says what it lacks', async () => {
    const books = mirroredBooks(server);
    books.fill(100_000);
    books.others(500);
    const sync = books.mirror({ use: { retentionDays: 36_500, compressAfterDays: 18_250, chunkDays: 40 } });
    running.push(sync);
    await eventually(() => sync.state.caughtUpAt !== null, 'the history', 120);
    books.trade();
    books.others(1, 500);
    await eventually(() => books.outbox.backlog === 0, 'what came later');
    await expectMirrored(server, books);
    await expectEqualAnswers(server, books, ['USDT']);
    expect(sync.state.notices).toEqual(notices.map((notice) => expect.stringMatching(notice)));
    if (name === 'not preloaded') return;
    await onServer(server, async (client) => {
      const count = async (sql: string) => (await client.query<{ n: number }>(sql)).rows[0]?.n;
      expect(
        await count(`SELECT count(*)::int AS n FROM timescaledb_information.dimensions WHERE time_interval = '40 days'
          AND hypertable_name IN ('trade_history', 'decisions', 'candles', 'performance_metrics')`),
      ).toBe(4);
      expect(
        await count(
          "SELECT count(*)::int AS n FROM pg_views WHERE viewname = 'daily_pnl' AND definition LIKE '%time_bucket%'",
        ),
      ).toBe(1);
      expect(
        await count(`SELECT sum(n)::int AS n FROM (SELECT time_bucket('1 day', "timestamp"), count(*) AS n
          FROM trade_history GROUP BY 1) AS daily`),
      ).toBe(100_001);
      const policies = (kind: string) =>
        count(`SELECT count(*)::int AS n FROM timescaledb_information.jobs WHERE proc_name = '${kind}'`);
      const isFull = name === 'full';
      expect(await policies('policy_retention')).toBe(isFull ? 4 : 0);
      expect(await policies('policy_compression')).toBe(isFull ? 4 : 0);
      expect(
        await count('SELECT count(*)::int AS n FROM timescaledb_information.continuous_aggregates'),
      ).toBe(isFull ? 1 : 0);
      expect(
        await count('SELECT sum(days)::int AS n FROM (SELECT count(*) AS days FROM daily_equity) d'),
      ).toBe(22);
    });
  });

  test.skipIf(name !== 'full')(
    'forgets and compresses by age, and takes changes of what is compressed',
    async () => {
      const books = mirroredBooks(server);
      books.trade();
      books.fill(1_000);
      // Round trips of 1970 are older than the retention, those of 2023 older than the compression.
      const sync = books.mirror({ use: { retentionDays: 9_000, compressAfterDays: 30, chunkDays: 40 } });
      running.push(sync);
      await eventually(() => sync.state.caughtUpAt !== null, 'the history');
      const { instance } = books.outbox.state;
      await onServer(server, async (client) => {
        const jobs = await client.query<{ job_id: number }>(
          "SELECT job_id FROM timescaledb_information.jobs WHERE hypertable_name = 'trade_history' ORDER BY proc_name DESC",
        );
        for (const { job_id } of jobs.rows) await client.query(`CALL run_job(${job_id})`);
        const compressed = await client.query<{ n: number }>(
          "SELECT count(*)::int AS n FROM timescaledb_information.chunks WHERE hypertable_name = 'trade_history' AND is_compressed",
        );
        expect(compressed.rows[0]?.n).toBeGreaterThan(0);
      });
      books.database.exec("UPDATE trade_history SET exit_reason = 'stop' WHERE timestamp > 3600000");
      await eventually(() => books.outbox.backlog === 0, 'the changes');
      const { rows } = await onServer(server, (client) =>
        client.query(
          `SELECT count(*)::int AS rows, count(*) FILTER (WHERE exit_reason = 'stop')::int AS changed
          FROM trade_history WHERE instance = $1`,
          [instance],
        ),
      );
      expect(rows).toEqual([{ rows: 1_000, changed: 1_000 }]);
    },
  );
});
