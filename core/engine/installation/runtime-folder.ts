import { lstatSync, mkdirSync } from 'node:fs';
import { type Environment, runtimeFolders, thisMachine } from '../../platform/index.ts';

/** Where this process is noted. */
export function ownRuntimeFolder(environment: Environment): string {
  return ownRuntimeFolders(environment)[0];
}

/** Where others of this user may be. */
export function ownRuntimeFolders(environment: Environment): readonly [string, ...string[]] {
  return runtimeFolders(thisMachine(environment));
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
