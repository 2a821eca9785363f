import {
  chmodSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';
import { PLATFORM, type Platform } from './machine.ts';

/** How long whatever holds a file, as a virus scanner does on Windows, is waited for between two tries. */
const HELD_PAUSES_MS = [10, 40, 150, 400, 0] as const;
/** Tried once. */
const AT_ONCE = [0] as const;
const HELD_CODES: ReadonlySet<unknown> = new Set(['EPERM', 'EACCES', 'EBUSY']);

/** Whether files have an owner's rights that can be set and read. */
export function hasFileModes(platform: Platform): boolean {
  return platform !== 'win32';
}

/** Whether an error says that somebody else holds the file at the moment. */
export function isHeld(error: unknown): boolean {
  return error instanceof Error && 'code' in error && HELD_CODES.has(error.code);
}

/**
 * Renames; false where somebody else holds one of the two for most of a second. Throws what else the file system throws.
 * Holds this thread up: what is written here is not to be overtaken.
 */
export function takesName(from: string, to: string, pausesMs: readonly number[] = HELD_PAUSES_MS): boolean {
  for (const pauseMs of pausesMs) {
    try {
      renameSync(from, to);
      return true;
    } catch (error) {
      if (!isHeld(error)) throw error;
      pause(pauseMs);
    }
  }
  return false;
}

/** The same, and the program goes on meanwhile. */
export async function takesNameMeanwhile(from: string, to: string): Promise<boolean> {
  for (const pauseMs of HELD_PAUSES_MS) {
    try {
      renameSync(from, to);
      return true;
    } catch (error) {
      if (!isHeld(error)) throw error;
      await setTimeout(pauseMs);
    }
  }
  return false;
}

/** Holds this thread. */
export function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

export interface WholeWriting {
  /** Whether it is on the disk afterwards. Default: yes. */
  readonly isFlushed?: boolean;
  /** Whether whoever holds the file is waited for, and this thread with it. Default: yes. */
  readonly isPatient?: boolean;
}

/**
 * Writes the text beside the file, flushes it and renames it over the file, which has the old or the new text at every
 * moment. Where somebody holds the name for most of a second, the file itself is written. For its owner's eyes alone.
 *
 * @throws Error what the file system throws; nothing is left beside the file then.
 */
export function writeWhole(
  path: string,
  text: string,
  { isFlushed = true, isPatient = true }: WholeWriting = {},
): void {
  const write = isFlushed ? writeFlushed : writePrivate;
  // Two threads of one process may write at once.
  const unfinished = `${path}.${process.pid}.${threadId}.tmp`;
  try {
    write(unfinished, text);
    if (takesName(unfinished, path, isPatient ? HELD_PAUSES_MS : AT_ONCE)) return;
    write(path, text);
    rmSync(unfinished, { force: true });
  } catch (error) {
    leaveNothing(unfinished);
    throw error;
  }
}

function leaveNothing(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // What went wrong before is what is told.
  }
}

function writePrivate(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
}

/** Writes a file for its owner's eyes alone, and has it on the disk. Throws what the file system throws. */
export function writeFlushed(path: string, text: string): void {
  const file = openSync(path, 'w', 0o600);
  try {
    writeFileSync(file, text);
    // On macOS too this reaches the disk itself: Node asks for F_FULLFSYNC there.
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Has a folder's list of names on the disk; false where that cannot be had, as some file systems do not flush folders.
 * Windows can neither open nor flush one, and needs not: its file system journals a new name itself.
 */
export function flushFolder(folder: string, platform: Platform = PLATFORM): boolean {
  if (platform === 'win32') return true;
  try {
    const handle = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    return true;
  } catch {
    // Answered, not ignored: whoever asked decides what that means.
    return false;
  }
}

/**
 * Takes the rights of everybody but the owner from a file. What went wrong, or null: a stick in exFAT and a share of a
 * server have no rights to take, which is told and stops nothing. No file is no error.
 */
export function makePrivate(path: string, platform: Platform = PLATFORM): Error | null {
  if (!hasFileModes(platform)) return null;
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  if ((mode & 0o077) === 0) return null;
  try {
    chmodSync(path, mode & 0o700);
    const isKept = (statSync(path).mode & 0o077) === 0;
    return isKept ? null : new Error(`the file system of ${path} keeps no rights`);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/**
 * What SQLite has to be told so that a write is on the disk and not only in the drive's memory: macOS makes a difference
 * between the two, and SQLite by default none.
 */
export function flushingPragmas(platform: Platform): readonly string[] {
  return platform === 'darwin' ? ['fullfsync = ON', 'checkpoint_fullfsync = ON'] : [];
}
