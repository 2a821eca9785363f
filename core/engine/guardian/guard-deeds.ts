import type { Logger } from '../../domain/index.ts';
import { SILENT_FOR_MS } from '../../guardian/index.ts';
import { booksAtRest, hasBooks } from '../emergency/books-at-rest.ts';
import { killTarget, type RunningService } from '../emergency/kill.ts';
import { openOutsideLine } from '../emergency/outside-line.ts';
import { notedOn } from '../installation/instances.ts';
import type { Secrets } from '../installation/secrets.ts';
import { SYSTEM_CLOCK, SYSTEM_TIMERS } from '../installation/system-timers.ts';
import type { GuardedPlace } from './guardian-protocol.ts';

/** Loaded when it is needed, which is hardly ever: it is most of the program. */

/** Whether the books of a place have anything open. */
export function lookAtBooks({
  directory,
  settings,
  migrationsFolder,
}: GuardedPlace): 'open' | 'flat' | 'unknown' {
  const place = { directory, mode: settings.mode, migrationsFolder: migrationsFolder ?? undefined };
  if (!hasBooks(place)) return 'flat';
  const books = booksAtRest(place);
  books.close();
  if (books.symbols.length > 0) return 'open';
  return books.fault === null ? 'flat' : 'unknown';
}

/** Does what `tradebot kill` does, for one program. @returns whether everything is verified flat. */
export async function closeFor(place: GuardedPlace, secrets: Secrets, log: Logger): Promise<boolean> {
  const { directory, runtimeFolder, settings, migrationsFolder } = place;
  const time = { clock: SYSTEM_CLOCK, timers: SYSTEM_TIMERS, log };
  const folder = runtimeFolder ?? undefined;
  const instance = folder === undefined ? undefined : notedOn(folder, directory);
  const results = await killTarget(
    { directory, folder, instance },
    {
      ...time,
      from: 'guardian',
      reason: `the program gave no sign of life for ${SILENT_FOR_MS / 1_000} s`,
      mode: settings.mode,
      settingsFor: () => settings,
      openLine: (of, onProgress) => openOutsideLine({ ...time, settings: of, secrets, onProgress }),
      service: NOBODY,
      say: (line) => log.warn({}, line),
      ...(migrationsFolder === null ? {} : { migrationsFolder }),
    },
  );
  for (const { verdict, notes, symbols } of results)
    log.warn({ verdict, notes, symbols }, 'closed from outside');
  return results.every(({ verdict }) => verdict === 'flat');
}

/** Whoever is silent is not asked. */
const NOBODY: RunningService = { press: async () => undefined, killSwitch: async () => undefined };
