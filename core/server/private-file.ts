import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Writes a file that only its owner may read, whole or not at all. @throws the system's error; what was there stays. */
export function writePrivateFile(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text, { mode: 0o600 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The text of such a file, taken from others' eyes where it was not; undefined when there is none. @throws otherwise. */
export function readPrivateFile(path: string): string | undefined {
  try {
    // A file that was copied or unpacked may be readable by others.
    chmodSync(path, 0o600);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
