import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { UtcMs } from '../../domain/index.ts';

/** Full ones have a number: `tradebot.3.log`. The one that is written to has none. */
const FULL = /\.\d+\.log$/;

/**
 * Deletes the log files of a folder that were last written to before a moment, but for those that may be written to yet.
 * One that cannot be deleted stays. @returns how many went.
 */
export function forgetLogs(folder: string, before: UtcMs): number {
  const full = namesIn(folder).filter((name) => FULL.test(name));
  return full.filter((name) => isOld(join(folder, name), before) && remove(join(folder, name))).length;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // None yet, or none that can be read.
    return [];
  }
}

function isOld(file: string, before: UtcMs): boolean {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.mtimeMs < before;
}

function remove(file: string): boolean {
  try {
    rmSync(file);
    return true;
  } catch {
    // Held by another program, or of another user: it is answered, and found again later.
    return false;
  }
}
