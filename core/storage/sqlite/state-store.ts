import type { Database, Statement } from 'better-sqlite3';
import type { StateStore } from '../../domain/index.ts';

/** Named JSON documents in SQLite. */
export class SqliteStateStore implements StateStore {
  readonly #select: Statement<[string], string>;
  readonly #upsert: Statement;

  constructor(database: Database) {
    this.#select = database.prepare<[string], string>('SELECT document FROM state WHERE name = ?').pluck();
    this.#upsert = database.prepare('INSERT OR REPLACE INTO state VALUES (?, ?)');
  }

  read(name: string): unknown {
    const document = this.#select.get(name);
    return document === undefined ? undefined : parsed(document);
  }

  write(name: string, value: unknown): void {
    this.#upsert.run(name, JSON.stringify(value));
  }
}

/** What is no JSON is answered as the text that it is, which no reader takes for its document. */
function parsed(document: string): unknown {
  try {
    return JSON.parse(document);
  } catch {
    return document;
  }
}
