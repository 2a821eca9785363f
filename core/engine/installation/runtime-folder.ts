import { lstatSync, mkdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderIn, type Surroundings } from './default-directory.ts';

export interface RuntimeSurroundings extends Surroundings {
  /** The system's folder for temporary files. */
  readonly temporary: string;
  /** The user's number; undefined where users have none. */
  readonly userId: number | undefined;
}

/** In its place, for whoever wants programs to be found by nobody else. */
export const RUNTIME_FOLDER_VARIABLE = 'TRADEBOT_RUNTIME_DIR';

/**
 * Where running programs of this user may be noted: a folder that is the user's own and goes with his session. A program
 * notes itself in the first; whoever looks for one looks in all, since a session, a service and a job by the clock differ
 * in what their environment says of it.
 */
export function runtimeFolders(surroundings: RuntimeSurroundings): readonly [string, ...string[]] {
  const { platform, home, temporary, userId } = surroundings;
  const named = (variable: string): string | undefined => folderIn(surroundings, variable);
  const chosen = named(RUNTIME_FOLDER_VARIABLE);
  if (chosen !== undefined) return [chosen];
  if (platform === 'win32')
    return [join(named('LOCALAPPDATA') ?? join(home, 'AppData', 'Local'), 'LLM-TradeBot', 'running')];
  const session = named('XDG_RUNTIME_DIR');
  const usual = platform === 'linux' && userId !== undefined ? [`/run/user/${userId}`] : [];
  const others = usual.map((folder) => join(folder, 'llm-tradebot'));
  const last = join(temporary, `llm-tradebot-${userId ?? 'user'}`);
  if (session === undefined) return [last, ...others];
  const first = join(session, 'llm-tradebot');
  return [first, ...new Set([...others, last].filter((folder) => folder !== first))];
}

/** Where this process is noted. */
export function ownRuntimeFolder(environment: Surroundings['environment']): string {
  return ownRuntimeFolders(environment)[0];
}

/** Where others of this user may be. */
export function ownRuntimeFolders(environment: Surroundings['environment']): readonly [string, ...string[]] {
  return runtimeFolders({
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
  requireOwn(folder, userId);
}

/** The same of a folder that is there. @throws Error also where there is none. */
export function requireOwn(folder: string, userId: number | undefined): void {
  const found = lstatSync(folder);
  const isOwn = userId === undefined || (found.uid === userId && (found.mode & 0o077) === 0);
  if (!found.isDirectory() || !isOwn) throw new Error(`${folder} is not a folder of this user alone`);
}
