import { join } from 'node:path';
import { type Logger, SILENT_LOGGER } from '../../domain/index.ts';
import { SILENT_FOR_MS } from '../../guardian/index.ts';
import { createLogger } from '../../monitoring/index.ts';
import { isHeld } from '../../storage/index.ts';
import { booksAtRest, hasBooks } from '../emergency/books-at-rest.ts';
import { type KillOptions, killTarget, type RunningService } from '../emergency/kill.ts';
import { openOutsideLine } from '../emergency/outside-line.ts';
import { BEAT_MS, notedOn } from '../installation/instances.ts';
import type { Secrets } from '../installation/secrets.ts';
import { SYSTEM_CLOCK, SYSTEM_TIMERS } from '../installation/system-timers.ts';
import type { Found, Needless } from './guard.ts';
import type { GuardedPlace } from './guardian-protocol.ts';

/** What the guardian does for a program that is silent. Most of the program, and loaded only then. */

/** Longer than any two beats of a program's note are apart. */
const BEATS_WITHIN_MS = 3 * BEAT_MS;

/** By its note, whether a program needs its guardian, and by its books what it has open. */
export async function lookAt(place: GuardedPlace): Promise<Found> {
  return withLog(place, async (log) => {
    const needless = await needlessness(place);
    log.warn({ needless }, 'the program says nothing any more: it was looked at');
    if (needless !== null) return needless;
    const { directory, settings, migrationsFolder } = place;
    const of = { directory, mode: settings.mode, ...(migrationsFolder === null ? {} : { migrationsFolder }) };
    const books = hasBooks(of) ? booksAtRest(of) : undefined;
    books?.close();
    const { symbols = [], fault = null } = books ?? {};
    log.warn({ symbols, fault }, 'the program gives no sign of life: what it has open was looked at');
    if (symbols.length > 0) return 'open';
    return fault === null ? 'flat' : 'unknown';
  });
}

async function needlessness({ runtimeFolder, directory, pid }: GuardedPlace): Promise<Needless | null> {
  const noteNow = () => (runtimeFolder === null ? undefined : notedOn(runtimeFolder, directory));
  const before = noteNow();
  if (before === undefined) return null;
  if (before.pid !== pid) return isHeld(directory) ? 'relieved' : null;
  await SYSTEM_TIMERS.wait(BEATS_WITHIN_MS);
  const after = noteNow();
  if (after === undefined || after.beat === before.beat) return null;
  return after.pid === pid ? 'alive' : 'relieved';
}

/** Does what `tradebot kill` does, for one program. `flat` is verified at the venue. */
export async function closeFor(
  place: GuardedPlace,
  keys: ReadonlyMap<string, string>,
): Promise<'flat' | 'failed' | 'relieved'> {
  return withLog(place, async (log) => {
    const { directory, runtimeFolder, pid } = place;
    const folder = runtimeFolder ?? undefined;
    const instance = folder === undefined ? undefined : notedOn(folder, directory);
    // Somebody may have started it again since it was looked at. Who has, holds the directory: a note is left behind, too.
    if (instance !== undefined && instance.pid !== pid && isHeld(directory)) return 'relieved';
    const results = await killTarget({ directory, folder, instance }, killOptions(place, keys, log));
    for (const { verdict, notes, symbols } of results)
      log.warn({ verdict, notes, symbols }, 'closed from outside');
    return results.every(({ verdict }) => verdict === 'flat') ? 'flat' : 'failed';
  });
}

function killOptions(
  { settings, migrationsFolder }: GuardedPlace,
  keys: ReadonlyMap<string, string>,
  log: Logger,
): KillOptions {
  const time = { clock: SYSTEM_CLOCK, timers: SYSTEM_TIMERS, log };
  const secrets: Secrets = { read: (name) => keys.get(name), sourceOf: () => 'memory' };
  return {
    ...time,
    from: 'guardian',
    reason: `the program gave no sign of life for ${SILENT_FOR_MS / 1_000} s`,
    mode: settings.mode,
    settingsFor: () => settings,
    openLine: (of, onProgress) => openOutsideLine({ ...time, settings: of, secrets, onProgress }),
    service: NOBODY,
    say: (line) => log.warn({}, line),
    ...(migrationsFolder === null ? {} : { migrationsFolder }),
  };
}

/** Whoever is silent is not asked. */
const NOBODY: RunningService = { press: async () => undefined, killSwitch: async () => undefined };

/** A log of the guardian's own, beside the program's. On a full disk it closes all the same. */
async function withLog<T>({ directory }: GuardedPlace, run: (log: Logger) => Promise<T>): Promise<T> {
  let log: ReturnType<typeof createLogger>;
  try {
    log = createLogger({ folder: join(directory, 'logs'), name: 'guardian' });
  } catch {
    return run(SILENT_LOGGER);
  }
  try {
    return await run(log);
  } catch (error) {
    log.error({ err: error }, 'the guardian failed');
    throw error;
  } finally {
    log.close();
  }
}
