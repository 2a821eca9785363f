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

/** Of the databases of a run, which are the names of their owners and of their files as well. */
export interface StoreNames {
  readonly account: string;
  /** Of the bars that were seen. */
  readonly history: string;
}

/**
 * What the databases are called that are traded with under these settings. The account's bears the mode's name. On paper,
 * where nothing at any venue hangs on the books, each venue after the first has books of its own; where orders go to a
 * venue they stay with the account with which they began: see `requireSameAccount`. What is no venue's own market, such as
 * a test network's, and what another venue on paper tells, never gets among the bars that backtests and charts take for
 * the market's.
 *
 * @throws StorageError when books are there and cannot be read.
 */
export function storeNames(
  directory: string,
  settings: BooksSettings,
  migrationsFolder?: string,
): StoreNames {
  const account = accountName(directory, settings, migrationsFolder);
  const { mode } = settings;
  return { account, history: account === mode && mode !== 'sandbox' ? 'history' : `${account}-history` };
}

function accountName(directory: string, settings: BooksSettings, migrationsFolder?: string): string {
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
