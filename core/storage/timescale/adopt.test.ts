import { expect, test } from 'vitest';
import { adoptTimescale } from './adopt.ts';

const USE = { chunkDays: 7, compressAfterDays: 30, retentionDays: 90 };

function answering(answer: (statement: string) => Error | undefined) {
  const said: string[] = [];
  return {
    said,
    attempt: async (...statements: readonly string[]) => {
      for (const statement of statements) {
        const error = answer(statement);
        if (error !== undefined) throw error;
        said.push(statement);
      }
    },
  };
}

const refused = (code: string) => Object.assign(new Error('not in this edition'), { code });

test('uses all that a full server has, in pieces and ages of the settings', async () => {
  const { attempt, said } = answering(() => undefined);
  expect(await adoptTimescale(attempt, USE)).toEqual([]);
  const all = said.join('\n');
  expect(all).toMatch(/VIEW daily_pnl AS\s+SELECT instance, account, time_bucket/);
  for (const table of ['trade_history', 'decisions', 'candles', 'performance_metrics']) {
    expect(all).toContain(`set_chunk_time_interval('${table}', INTERVAL '7 days')`);
    expect(all).toContain(`add_compression_policy('${table}', INTERVAL '30 days')`);
    expect(all).toContain(`add_retention_policy('${table}', INTERVAL '90 days')`);
  }
});

test('says what an edition lacks, but nothing of what nobody asked for', async () => {
  const { attempt } = answering((statement) =>
    /policy|CONTINUOUS|continuous/.test(statement) ? refused('0A000') : undefined,
  );
  expect(await adoptTimescale(attempt, USE)).toEqual([
    expect.stringMatching(/keeps no retention policy/),
    expect.stringMatching(/does not compress/),
    expect.stringMatching(/no continuous aggregate/),
  ]);
  const modest = { ...USE, compressAfterDays: null, retentionDays: null };
  expect(await adoptTimescale(attempt, modest)).toEqual([expect.stringMatching(/no continuous aggregate/)]);
});

test.each([
  ['a connection that is cut', new Error('Connection terminated unexpectedly')],
  ['a server that shuts down', refused('57P01')],
])('%s is no word on what the server has', async (_what, error) => {
  const { attempt } = answering((statement) => (statement.includes('create_hypertable') ? error : undefined));
  await expect(adoptTimescale(attempt, USE)).rejects.toBe(error);
});
