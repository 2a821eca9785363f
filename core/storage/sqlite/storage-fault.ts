import { missingDatabase } from '../native-part.ts';
import { StorageError } from '../storage-error.ts';
import { codeOf } from './hiccup.ts';

/** The error in the trader's words, where it is the database's or the file system's. */
export function asStorageError(error: unknown, file: string): unknown {
  if (error instanceof StorageError) return error;
  const missing = missingDatabase(error);
  if (missing !== null) return missing;
  const code = codeOf(error);
  if (code === undefined) return error;
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    return new StorageError(
      'corrupt',
      `${file} is damaged or not a database: restore a backup with tradebot db restore FILE, or move it away`,
      { cause: error },
    );
  }
  if (code.startsWith('SQLITE_BUSY')) {
    return new StorageError('locked', `${file} is in use by another program: close it and try again`, {
      cause: error,
    });
  }
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'SQLITE_IOERR_WRITE') {
    return new StorageError(
      'no-room',
      `${file}: there is no room on the disk (${code}): make some and try again; nothing was changed`,
      { cause: error },
    );
  }
  if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY')) {
    return new StorageError('read-only', `${file} cannot be written: check its rights and the disk`, {
      cause: error,
    });
  }
  if (code.startsWith('SQLITE_CONSTRAINT') || code === 'SQLITE_ERROR') {
    return new StorageError(
      'unusable',
      `${file} holds what this version cannot take over (${String(error)}); nothing is lost: the version before goes on with the copy beside it`,
      { cause: error },
    );
  }
  return new StorageError('unusable', `${file} cannot be used (${code}): check the disk`, { cause: error });
}
