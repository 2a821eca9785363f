import Sqlite, { type Database } from 'better-sqlite3';
import { migrate, SOURCE_MIGRATIONS } from './migrations.ts';
import { StorageError } from './storage-error.ts';

export interface DatabaseOptions {
  readonly file: string;
  /** What the file is for (a mode's name, `history`): stamped into it, and checked ever after. */
  readonly owner: string;
  readonly migrationsFolder?: string;
}

/**
 * Opens a database, creating and migrating it as needed: WAL, synchronous=FULL, so that what was written before a
 * call returned survives the process and the machine.
 *
 * @throws StorageError with one clear line; a file that cannot be used is left as it is.
 */
export function openDatabase({ file, owner, migrationsFolder = SOURCE_MIGRATIONS }: DatabaseOptions): Database {
  let database: Database | undefined;
  try {
    database = new Sqlite(file);
    database.pragma('busy_timeout = 5000');
    checkOwner(database, file, owner);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    migrate(database, migrationsFolder, file);
    stampOwner(database, owner);
    return database;
  } catch (error) {
    database?.close();
    throw asStorageError(error, file);
  }
}

/** Writes a complete, consistent copy while the database is in use. @throws StorageError */
export function backupDatabase(database: Database, target: string): void {
  try {
    database.prepare('VACUUM INTO ?').run(target);
  } catch (error) {
    throw asStorageError(error, target);
  }
}

function checkOwner(database: Database, file: string, owner: string): void {
  if (database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'owner'").get() === undefined) return;
  const found = database.prepare('SELECT name FROM owner').pluck().get();
  if (found === owner) return;
  throw new StorageError(
    'wrong-mode',
    `${file} holds ${String(found)} data, not ${owner}: modes never share a database`,
  );
}

function stampOwner(database: Database, owner: string): void {
  database.exec('CREATE TABLE IF NOT EXISTS owner (name TEXT PRIMARY KEY) STRICT');
  database.prepare('INSERT OR IGNORE INTO owner VALUES (?)').run(owner);
}

function asStorageError(error: unknown, file: string): unknown {
  if (!(error instanceof Sqlite.SqliteError)) return error;
  const { code } = error;
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    return new StorageError('corrupt', `${file} is damaged or not a database: restore a backup or move it away`, {
      cause: error,
    });
  }
  if (code === 'SQLITE_CANTOPEN' || code.startsWith('SQLITE_READONLY')) {
    return new StorageError('read-only', `${file} cannot be written: check its rights and the disk`, { cause: error });
  }
  return new StorageError('unusable', `${file}: ${error.message}`, { cause: error });
}
