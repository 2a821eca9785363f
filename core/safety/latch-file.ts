import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { threadId } from 'node:worker_threads';
import { flushFolder, takesName, takesNameMeanwhile, writeFlushed } from '../platform/index.ts';

/** Reading and writing one small file so that it is either there as a whole, over a power cut, or not at all. */

/**
 * Writes the text to a temporary file, flushes it, renames it over the target and flushes the directory. When this
 * returns, the file survives a power cut. Where the name cannot be taken for most of a second, the target itself is written.
 * Throws what the file system throws; the target is then as it was before, or what is in it cannot be read.
 */
export function writeDurably(path: string, text: string): void {
  const directory = dirname(path);
  mkdirSync(directory, { recursive: true });
  // Two threads of one process may write at once.
  const temporary = `${path}.${process.pid}.${threadId}.tmp`;
  writeFlushed(temporary, text);
  if (!takesName(temporary, path)) {
    writeFlushed(path, text);
    rmSync(temporary, { force: true });
  }
  flushFolder(directory);
}

/** The same, and the program goes on meanwhile. One at a time for a path. Rejects with what the file system throws. */
export async function writeDurablyMeanwhile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  if (!(await takesNameMeanwhile(temporary, path))) {
    writeFlushed(path, text);
    await rm(temporary, { force: true });
  }
  flushFolder(dirname(path));
}

/** Adds a text at the file's end and flushes it. Throws what the file system throws. */
export function appendDurably(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY, 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * The file's last bytes, the first of which may be the middle of a line. Never waits.
 *
 * @throws TypeError when it is no regular file; else what the file system throws.
 */
export function readEnd(path: string, bytes: number): string {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new TypeError(`${path} is no regular file`);
    const end = Buffer.alloc(Math.min(bytes, stats.size));
    return end.toString('utf8', 0, readSync(file, end, 0, end.length, stats.size - end.length));
  } finally {
    closeSync(file);
  }
}

/** Removes the file and flushes the directory; no file is no error. Throws what the file system throws. */
export function removeDurably(path: string): void {
  rmSync(path, { force: true });
  flushFolder(dirname(path));
}

/**
 * Whether there is anything at this path. Whatever is not a plain no counts as a yes: a directory that cannot be
 * searched may hide a file.
 */
export function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // Answered, not ignored: who cannot look must assume that it is there.
    return true;
  }
}

/** How many bytes the file has; 0 where there is none, or nobody can look. */
export function sizeOf(path: string): number {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
  } catch {
    // Answered, not ignored: who cannot look cannot read either, and is told so when he does.
    return 0;
  }
}

/** More than any latch is long, and than what is owned of some hundred symbols. */
const MOST_BYTES = 65_536;

/**
 * The file's text. Never waits: a pipe that nobody writes to, or a device without an end, would stop the whole program.
 *
 * @throws TypeError when it is no regular file, or too large; else what the file system throws.
 */
export function read(path: string): string {
  // Windows has no such files, and not this flag either: it counts as 0 then.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new TypeError(`${path} is no regular file`);
    if (stats.size > MOST_BYTES) throw new TypeError(`${path} is too large: it is ${stats.size} bytes long`);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}
