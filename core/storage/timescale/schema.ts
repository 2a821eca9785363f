import type { Client, PoolClient } from 'pg';
import type { Migration } from '../sqlite/migrations.ts';
import { StorageError } from '../storage-error.ts';

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
