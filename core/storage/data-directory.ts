import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { missingDatabase } from './native-part.ts';
import { StorageError } from './storage-error.ts';

/** Goes up when an older program could damage a directory of a newer one. */
const LAYOUT_VERSION = 1;
const LOCK_FILE = 'engine.lock';
/** Says who holds the lock, for the message only: what counts is the lock. */
const HOLDER_FILE = 'engine.pid';
/** There in every data directory, of the rights that the others have. */
export const LAYOUT_FILE = 'layout-version';

/** What holds a data directory: an engine, or whoever closes in the place of one. */
export type Holder = 'engine' | 'guardian' | 'kill';

/** What is said to whoever finds it held: who that is, and what to do. */
const HELD: Readonly<Record<Holder, { readonly by: string; readonly advice: string }>> = {
  engine: { by: 'another engine', advice: 'stop it, or choose another --data-dir' },
  guardian: {
    by: 'the guardian, which closes what a program left open',
    advice: 'wait until it has ended, and start again: trading is halted then, until you reset it',
  },
  kill: {
    by: '`tradebot kill`, which closes what a program left open',
    advice: 'wait until it has ended, and start again: trading is halted then, until you reset it',
  },
};

/** The folder of one engine: databases, logs, latch. Held by one process at a time. */
export interface DataDirectory {
  readonly path: string;
  /** Gives the lock back. Calling it twice does no harm. */
  close(): void;
}

/**
 * Takes a data directory for this process, making it where there is none. The lock is SQLite's exclusive lock on a
 * small file, which the system releases however the process ends.
 *
 * @param as what this process is to others that want it meanwhile.
 * @throws StorageError when it cannot be written, another engine holds it, or a newer version made it.
 */
export function openDataDirectory(path: string, as: Holder = 'engine'): DataDirectory {
  const directory = resolve(path);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new StorageError('read-only', `${directory} cannot be made: choose another --data-dir`, { cause });
  }
  const version = layoutVersion(directory);
  const lock = takeLock(directory);
  try {
    if (version !== LAYOUT_VERSION) writeFileSync(join(directory, LAYOUT_FILE), `${LAYOUT_VERSION}\n`);
    writeFileSync(
      join(directory, HOLDER_FILE),
      as === 'engine' ? `${process.pid}\n` : `${process.pid} ${as}\n`,
    );
  } catch (cause) {
    lock.close();
    throw notWritable(directory, cause);
  }
  let held = true;
  return {
    path: directory,
    close() {
      if (!held) return;
      held = false;
      rmSync(join(directory, HOLDER_FILE), { force: true });
      lock.close();
    },
  };
}

/**
 * Takes a turn that one process at a time may have; the system gives it back however that ends. Null: another has it.
 *
 * @param file made where there is none. @throws Error when it cannot be written.
 */
export function takeTurn(file: string): { close(): void } | null {
  try {
    return exclusive(file);
  } catch (error) {
    if (isBusy(error)) return null;
    throw error;
  }
}

/** Whether a process holds a data directory, also one that hangs. Asking leaves nothing behind and holds nobody up. */
export function isHeld(path: string): boolean {
  const file = join(resolve(path), LOCK_FILE);
  if (!existsSync(file)) return false;
  let lock: Database | undefined;
  try {
    lock = new Sqlite(file, { timeout: 0, readonly: true });
    lock.prepare('SELECT 1 FROM sqlite_schema').get();
    return false;
  } catch (error) {
    // Whatever is not a plain no: who takes a held directory for a free one lets two act on one account.
    return !(error instanceof Sqlite.SqliteError && error.code === 'SQLITE_NOTADB');
  } finally {
    lock?.close();
  }
}

/** The layout a directory has, 0 where it has none yet. @throws StorageError when a newer version made it. */
function layoutVersion(directory: string): number {
  const found = Number(readIfThere(join(directory, LAYOUT_FILE)) ?? 0);
  if (found <= LAYOUT_VERSION) return found;
  throw new StorageError(
    'newer-version',
    `${directory} was made by a newer version of the program: update it, or choose another --data-dir`,
  );
}

function exclusive(file: string): Database {
  const lock = new Sqlite(file, { timeout: 0 });
  try {
    // Kept until the connection ends, not only until the transaction does.
    lock.pragma('locking_mode = EXCLUSIVE');
    lock.exec('BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS held (x); COMMIT;');
    return lock;
  } catch (error) {
    lock.close();
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

function takeLock(directory: string): Database {
  try {
    return exclusive(join(directory, LOCK_FILE));
  } catch (cause) {
    if (isBusy(cause)) {
      throw new StorageError('locked', heldWords(directory), { cause });
    }
    throw missingDatabase(cause) ?? notWritable(directory, cause);
  }
}

/** Who holds the lock and since when: the process wrote its number, and what it is, when it took it. */
function heldWords(directory: string): string {
  const file = join(directory, HOLDER_FILE);
  const [process, as] = readIfThere(file)?.trim().split(' ') ?? [];
  const since = statSync(file, { throwIfNoEntry: false })?.mtime.toISOString();
  const which =
    process === undefined || since === undefined ? 'just started' : `process ${process} since ${since}`;
  const { by, advice } = HELD[as === 'guardian' || as === 'kill' ? as : 'engine'];
  return `${directory} is in use by ${by} (${which}): ${advice}`;
}

function notWritable(directory: string, cause: unknown): StorageError {
  const message = `${directory} cannot be written: check its rights, or choose another --data-dir`;
  return new StorageError('read-only', message, { cause });
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not there yet, or not readable: the write that follows says so.
    return undefined;
  }
}
