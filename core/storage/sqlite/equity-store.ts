import type { Database, Statement } from 'better-sqlite3';
import type { EquityRecord, EquityStore, UtcMs } from '../../domain/index.ts';

/** The equity curve in SQLite. A second point at the same time replaces the first. */
export class SqliteEquityStore implements EquityStore {
  readonly #insert: Statement;
  readonly #recent: Statement<[number], EquityRecord>;
  readonly #within: Statement<[UtcMs, UtcMs], EquityRecord>;

  constructor(database: Database) {
    this.#insert = database.prepare(
      'INSERT OR REPLACE INTO equity (time, equity, capital, marks, exposure) VALUES (:time, :equity, :capital, :marks, :exposure)',
    );
    this.#recent = database.prepare(
      'SELECT time, equity, capital, marks FROM equity ORDER BY time DESC LIMIT ?',
    );
    this.#within = database.prepare(
      'SELECT time, equity, capital, marks FROM equity WHERE time >= ? AND time < ? ORDER BY time',
    );
  }

  append(point: EquityRecord): void {
    this.#insert.run({ ...point, marks: point.marks ?? null, exposure: point.exposure ?? null });
  }

  within(from: UtcMs, before: UtcMs): readonly EquityRecord[] {
    return this.#within.all(from, before);
  }

  recent(limit: number): readonly EquityRecord[] {
    return this.#recent.all(limit).reverse();
  }
}
