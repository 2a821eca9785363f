import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { StorageError } from '../storage-error.ts';
import { asStorageError, type DatabaseOptions, openDatabase } from './database.ts';

/** Beside a database's own file: its log, and that one's index. */
const PARTS = ['-wal', '-shm'] as const;

/** What is wrong with a database's pages; null: nothing. Reads all of it. */
export function damageOf(database: Database): string | null {
  const found = String(database.pragma('quick_check(1)', { simple: true }));
  return found === 'ok' ? null : found;
}

/**
 * Writes a copy of a database as it is at one moment, beside whoever writes to it: nobody is held up, and nothing that
 * was committed before is missing. The copy is there whole, or not at all.
 *
 * @throws StorageError when the database cannot be read, or something is there already.
 */
export function backUpDatabase(file: string, copy: string): void {
  if (existsSync(copy)) throw new StorageError('unusable', `${copy} is there already: choose another name`);
  if (!existsSync(file))
    throw new StorageError('unusable', `${file} is not there: there is nothing to keep yet`);
  const unfinished = `${copy}.unfinished`;
  try {
    rmSync(unfinished, { force: true });
    // SQLite fills an empty file; made by us, nobody else can read it.
    closeSync(openSync(unfinished, 'wx', 0o600));
    const database = new Sqlite(file, { readonly: true, fileMustExist: true });
    try {
      database.prepare('VACUUM INTO ?').run(unfinished);
    } finally {
      database.close();
    }
    requireWhole(unfinished);
    flush(unfinished);
    renameSync(unfinished, copy);
    flush(dirname(copy));
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw asStorageError(error, file);
  }
}

export interface RestoreOptions extends Pick<DatabaseOptions, 'file' | 'owner' | 'migrationsFolder'> {
  readonly backup: string;
  /** What was there before gets this name. */
  readonly aside: string;
}

/**
 * Puts a backup in a database's place, whose program must not run. What was there is kept beside it, also where it is
 * damaged; at no moment is there nothing.
 *
 * @throws StorageError, and nothing has changed, when the backup is damaged, another owner's, or of a newer version.
 */
export function restoreDatabase({ backup, file, aside, ...options }: RestoreOptions): void {
  const prepared = `${file}.restoring`;
  forget(prepared);
  backUpDatabase(backup, prepared);
  try {
    // Whose it is, of which version; brings it to this one. Its log goes into it when it is closed.
    const database = openDatabase({ ...options, file: prepared });
    // A server that mirrors these books may have heard of what they no longer have.
    database.exec('UPDATE sync_state SET server = NULL');
    database.close();
    settle(file);
    if (existsSync(file)) linkSync(file, aside);
    for (const part of PARTS) {
      // The log of a database that is too damaged to take it in: not to be taken for the backup's.
      if (existsSync(`${file}${part}`)) renameSync(`${file}${part}`, `${aside}${part}`);
    }
    renameSync(prepared, file);
    flush(dirname(file));
  } catch (error) {
    forget(prepared);
    throw asStorageError(error, backup);
  }
}

/** Has a database take its log in, where it still can. */
function settle(file: string): void {
  if (!existsSync(file)) return;
  let database: Database | undefined;
  try {
    database = new Sqlite(file);
    database.pragma('wal_checkpoint(TRUNCATE)');
  } catch {
    // Too damaged for that, which is what backups are for: its log is kept beside it.
  } finally {
    database?.close();
  }
}

/** @throws StorageError with the way out, when a database is there and is damaged. */
export function requireWhole(file: string): void {
  if (!existsSync(file)) return;
  let database: Database | undefined;
  try {
    database = new Sqlite(file, { readonly: true });
    const damage = damageOf(database);
    if (damage === null) return;
    throw new StorageError(
      'corrupt',
      `${file} is damaged (${damage}): restore a backup with tradebot db restore FILE, or move it away`,
    );
  } catch (error) {
    throw asStorageError(error, file);
  } finally {
    database?.close();
  }
}

function flush(path: string): void {
  // A folder cannot be flushed on Windows, which needs none.
  if (process.platform === 'win32' && statSync(path).isDirectory()) return;
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function forget(file: string): void {
  for (const part of ['', ...PARTS]) rmSync(`${file}${part}`, { force: true });
}
