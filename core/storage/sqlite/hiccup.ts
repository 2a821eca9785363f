import Sqlite from 'better-sqlite3';

/** The code of an error of SQLite or of the file system; undefined for a bug of ours. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return error instanceof Sqlite.SqliteError || 'syscall' in error ? error.code : undefined;
}

/** What SQLite says of values that a table does not take, or of a call that makes no sense. */
const OUR_OWN = /^SQLITE_(ERROR|CONSTRAINT|MISMATCH|RANGE|MISUSE|TOOBIG|AUTH|SCHEMA|ABORT)/;

const IN_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^(SQLITE_BUSY|SQLITE_LOCKED)/, 'another program keeps it locked'],
  [/^(SQLITE_FULL|ENOSPC)/, 'the disk is full'],
  [/^(SQLITE_READONLY|SQLITE_PERM|EACCES|EROFS|EPERM)/, 'it is read-only'],
  [/^(SQLITE_CORRUPT|SQLITE_NOTADB)/, 'it is damaged'],
  [/^SQLITE_CANTOPEN/, 'it cannot be opened'],
  [/^(SQLITE_IOERR|EIO)/, 'the disk fails'],
];

/**
 * Why a database cannot be used, in words, when that is the database's matter: the same call may well succeed later.
 * Undefined when the call itself was wrong and would fail for ever.
 */
export function hiccupOf(error: unknown): string | undefined {
  if (error instanceof TypeError && error.message === 'The database connection is not open')
    return 'it is closed';
  const code = codeOf(error);
  if (code === undefined || OUR_OWN.test(code)) return undefined;
  return IN_WORDS.find(([pattern]) => pattern.test(code))?.[1] ?? `it fails (${code})`;
}
