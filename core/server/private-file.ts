import { readFileSync } from 'node:fs';
import { makePrivate } from '../platform/index.ts';

/** The text of a file, taken from others' eyes where it was not; undefined when there is none. @throws otherwise. */
export function readPrivateFile(path: string): string | undefined {
  try {
    // One that was copied or unpacked may be readable by others.
    makePrivate(path);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
