import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Reading and writing one small file so that it is either there as a whole, over a power cut, or not at all. */

/**
 * Writes the text to a temporary file, flushes it, renames it over the target and flushes the directory. When this
 * returns, the file survives a power cut. Throws what the file system throws; the target is then as it was before.
 */
export function writeDurably(path: string, text: string): void {
  const directory = dirname(path);
  mkdirSync(directory, { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  syncDirectory(directory);
}

/** Removes the file and flushes the directory; no file is no error. Throws what the file system throws. */
export function removeDurably(path: string): void {
  rmSync(path, { force: true });
  syncDirectory(dirname(path));
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

export function read(path: string): string {
  return readFileSync(path, 'utf8');
}

function syncDirectory(directory: string): void {
  // Windows can neither open nor flush a directory; its file system journals the rename itself.
  if (process.platform === 'win32') return;
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
