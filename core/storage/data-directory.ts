import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { StorageError } from './storage-error.ts';

/** Goes up when an older program could damage a directory of a newer one. */
const LAYOUT_VERSION = 1;
const LOCK_FILE = 'engine.lock';
const HOLDER_FILE = 'engine.pid';
const VERSION_FILE = 'layout-version';

/** The folder of one engine: databases, logs, latch. Held by one process at a time. */
export interface DataDirectory {
  readonly path: string;
  /** Gives the lock back. */
  close(): void;
}

/**
 * Takes a data directory for this process, making it where there is none. The lock is an exclusive transaction on a
 * small SQLite file, which the system releases however the process ends.
 *
 * @throws StorageError when it cannot be written, another engine holds it, or a newer version made it.
 */
export function openDataDirectory(path: string): DataDirectory {
  const directory = resolve(path);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new StorageError('read-only', `${directory} cannot be made: choose another --data-dir`, { cause });
  }
  checkVersion(directory);
  const lock = takeLock(directory);
  try {
    writeFileSync(join(directory, VERSION_FILE), `${LAYOUT_VERSION}\n`);
    writeFileSync(join(directory, HOLDER_FILE), `${process.pid}\n`);
  } catch (cause) {
    lock.close();
    throw notWritable(directory, cause);
  }
  let held = true;
  return {
    path: directory,
    close() {
      if (held) lock.close();
      held = false;
    },
  };
}

function checkVersion(directory: string): void {
  const found = Number(readIfThere(join(directory, VERSION_FILE)) ?? LAYOUT_VERSION);
  if (found <= LAYOUT_VERSION) return;
  throw new StorageError(
    'newer-version',
    `${directory} was made by a newer version of the program: update it, or choose another --data-dir`,
  );
}

function takeLock(directory: string): Database {
  let lock: Database | undefined;
  try {
    lock = new Sqlite(join(directory, LOCK_FILE), { timeout: 0 });
    lock.pragma('locking_mode = EXCLUSIVE');
    lock.exec('BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS held (x); COMMIT;');
    return lock;
  } catch (cause) {
    lock?.close();
    if (cause instanceof Sqlite.SqliteError && cause.code.startsWith('SQLITE_BUSY')) {
      const holder = readIfThere(join(directory, HOLDER_FILE))?.trim() ?? 'unknown';
      const message = `${directory} is in use by another engine (process ${holder}): stop it, or choose another --data-dir`;
      throw new StorageError('locked', message, { cause });
    }
    throw notWritable(directory, cause);
  }
}

function notWritable(directory: string, cause: unknown): StorageError {
  return new StorageError('read-only', `${directory} cannot be written: check its rights, or choose another --data-dir`, {
    cause,
  });
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not there yet, or not readable: the write that follows says so.
    return undefined;
  }
}
