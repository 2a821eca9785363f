import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { GrowthView } from '../../contract/index.ts';
import { type Clock, TraderError, utcText } from '../../domain/index.ts';
import {
  copyDatabase,
  damageOf,
  openDatabase,
  openDataDirectory,
  restoreDatabase,
  SqliteStateStore,
  SqliteTradeHistory,
} from '../../storage/index.ts';
import { Growth } from './growth.ts';
import { type BooksSettings, storeNames } from './store-names.ts';

/** What the trader does to an account's database by hand. */
export interface Books {
  readonly file: string;
  readonly owner: string;
}

/** Where a backup of a mode's books is, and what it is of. */
export interface CareReport {
  readonly database: string;
  readonly file: string;
}

/** Copies a mode's books as they are now, also while it trades. @throws StorageError */
export function backUpBooks(directory: string, settings: BooksSettings, file: string): CareReport {
  const { file: database } = booksOf(directory, settings);
  copyDatabase(database, resolve(file));
  return { database, file: resolve(file) };
}

/**
 * Puts a backup in the place of a mode's books, which are kept beside it. No program may trade with them.
 *
 * @returns where what was there before is. @throws StorageError
 */
export function restoreBooks(
  directory: string,
  settings: BooksSettings,
  backup: string,
  clock: Clock,
): CareReport {
  const lock = openDataDirectory(directory);
  try {
    const { file, owner } = placeOf(directory, settings);
    const aside = `${file}.before-${utcText(clock.now()).replaceAll(/[^0-9]/g, '')}`;
    if (existsSync(aside))
      throw new TraderError('failure', `${aside} is there already: try again in a minute`);
    restoreDatabase({ file, owner, backup: resolve(backup), aside });
    return { database: file, file: aside };
  } finally {
    lock.close();
  }
}

/** Makes `trade_history` anew from the ledger; a program that trades waits for it. @returns its rows. @throws StorageError */
export function rebuildTrades(directory: string, settings: BooksSettings): number {
  const lock = openDataDirectory(directory);
  try {
    const database = openDatabase(booksOf(directory, settings));
    try {
      return new SqliteTradeHistory(database).rebuild();
    } finally {
      database.close();
    }
  } finally {
    lock.close();
  }
}

export interface BooksHealth {
  readonly database: string;
  /** What is wrong; null: nothing. */
  readonly damage: string | null;
  readonly orders: number;
  readonly fills: number;
  readonly trades: number;
  /** Rows of the trade history that no server has been told of. */
  readonly outbox: number;
}

/** Reads all of a mode's books, also while it trades. @throws StorageError when they cannot be opened. */
export function checkBooks(directory: string, settings: BooksSettings): BooksHealth {
  const books = booksOf(directory, settings);
  const database = openDatabase(books);
  try {
    const count = (table: string): number =>
      Number(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
    return {
      database: books.file,
      damage: damageOf(database),
      orders: count('orders'),
      fills: count('fills'),
      trades: count('trade_history'),
      outbox: count('outbox'),
    };
  } finally {
    database.close();
  }
}

/** What the data directory holds, and how it grows as a mode's program has noted. @throws StorageError */
export function growthOfBooks(directory: string, settings: BooksSettings, clock: Clock): GrowthView {
  const database = openDatabase(booksOf(directory, settings));
  try {
    return new Growth(directory, new SqliteStateStore(database)).view(clock.now());
  } finally {
    database.close();
  }
}

/** @throws TraderError where there are none yet. */
export function booksOf(directory: string, settings: BooksSettings): Books {
  const place = placeOf(directory, settings);
  if (existsSync(place.file)) return place;
  throw new TraderError('bad-input', `there are no ${settings.mode} books in ${directory} yet`);
}

function placeOf(directory: string, settings: BooksSettings): Books {
  // A damaged database cannot say which place it is bound to, and only paper has more than one.
  const owner = settings.mode === 'paper' ? storeNames(directory, settings).account : settings.mode;
  return { file: join(directory, `${owner}.sqlite`), owner };
}
