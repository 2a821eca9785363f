import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { afterEach } from 'vitest';
import { openDatabase } from '../sqlite/database.ts';

/** Databases in folders of their own, closed and removed after each test. */
export function temporaryDatabases() {
  const folders: string[] = [];
  const databases: Database[] = [];

  afterEach(() => {
    for (const database of databases.splice(0)) database.close();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  function folder(): string {
    const made = mkdtempSync(join(tmpdir(), 'tradebot-storage-'));
    folders.push(made);
    return made;
  }

  function open(file = join(folder(), 'demo.sqlite')): Database {
    const database = openDatabase({ file, owner: 'demo' });
    databases.push(database);
    return database;
  }

  /** The database as a new process would find it. */
  function reopen(database: Database): Database {
    database.close();
    return open(database.name);
  }

  return { folder, open, reopen };
}

/**
 * A durable store under a contract's test: how to make one, and how to find it again after a restart.
 *
 * @param makeStore the store over a database.
 */
export function storeOverRestarts<T extends object>(makeStore: (database: Database) => T) {
  const { open, reopen } = temporaryDatabases();
  const databaseOf = new WeakMap<T, Database>();

  function storeIn(database: Database): T {
    const store = makeStore(database);
    databaseOf.set(store, database);
    return store;
  }

  return {
    make: () => storeIn(open()),
    reopen(store: T): T {
      const database = databaseOf.get(store);
      if (database === undefined) throw new TypeError('the store was not made here');
      return storeIn(reopen(database));
    },
  };
}
