import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase, SqliteStateStore } from '../../storage/index.ts';
import {
  type AccountPlace,
  accountPlaceOf,
  boundPlace,
  isSamePlace,
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
  const first = placeOfBooks(directory, mode, migrationsFolder);
  const place = accountPlaceOf(settings);
  return first === null || isSamePlace(first, place) ? mode : `${mode}-${nameOf(place)}`;
}

/** Whose books a mode's own database holds; null: nobody's yet. */
function placeOfBooks(directory: string, mode: string, migrationsFolder?: string): AccountPlace | null {
  const file = join(directory, `${mode}.sqlite`);
  if (!existsSync(file)) return null;
  const database = openDatabase({
    ...{ file, owner: mode },
    ...(migrationsFolder === undefined ? {} : { migrationsFolder }),
  });
  try {
    return boundPlace(new SqliteStateStore(database));
  } finally {
    database.close();
  }
}

/** Of two places with one name the second is refused: its books are bound to the first. */
function nameOf({ exchange, at }: AccountPlace): string {
  const place = at.includes('://') ? `${exchange} at ${at}` : exchange;
  return place.toLowerCase().replaceAll(/[^a-z0-9.]+/g, '-');
}
