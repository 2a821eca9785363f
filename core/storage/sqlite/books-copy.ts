import { statSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { openDatabase } from './database.ts';

export interface BooksCopyOptions {
  /** The account's database. */
  readonly file: string;
  /** Whose it is: a mode's name, mostly. */
  readonly owner: string;
  readonly migrationsFolder?: string;
  /** Bytes up to which it is copied as it is, and not by rows. Default: 300 MB. */
  readonly asOneUpTo?: number;
}

/** What tells what is ours: orders refer to their intents, fills to their orders. */
const TABLES = ['order_intents', 'orders', 'fills', 'account_events', 'state'] as const;

/** Up to so many bytes a file is copied as it is, which takes a tenth of the time: for a moment it is in memory twice. */
const MOST_AS_ONE = 300_000_000;

/**
 * An account's books in memory, to be gone on with by a process that must not write the file: the program that hangs
 * holds it, and may wake. What was committed is read, also what is in the write-ahead log alone, and no lock of a writer
 * is waited for.
 *
 * @throws Error when they cannot be read, or are not of this version.
 */
export function copyOfBooks({ file, ...options }: BooksCopyOptions): Database {
  const original = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    return copied(original, options);
  } finally {
    original.close();
  }
}

function copied(
  original: Database,
  { asOneUpTo = MOST_AS_ONE, ...options }: Omit<BooksCopyOptions, 'file'>,
): Database {
  const copy = openDatabase({ file: ':memory:', ...options });
  try {
    if (madeBy(original) !== madeBy(copy)) {
      throw new Error('the books are of another mode, or of another version of the program');
    }
    if (statSync(original.name).size <= asOneUpTo) {
      const whole = wholeOf(original);
      copy.close();
      return whole;
    }
    // One moment of the original for all of them.
    original.transaction(() => {
      copy.transaction(() => {
        for (const table of TABLES) copyTable(original, copy, table);
      })();
    })();
    return copy;
  } catch (error) {
    copy.close();
    throw error;
  }
}

/** Whose a database is, and by which migrations it came to be. */
function madeBy(database: Database): string {
  const migrations = 'SELECT number, sha256 FROM migrations ORDER BY number';
  return JSON.stringify(['SELECT name FROM owner', migrations].map((each) => database.prepare(each).all()));
}

/** Every page of it, in memory. @throws Error when it is damaged: what reads row by row finds that by itself. */
function wholeOf(original: Database): Database {
  const whole = new Sqlite(imageOf(original));
  for (const table of TABLES) {
    const found = String(whole.pragma(`quick_check('${table}')`, { simple: true }));
    if (found === 'ok') continue;
    whole.close();
    throw new Error(`the books are damaged: ${found}`);
  }
  whole.pragma('foreign_keys = ON');
  whole.pragma('recursive_triggers = ON');
  return whole;
}

/** All pages as they are at this moment, with what is in the write-ahead log. */
function imageOf(original: Database): Buffer {
  const image = original.serialize();
  // In memory there is no write-ahead log: its header says so. https://www.sqlite.org/fileformat.html, offsets 18 and 19.
  image[18] = 1;
  image[19] = 1;
  return image;
}

function copyTable(original: Database, copy: Database, table: (typeof TABLES)[number]): void {
  const rows = original.prepare(`SELECT * FROM ${table}`);
  const columns = rows.columns().map(({ name }) => name);
  const values = columns.map(() => '?').join(', ');
  const insert = copy.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values})`);
  for (const row of rows.raw().iterate()) insert.run(row);
}
