import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from 'better-sqlite3';
import { StorageError } from './storage-error.ts';

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

interface Applied {
  readonly number: number;
  readonly sha256: string;
}

/** The migrations of a source checkout. A packaged application has them elsewhere and says so. */
export const SOURCE_MIGRATIONS = fileURLToPath(new URL('../../migrations/sqlite/', import.meta.url));

/**
 * Brings a database to the newest version, each migration in a transaction of its own.
 *
 * @throws StorageError, and nothing is changed, when the database is newer than the program or was made by
 *   migrations that differ from those here.
 */
export function migrate(database: Database, folder: string, file: string): void {
  const migrations = readMigrations(folder);
  const known = database.prepare("SELECT name FROM sqlite_master WHERE name = 'migrations'").get();
  // The table's columns are those of Applied.
  const applied =
    known === undefined
      ? []
      : (database.prepare('SELECT number, sha256 FROM migrations ORDER BY number').all() as Applied[]);
  for (const { number, sha256 } of applied) checkApplied(number, sha256, migrations, file);
  for (const migration of migrations.slice(applied.length)) apply(database, migration);
}

function readMigrations(folder: string): readonly Migration[] {
  const names = readdirSync(folder)
    .filter((name) => /^\d{4}_\w+\.sql$/.test(name))
    .sort();
  return names.map((name, index) => {
    const sql = readFileSync(join(folder, name), 'utf8');
    const number = Number(name.slice(0, 4));
    if (number !== index + 1) throw new TypeError(`migration ${name} is out of sequence`);
    return { number, name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
  });
}

function checkApplied(number: number, sha256: string, migrations: readonly Migration[], file: string): void {
  const migration = migrations[number - 1];
  if (migration === undefined) {
    throw new StorageError(
      'newer-version',
      `${file} was made by a newer version of the program: update it, or choose another --data-dir`,
    );
  }
  if (migration.sha256 !== sha256) {
    throw new StorageError(
      'changed-migration',
      `${file} was made with another ${migration.name}: use the version that made it, or choose another --data-dir`,
    );
  }
}

function apply(database: Database, { number, name, sql, sha256 }: Migration): void {
  database.transaction(() => {
    database.exec('CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT, sha256 TEXT) STRICT');
    database.exec(sql);
    database.prepare('INSERT INTO migrations VALUES (?, ?, ?)').run(number, name, sha256);
  })();
}
