import { closeSync, existsSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { flushFolder, takesName } from '../../platform/index.ts';
import { StorageError } from '../storage-error.ts';
import { asStorageError } from './storage-fault.ts';

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
export function copyDatabase(file: string, copy: string): void {
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
    if (!takesName(unfinished, copy)) throw heldFault(copy);
    flushFolder(dirname(copy));
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw asStorageError(error, file);
  }
}

/** What is said where another program, such as a virus scanner, does not let go of a file. */
export function heldFault(file: string): StorageError {
  return new StorageError('unusable', `${file} is held by another program: close it, and try again`);
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

/** Has a file on the disk. Throws what the file system throws. */
export function flush(path: string): void {
  // Windows flushes what is open for writing, and nothing else.
  const handle = openSync(path, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
