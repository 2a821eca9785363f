import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Mode } from '../../contract/index.ts';
import { TraderError } from '../../domain/index.ts';
import { isHeld } from '../../storage/index.ts';
import { type Instance, noted } from '../installation/instances.ts';

/** A data directory on which a program of this user runs, hangs, has crashed, or may be started. */
export interface KillTarget {
  readonly directory: string;
  /** What its program said of itself last; undefined where none did. */
  readonly instance: Instance | undefined;
  /** Where that was said. */
  readonly folder: string | undefined;
}

export interface TargetQuestion {
  /** Where programs of this user are noted. */
  readonly folders: readonly string[];
  /** The only one that is meant; undefined: all of them. */
  readonly directory: string | undefined;
  /** Where a program has its data when nobody says otherwise. */
  readonly usual: string;
}

export interface KillTargets {
  readonly targets: readonly KillTarget[];
  /** Directories of other programs, which were not asked for. */
  readonly others: readonly string[];
}

/**
 * Finds what is to be stopped: all that is noted, or the one directory that is named; where nothing is noted, the usual
 * directory. Makes none.
 *
 * @throws TraderError when the directory that is named is none.
 */
export function killTargets({ folders, directory, usual }: TargetQuestion): KillTargets {
  const running = folders.flatMap((folder) =>
    noted(folder).map((instance) => ({ directory: instance.directory, instance, folder })),
  );
  if (directory !== undefined) {
    const isMeant = (each: KillTarget): boolean => realPath(each.directory) === realPath(directory);
    const [found] = running.filter(isMeant);
    if (found === undefined) requireDataDirectory(directory);
    const others = running.filter((each) => !isMeant(each)).map((each) => each.directory);
    return { targets: [found ?? silent(directory)], others };
  }
  const isKnown = running.some((each) => realPath(each.directory) === realPath(usual));
  const isUsed = !isKnown && isDataDirectory(usual) && (running.length === 0 || isHeld(usual));
  return { targets: isUsed ? [...running, silent(usual)] : running, others: [] };
}

/** The note of a program, as it is now. */
export function noteOf({ folder, directory }: KillTarget): Instance | undefined {
  return folder === undefined ? undefined : noted(folder).find((each) => each.directory === directory);
}

/** Modes that have a database in a directory. */
export function modesIn(directory: string, modes: readonly Mode[]): readonly Mode[] {
  return modes.filter((mode) => existsSync(resolve(directory, `${mode}.sqlite`)));
}

const silent = (directory: string): KillTarget => ({
  directory: resolve(directory),
  instance: undefined,
  folder: undefined,
});

function requireDataDirectory(directory: string): void {
  if (isDataDirectory(directory)) return;
  const what = existsSync(directory) ? 'is no data directory of this program' : 'does not exist';
  throw new TraderError(
    'bad-input',
    `--data-dir: ${resolve(directory)} ${what}: nothing was stopped, and nothing was created there. Without --data-dir every running program is stopped`,
  );
}

const OURS =
  /^(engine\.lock|layout-version|installation-id|settings\.json|kill-switch\.json|[a-z-]+\.sqlite)$/;

/** Whether a program has run here, or could: an empty folder is one that was made for it. */
function isDataDirectory(directory: string): boolean {
  try {
    const names = readdirSync(directory);
    return names.length === 0 || names.some((name) => OURS.test(name));
  } catch {
    // None, or one that cannot be looked into: no program of this user runs there.
    return false;
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
