import { readFileSync } from 'node:fs';
import { makePrivate, writeWhole } from '../platform/index.ts';

/** Writes a file that only its owner may read, whole or not at all. @throws the system's error; what was there stays. */
export function writePrivateFile(path: string, text: string): void {
  writeWhole(path, text);
}

/** The text of such a file, taken from others' eyes where it was not; undefined when there is none. @throws otherwise. */
export function readPrivateFile(path: string): string | undefined {
  try {
    // A file that was copied or unpacked may be readable by others.
    makePrivate(path);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
