import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../domain/index.ts';

const FILE = 'installation-id';
const CHARACTERS = 3;
const CODES = 36 ** CHARACTERS;

/**
 * Three characters that tell this installation's orders from those of another one on the same venue account. Chosen at
 * the first start and kept in the data directory; a directory that is copied to another computer takes its orders along.
 *
 * @throws Error what the file system throws, when it can be neither read nor written.
 */
export function installationId(directory: string, random: Random): string {
  const path = join(directory, FILE);
  const stored = storedInstallationId(directory);
  if (stored !== undefined) return stored;
  const id = Math.floor(random.next() * CODES)
    .toString(36)
    .padStart(CHARACTERS, '0');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(path, `${id}\n`, { mode: 0o600 });
  return id;
}

/** The one that was chosen; undefined: none was yet. @throws Error what the file system throws. */
export function storedInstallationId(directory: string): string | undefined {
  const path = join(directory, FILE);
  const stored = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  return /^[0-9a-z]{3}$/.test(stored) ? stored : undefined;
}
