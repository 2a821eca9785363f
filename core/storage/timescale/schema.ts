import type { Client, PoolClient } from 'pg';
import type { Migration } from '../sqlite/migrations.ts';
import { StorageError } from '../storage-error.ts';

export interface SchemaOptions {
  readonly migrations: readonly Migration[];
  readonly retentionDays: number | null;
}

/** One machine at a time changes the schema: a number that is ours. */
const LOCK = 7_203_114_550;

/**
 * Brings a server's schema to this version, each migration in a transaction of its own.
 *
 * @throws StorageError when a newer version made it, or other migrations did.
 */
export async function migrateServer(
  client: Client | PoolClient,
  migrations: readonly Migration[],
): Promise<void> {
  await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
  try {
    await client.query(
      'CREATE TABLE IF NOT EXISTS tradebot_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL)',
    );
    const { rows } = await client.query<{ number: number; sha256: string }>(
      'SELECT number, sha256 FROM tradebot_migrations ORDER BY number',
    );
    for (const { number, sha256 } of rows) {
      const migration = migrations[number - 1];
      if (migration === undefined) {
        throw new StorageError(
          'newer-version',
          'the server was set up by a newer version of the program: update it',
        );
      }
      if (migration.sha256 !== sha256) {
        throw new StorageError('changed-migration', `the server was set up with another ${migration.name}`);
      }
    }
    for (const { number, name, sql, sha256 } of migrations.slice(rows.length)) {
      await client.query('BEGIN');
      try {
        await client.query(sql);
        await client.query('INSERT INTO tradebot_migrations VALUES ($1, $2, $3)', [number, name, sha256]);
        await client.query('COMMIT');
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      }
    }
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [LOCK]);
  }
}

/**
 * Uses what the server has of TimescaleDB: a hypertable, and a retention policy where one is set.
 *
 * @param attempt runs statements on a connection of their own, since an extension that is not preloaded ends it.
 * @returns what it has not, a line each: then there are plain tables, with the same rows.
 */
export async function adoptTimescale(
  attempt: (...statements: readonly string[]) => Promise<void>,
  { retentionDays }: Pick<SchemaOptions, 'retentionDays'>,
): Promise<readonly string[]> {
  try {
    await attempt('CREATE EXTENSION IF NOT EXISTS timescaledb');
    await attempt(
      `SELECT create_hypertable('trade_history', 'timestamp', chunk_time_interval => INTERVAL '30 days',
        migrate_data => true, if_not_exists => true)`,
    );
  } catch (error) {
    return [
      `the server has no TimescaleDB that can be used (${wordsOf(error)}): plain tables, nothing is forgotten there`,
    ];
  }
  try {
    await attempt(
      "SELECT remove_retention_policy('trade_history', if_exists => true)",
      ...(retentionDays === null
        ? []
        : [`SELECT add_retention_policy('trade_history', INTERVAL '${retentionDays} days')`]),
    );
    return [];
  } catch (error) {
    if (retentionDays === null) return [];
    return [
      `this edition of TimescaleDB keeps no retention policy (${wordsOf(error)}): nothing is forgotten there`,
    ];
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
