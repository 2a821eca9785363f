import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import { encodingOf } from '../../domain/index.ts';
import { DataError } from '../data-error.ts';
import { unreadableFile } from '../unreadable-file.ts';

/** The widest message, a snapshot of 5,000 levels a side, is a tenth of this: a longer line is another kind of file. */
const LONGEST_LINE = 4 << 20;

/**
 * The lines of a text file, plain or in gzip (told by its first bytes), some at a time: never the whole file in
 * memory. Empty lines are there, a line feed at the end adds none.
 *
 * @throws DataError when the file cannot be read, its gzip data is damaged, or a line has no end.
 */
export async function* recordedLines(path: string): AsyncGenerator<readonly string[], void> {
  const file = basename(path);
  let rest = '';
  for await (const chunk of textOf(path, file)) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE) {
      const message = `${file}: a line is longer than 4 MB; give a recording with one message a line`;
      throw new DataError('unknown-format', message);
    }
    yield lines;
  }
  if (rest !== '') yield [rest];
}

async function* textOf(path: string, file: string): AsyncGenerator<string, void> {
  const handle = await open(path).catch((cause: unknown) => {
    throw unreadableFile(path, cause);
  });
  let isGzip = false;
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    isGzip = buffer[0] === 0x1f && buffer[1] === 0x8b;
    // A stream that is given up half way destroys what it reads from; both end with the loop.
    const bytes: Readable = handle.createReadStream({ start: 0, autoClose: false });
    const gunzip = createGunzip();
    if (isGzip) bytes.on('error', (error) => gunzip.destroy(error)).pipe(gunzip);
    let decoder: TextDecoder | undefined;
    for await (const chunk of isGzip ? gunzip : bytes) {
      const some = chunk as Buffer; // a stream without an encoding gives bytes
      // In whatever a shell has written what it was given: PowerShell makes UTF-16 of it.
      decoder ??= new TextDecoder(encodingOf(some));
      yield decoder.decode(some, { stream: true });
    }
    yield decoder?.decode() ?? '';
  } catch (cause) {
    if (!isGzip || (cause instanceof Error && 'syscall' in cause)) throw unreadableFile(path, cause);
    const message = `${file}: the gzip data is cut short or damaged; download it again`;
    throw new DataError('damaged', message, { cause });
  } finally {
    await handle.close();
  }
}
