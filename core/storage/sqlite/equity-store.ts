import type { Database, Statement } from 'better-sqlite3';
import type { EquityStore, UtcMs } from '../../domain/index.ts';

type Point = { readonly time: UtcMs; readonly equity: string };

/** The equity curve in SQLite. A second point at the same time replaces the first. */
export class SqliteEquityStore implements EquityStore {
  readonly #insert: Statement;
  readonly #recent: Statement<[number], Point>;

  constructor(database: Database) {
    this.#insert = database.prepare('INSERT OR REPLACE INTO equity VALUES (:time, :equity)');
    this.#recent = database.prepare('SELECT time, equity FROM equity ORDER BY time DESC LIMIT ?');
  }

  append(point: Point): void {
    this.#insert.run(point);
  }

  recent(limit: number): readonly Point[] {
    return this.#recent.all(limit).reverse();
  }
}
