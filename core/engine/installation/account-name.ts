import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type StateStore, TraderError } from '../../domain/index.ts';
import { openDatabase, SqliteStateStore } from '../../storage/index.ts';
import {
  type AccountPlace,
  accountPlaceOf,
  boundPlace,
  isSamePlace,
  requireSameAccount,
  type VenueSettings,
} from '../modes/venue-binding.ts';

export type BooksSettings = VenueSettings;

/**
 * The name of the account that is traded with under these settings, which its databases bear: the mode's. On paper,
 * where nothing at any venue hangs on the books, each venue after the first has an account, and books, of its own. Where
 * orders go to a venue the books stay with the account with which they began: see `requireSameAccount`.
 *
 * @throws StorageError when books are there and cannot be read.
 */
export function accountName(directory: string, settings: BooksSettings, migrationsFolder?: string): string {
  const { mode } = settings;
  if (mode !== 'paper') return mode;
  const first = withBooks(directory, mode, migrationsFolder, boundPlace) ?? null;
  const place = accountPlaceOf(settings);
  return first === null || isSamePlace(first, place) ? mode : `${mode}-${nameOf(place)}`;
}

/** Why the books that are there could not be gone on with under these settings, with what to do; null: they could. */
export function booksFault(
  directory: string,
  settings: BooksSettings,
  migrationsFolder?: string,
): string | null {
  try {
    const account = accountName(directory, settings, migrationsFolder);
    withBooks(directory, account, migrationsFolder, (state) => requireSameAccount(state, settings));
    return null;
  } catch (error) {
    if (error instanceof TraderError) return error.lines.join('; ');
    throw error;
  }
}

/** Reads an account's own database; undefined: there is none yet. */
function withBooks<T>(
  directory: string,
  owner: string,
  migrationsFolder: string | undefined,
  read: (state: StateStore) => T,
): T | undefined {
  const file = join(directory, `${owner}.sqlite`);
  if (!existsSync(file)) return undefined;
  const database = openDatabase({
    file,
    owner,
    ...(migrationsFolder === undefined ? {} : { migrationsFolder }),
  });
  try {
    return read(new SqliteStateStore(database));
  } finally {
    database.close();
  }
}

/** Of two places with one name the second is refused: its books are bound to the first. */
function nameOf({ exchange, at }: AccountPlace): string {
  const place = at.includes('://') ? `${exchange} at ${at}` : exchange;
  return place.toLowerCase().replaceAll(/[^a-z0-9.]+/g, '-');
}
