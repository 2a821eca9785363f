import { lstatSync, mkdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Surroundings } from './default-directory.ts';

export interface RuntimeSurroundings extends Surroundings {
  /** The system's folder for temporary files. */
  readonly temporary: string;
  /** The user's number; undefined where users have none. */
  readonly userId: number | undefined;
}

/** Where running programs of this user are noted: a folder that is the user's own and goes with his session. */
export function runtimeFolder(surroundings: RuntimeSurroundings): string {
  const { platform, environment, home, temporary, userId } = surroundings;
  if (platform === 'win32')
    return join(environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'LLM-TradeBot', 'running');
  const own = environment['XDG_RUNTIME_DIR'];
  return own ? join(own, 'llm-tradebot') : join(temporary, `llm-tradebot-${userId ?? 'user'}`);
}

/** The same of this process. The same for every host, or `tradebot kill` would not find it. */
export function ownRuntimeFolder(environment: Surroundings['environment']): string {
  return runtimeFolder({
    platform: process.platform,
    environment,
    home: homedir(),
    temporary: tmpdir(),
    userId: userId(),
  });
}

/** The user's number; undefined where users have none. */
export function userId(): number | undefined {
  return process.getuid?.();
}

/**
 * Makes the folder where there is none. One that others may write to is not used: what they noted there would be taken
 * for programs of this user.
 *
 * @throws Error what the file system throws, or that the folder is not the user's own.
 */
export function requireOwnFolder(folder: string, userId: number | undefined): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  const isOwn = userId === undefined || (found.uid === userId && (found.mode & 0o077) === 0);
  if (!found.isDirectory() || !isOwn) throw new Error(`${folder} is not a folder of this user alone`);
}
