import { constants, copyFileSync, existsSync, linkSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { flushFolder, takesName } from '../../platform/index.ts';
import { copyDatabase, flush, heldFault } from './copy.ts';
import { type DatabaseOptions, openDatabase } from './database.ts';
import { asStorageError } from './storage-fault.ts';

/** Beside a database's own file: its log, and that one's index. */
const PARTS = ['-wal', '-shm'] as const;

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
  copyDatabase(backup, prepared);
  try {
    // Whose it is, of which version; brings it to this one. Its log goes into it when it is closed.
    const database = openDatabase({ ...options, file: prepared, keepsOld: false });
    // A server that mirrors these books may have heard of what they no longer have.
    database.exec('UPDATE sync_state SET server = NULL');
    database.close();
    settle(file);
    if (existsSync(file)) keepAside(file, aside);
    for (const part of PARTS) {
      // The log of a database that is too damaged to take it in: not to be taken for the backup's.
      if (existsSync(`${file}${part}`)) rename(`${file}${part}`, `${aside}${part}`);
    }
    rename(prepared, file);
    flushFolder(dirname(file));
  } catch (error) {
    forget(prepared);
    throw asStorageError(error, backup);
  }
}

/**
 * Gives a file a second name. A stick in exFAT and some shares of a server know no second names: there it is copied.
 *
 * @throws Error what the file system throws; a file of that name stays as it is.
 */
export function keepAside(file: string, aside: string, link: typeof linkSync = linkSync): void {
  try {
    link(file, aside);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw error;
    copyFileSync(file, aside, constants.COPYFILE_EXCL);
    flush(aside);
  }
}

function rename(from: string, to: string): void {
  if (!takesName(from, to)) throw heldFault(to);
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

function forget(file: string): void {
  for (const part of ['', ...PARTS]) rmSync(`${file}${part}`, { force: true });
}
