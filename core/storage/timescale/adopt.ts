import { MIRRORED_TABLES } from '../sqlite/mirrored-tables.ts';
import { isServersWord } from './link.ts';

/** The plain view of `migrations/timescale`, its days cut by TimescaleDB. */
const DAILY_PNL = `CREATE OR REPLACE VIEW daily_pnl AS
  SELECT instance, account, time_bucket(INTERVAL '1 day', close_timestamp AT TIME ZONE 'UTC') AS day, count(*) AS trades,
    sum(realized_pnl) AS realized_pnl, sum(fees) AS fees, count(*) FILTER (WHERE won) AS won,
    split_part(regexp_replace(symbol, '^[^/]*/', ''), ':', 1) AS quote
  FROM trade_history WHERE closed GROUP BY 1, 2, 3, 8`;

export interface ServerUse {
  /** So many days of rows in a piece of a hypertable. */
  readonly chunkDays: number;
  /** After so many days rows are compressed; null: never. */
  readonly compressAfterDays: number | null;
  /** After so many days rows are forgotten; null: never. */
  readonly retentionDays: number | null;
}

/** Runs statements one after the other on a connection of their own, since an extension that is not preloaded ends it. */
export type Attempt = (...statements: readonly string[]) => Promise<void>;

const TABLES = MIRRORED_TABLES.map(({ serverTable }) => serverTable);

/** The continuous aggregate, in the place of the view of its name. */
const DAILY_EQUITY = `CREATE MATERIALIZED VIEW daily_equity
  WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
  SELECT instance, account, time_bucket(INTERVAL '1 day', "timestamp") AS day, first(equity, "timestamp") AS opening,
    max(equity) AS high, min(equity) AS low, last(equity, "timestamp") AS closing,
    last(equity - capital, "timestamp") AS profit
  FROM performance_metrics GROUP BY 1, 2, 3 WITH NO DATA`;

/**
 * Uses what the server has of TimescaleDB: hypertables, retention, compression, a continuous aggregate.
 *
 * @returns what it has not, a line each: then there are plain tables and views, with the same rows. @throws what ends the
 * connection otherwise than by a word of the server's.
 */
export async function adoptTimescale(attempt: Attempt, use: ServerUse): Promise<readonly string[]> {
  const lacks = await refusal(attempt, 'CREATE EXTENSION IF NOT EXISTS timescaledb', ...hypertables(use));
  if (lacks !== null) {
    return [
      `the server has no TimescaleDB that can be used (${lacks}): plain tables, nothing is forgotten there`,
    ];
  }
  const { retentionDays, compressAfterDays } = use;
  const parts: readonly (readonly [string, string | null])[] = [
    [
      'keeps no retention policy, so that nothing is forgotten there',
      await wanted(retentionDays !== null, attempt, retention(retentionDays)),
    ],
    ['does not compress', await wanted(compressAfterDays !== null, attempt, compression(compressAfterDays))],
    ['has no time_bucket, so that daily_pnl cuts its days without it', await refusal(attempt, DAILY_PNL)],
    [
      'has no continuous aggregate, so that daily_equity is a plain view',
      await refusal(attempt, ...aggregate()),
    ],
  ];
  return parts.flatMap(([what, why]) =>
    why === null ? [] : [`this edition of TimescaleDB ${what} (${why})`],
  );
}

function hypertables({ chunkDays }: ServerUse): readonly string[] {
  return TABLES.flatMap((table) => [
    `SELECT create_hypertable('${table}', 'timestamp', chunk_time_interval => INTERVAL '${chunkDays} days',
      migrate_data => true, if_not_exists => true)`,
    `SELECT set_chunk_time_interval('${table}', INTERVAL '${chunkDays} days')`,
  ]);
}

function retention(days: number | null): readonly string[] {
  return TABLES.flatMap((table) => [
    `SELECT remove_retention_policy('${table}', if_exists => true)`,
    ...(days === null ? [] : [`SELECT add_retention_policy('${table}', INTERVAL '${days} days')`]),
  ]);
}

function compression(days: number | null): readonly string[] {
  return TABLES.flatMap((table) => [
    `SELECT remove_compression_policy('${table}', if_exists => true)`,
    ...(days === null
      ? []
      : [
          `DO $$ BEGIN IF NOT (SELECT compression_enabled FROM timescaledb_information.hypertables
              WHERE hypertable_name = '${table}') THEN
            ALTER TABLE ${table} SET (timescaledb.compress, timescaledb.compress_segmentby = 'instance');
          END IF; END $$`,
          `SELECT add_compression_policy('${table}', INTERVAL '${days} days')`,
        ]),
  ]);
}

function aggregate(): readonly string[] {
  const isThere =
    "SELECT 1 FROM timescaledb_information.continuous_aggregates WHERE view_name = 'daily_equity'";
  return [
    `DO $$ BEGIN IF NOT EXISTS (${isThere}) THEN
      DROP VIEW IF EXISTS daily_equity;
      EXECUTE $view$${DAILY_EQUITY}$view$;
    END IF; END $$`,
    `SELECT add_continuous_aggregate_policy('daily_equity', start_offset => INTERVAL '30 days',
      end_offset => INTERVAL '1 day', schedule_interval => INTERVAL '1 hour', if_not_exists => true)`,
  ];
}

/** Where nothing is asked for, what was asked for before is taken back if that can be, and nothing is lacking. */
async function wanted(
  isWanted: boolean,
  attempt: Attempt,
  statements: readonly string[],
): Promise<string | null> {
  const why = await refusal(attempt, ...statements);
  return isWanted ? why : null;
}

/** Why the server does not do it; null: it did. */
async function refusal(attempt: Attempt, ...statements: readonly string[]): Promise<string | null> {
  try {
    await attempt(...statements);
    return null;
  } catch (error) {
    if (isServersWord(error)) return error.message;
    throw error;
  }
}
