import Sqlite from 'better-sqlite3';
import { glibcVersion, missingPartAdvice, thisMachine } from '../platform/index.ts';
import { StorageError } from './storage-error.ts';

/** The fault of whoever asked for SQLite where its binary cannot be loaded, with what to do; null: it is another. */
export function missingDatabase(error: unknown): StorageError | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  const isAbsent = error.code === 'MODULE_NOT_FOUND' && /better.sqlite3/.test(error.message);
  if (!isAbsent && error.code !== 'ERR_DLOPEN_FAILED') return null;
  const advice = missingPartAdvice(thisMachine(), glibcVersion(), 'database', error);
  return new StorageError('unusable', advice, { cause: error });
}

/** Loads the database's native part. @throws StorageError with what to do where it cannot be had. */
export function requireDatabase(): void {
  try {
    new Sqlite(':memory:').close();
  } catch (error) {
    throw missingDatabase(error) ?? error;
  }
}
