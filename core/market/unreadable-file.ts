import { DataError } from './data-error.ts';

/** What the system says of a file that cannot be opened, for the trader. */
export function unreadableFile(path: string, cause: unknown): DataError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT')
    return new DataError('not-found', `${path}: there is no such file; check the path`, { cause });
  if (code === 'EISDIR')
    return new DataError('not-a-file', `${path}: it is a folder; give a file`, { cause });
  return new DataError(
    'unreadable',
    `${path}: it cannot be read (${String(code)}); check the file and its permissions`,
    { cause },
  );
}
