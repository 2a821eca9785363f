import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from 'better-sqlite3';
import { StorageError } from '../storage-error.ts';

/** One step of the schema, as its file has it. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

interface AppliedMigration {
  readonly number: number;
  readonly sha256: string;
}

/**
 * Where the migrations are: `migrations/sqlite`, or those of a server, in the nearest folder above `start`. So they are found from the
 * source, from a bundle in `out/`, and inside a packaged application.
 *
 * @throws StorageError when the program has come without them.
 */
export function migrationsFolder(
  start: string = dirname(fileURLToPath(import.meta.url)),
  kind: 'sqlite' | 'timescale' = 'sqlite',
): string {
  const folder = join(start, 'migrations', kind);
  if (existsSync(folder)) return folder;
  const parent = dirname(start);
  if (parent === start) {
    throw new StorageError('unusable', `the folder migrations/${kind} is missing: install the program again`);
  }
  return migrationsFolder(parent, kind);
}

/** The migrations of a folder in their order. @throws StorageError when there is no such folder. */
export function readMigrations(folder: string): readonly Migration[] {
  return migrationFiles(folder).map((name, index) => {
    // The same migration whatever line endings a checkout gave it.
    const sql = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n');
    const number = Number(name.slice(0, 4));
    if (number !== index + 1) throw new TypeError(`migration ${name} is out of sequence`);
    return { number, name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
  });
}

function migrationFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d{4}_\w+\.sql$/.test(name))
      .sort();
  } catch (cause) {
    throw new StorageError('unusable', `${folder} cannot be read: install the program again`, { cause });
  }
}

/**
 * Reads, and only reads, whether these migrations can be put on top of those a database has.
 *
 * @throws StorageError when the database is newer than the program or was made by other migrations.
 */
export function checkApplied(database: Database, migrations: readonly Migration[], file: string): void {
  // The columns are those of AppliedMigration.
  const applied = database
    .prepare('SELECT number, sha256 FROM migrations ORDER BY number')
    .all() as AppliedMigration[];
  for (const { number, sha256 } of applied) {
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
}

/** Whether a database lacks some of the migrations. */
export function isBehind(database: Database, migrations: readonly Migration[]): boolean {
  return Number(database.prepare('SELECT count(*) FROM migrations').pluck().get()) < migrations.length;
}

/** Brings a database to the newest version, each migration in a transaction of its own. */
export function migrate(database: Database, migrations: readonly Migration[]): void {
  const isApplied = database.prepare('SELECT 1 FROM migrations WHERE number = ?');
  const record = database.prepare('INSERT INTO migrations VALUES (?, ?, ?)');
  const apply = database.transaction(({ number, name, sql, sha256 }: Migration) => {
    // Asked again inside the transaction: another process may have been quicker.
    if (isApplied.get(number) !== undefined) return;
    database.exec(sql);
    record.run(number, name, sha256);
  });
  for (const migration of migrations) {
    // A database that has everything is not written to: its engine may be at work.
    if (isApplied.get(migration.number) === undefined) apply.immediate(migration);
  }
}
