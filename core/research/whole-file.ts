import { createWriteStream, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { DataError } from '../market/index.ts';
import { takesName } from '../platform/index.ts';

/**
 * Writes text to a file as it comes, in gzip when the name ends in `.gz`; beside the name first, so that a run that
 * breaks off leaves nothing that looks whole.
 *
 * @throws DataError `unwritable`, or whatever ends `chunks`.
 */
export async function writeWhole(
  path: string,
  chunks: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  const part = `${path}.part`;
  try {
    const compress = path.endsWith('.gz') ? [createGzip()] : [];
    await pipeline([Readable.from(chunks), ...compress, createWriteStream(part)]);
    if (!takesName(part, path))
      throw new DataError(
        'unwritable',
        `${path}: another program has it open; close that, or choose another name`,
      );
  } catch (cause) {
    rmSync(part, { force: true });
    const isOfTheSystem = cause instanceof Error && 'syscall' in cause && 'code' in cause;
    if (!isOfTheSystem) throw cause;
    const message = `${path}: it cannot be written (${String(cause.code)}); check the folder`;
    throw new DataError('unwritable', message, { cause });
  }
}
