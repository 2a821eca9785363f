import { closeSync, existsSync, openSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { flushingPragmas, makePrivate, PLATFORM } from '../../platform/index.ts';
import { StorageError } from '../storage-error.ts';
import { copyDatabase } from './copy.ts';
import {
  checkApplied,
  isBehind,
  type Migration,
  migrate,
  migrationsFolder,
  readMigrations,
} from './migrations.ts';
import { asStorageError } from './storage-fault.ts';

export interface DatabaseOptions {
  readonly file: string;
  /** What the file is for (a mode's name, `history`): stamped into it, and checked ever after. */
  readonly owner: string;
  /** Default: the program's own. */
  readonly migrationsFolder?: string;
  /** True: what is in it can be had again, or is no loss, and nothing waits for the disk. Losing power may lose the last of it. */
  readonly rebuildable?: boolean;
  /** Whether it is kept as it was before a newer version changes it. Default: where it is not rebuildable. */
  readonly keepsOld?: boolean;
}

/** How long opening waits for another process. Nothing else is going on yet. */
const OPENING_TIMEOUT_MS = 1_000;
/**
 * How long a write waits for another process: some times what a short write takes. The event loop stands still
 * meanwhile, and with it the kill switch: a write that cannot be had by then fails, and whoever wrote goes on without.
 */
export const BUSY_TIMEOUT_MS = 100;

/**
 * Opens a database, creating and migrating it as needed: WAL and synchronous=FULL, so that what was written before
 * a call returned survives the process and the machine; the process alone where it is `rebuildable`.
 *
 * @throws StorageError with one clear line; a file that cannot be used is left as it is.
 */
export function openDatabase(options: DatabaseOptions): Database {
  const { file, owner, rebuildable = false } = options;
  const keepsOld = options.keepsOld ?? !rebuildable;
  const migrations = readMigrations(options.migrationsFolder ?? migrationsFolder());
  let database: Database | undefined;
  try {
    keepPrivate(file);
    database = new Sqlite(file, { timeout: OPENING_TIMEOUT_MS });
    const fresh = isNew(database);
    if (!fresh) inspect(database, file, owner, migrations);
    configure(database, rebuildable);
    if (fresh) stamp(database, owner);
    inspect(database, file, owner, migrations);
    if (!fresh && keepsOld && isBehind(database, migrations)) keepBefore(file, migrations);
    migrate(database, migrations);
    database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
    return database;
  } catch (error) {
    database?.close();
    throw asStorageError(error, file);
  }
}

/** For the trader's eyes alone: SQLite gives the files that it makes beside it the same rights. */
function keepPrivate(file: string): void {
  if (file === ':memory:') return;
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
  // Where that cannot be had, as on a stick in exFAT, the start of the program says so once.
  for (const each of [file, `${file}-wal`, `${file}-shm`]) makePrivate(each);
}

/**
 * Keeps a copy of a database as the version before left it, beside it; the copy of an earlier change goes then. One that is
 * there already is of a change that did not come to its end.
 */
function keepBefore(file: string, migrations: readonly Migration[]): void {
  const copy = `${file}.before-${String(migrations.length).padStart(4, '0')}`;
  if (!existsSync(copy)) copyDatabase(file, copy);
  const earlier = `${basename(file)}.before-`;
  for (const name of readdirSync(dirname(file))) {
    if (name === basename(copy) || !name.startsWith(earlier)) continue;
    if (/^\d{4}$/.test(name.slice(earlier.length))) rmSync(join(dirname(file), name), { force: true });
  }
}

function isNew(database: Database): boolean {
  return database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
}

/** Reads, and only reads, whether the file is this program's, of this owner, and not of a newer version. */
function inspect(database: Database, file: string, owner: string, migrations: readonly Migration[]): void {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  if (!tables.includes('owner') || !tables.includes('migrations')) {
    throw new StorageError('unusable', `${file} belongs to another program: move it away`);
  }
  const found = database.prepare('SELECT name FROM owner').pluck().get();
  if (found !== owner) {
    throw new StorageError(
      'wrong-mode',
      `${file} holds ${String(found)} data, not ${owner}: modes never share a database`,
    );
  }
  checkApplied(database, migrations, file);
}

function configure(database: Database, rebuildable: boolean): void {
  database.pragma('journal_mode = WAL');
  database.pragma(`synchronous = ${rebuildable ? 'NORMAL' : 'FULL'}`);
  for (const pragma of rebuildable ? [] : flushingPragmas(PLATFORM)) database.pragma(pragma);
  database.pragma('foreign_keys = ON');
  // Without it INSERT OR REPLACE would pass by the triggers that keep the ledger append-only.
  database.pragma('recursive_triggers = ON');
}

/** Says in the file whose it is, before anything else is written. What an earlier owner said stays. */
function stamp(database: Database, owner: string): void {
  database
    .transaction(() => {
      database.exec(
        `CREATE TABLE IF NOT EXISTS owner (id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL) STRICT;
         CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT, sha256 TEXT) STRICT;`,
      );
      database.prepare('INSERT OR IGNORE INTO owner VALUES (1, ?)').run(owner);
    })
    .immediate();
}
