import { join } from 'node:path';
import type { Logger } from '../../domain/index.ts';
import { makePrivate } from '../../platform/index.ts';
import { LAYOUT_FILE } from '../../storage/index.ts';

/**
 * Says once for all files that others may read them: a stick in exFAT and a share of a server keep no rights, and that
 * stops no start.
 */
export function warnOfRights(directory: string, log: Logger): void {
  const fault = makePrivate(join(directory, LAYOUT_FILE));
  if (fault === null) return;
  log.warn(
    { err: fault },
    `others may read what is kept in ${directory}: choose a folder on a disk of this machine`,
  );
}
