import Sqlite, { type Database } from 'better-sqlite3';
import { openDatabase } from './database.ts';

export interface BooksCopyOptions {
  /** The account's database. */
  readonly file: string;
  /** Whose it is: a mode's name, mostly. */
  readonly owner: string;
  readonly migrationsFolder?: string;
}

/** What tells what is ours: orders refer to their intents, fills to their orders. */
const TABLES = ['order_intents', 'orders', 'fills', 'account_events', 'state'] as const;

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

function copied(original: Database, options: Omit<BooksCopyOptions, 'file'>): Database {
  const copy = openDatabase({ file: ':memory:', ...options });
  try {
    if (madeBy(original) !== madeBy(copy)) {
      throw new Error('the books are of another mode, or of another version of the program');
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

function copyTable(original: Database, copy: Database, table: (typeof TABLES)[number]): void {
  const rows = original.prepare(`SELECT * FROM ${table}`);
  const columns = rows.columns().map(({ name }) => name);
  const values = columns.map(() => '?').join(', ');
  const insert = copy.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values})`);
  for (const row of rows.raw().iterate()) insert.run(row);
}
