import type { Database, Statement } from 'better-sqlite3';
import { type EntryCase, HINDSIGHT_KEPT, type HindsightStore, type JudgedCase } from '../../domain/index.ts';

/** How often what is too old is dropped, in cases. */
const SWEPT_EVERY = 500;

interface Row {
  readonly result: number | null;
  readonly document: string;
}

/** Entries that were wanted, in SQLite: a JSON document each, of which only the result changes. */
export class SqliteHindsightStore implements HindsightStore {
  readonly #insert: Statement<[string, string]>;
  readonly #settle: Statement<[number, string]>;
  readonly #all: Statement<[number], Row>;
  readonly #sweep: Statement<[number]>;

  constructor(database: Database) {
    this.#insert = database.prepare(
      'INSERT OR IGNORE INTO hindsight (decision_id, result, document) VALUES (?, NULL, ?)',
    );
    this.#settle = database.prepare('UPDATE hindsight SET result = ? WHERE decision_id = ?');
    this.#all = database.prepare(
      'SELECT result, document FROM (SELECT * FROM hindsight ORDER BY sequence DESC LIMIT ?) ORDER BY sequence',
    );
    this.#sweep = database.prepare('DELETE FROM hindsight WHERE sequence <= ?');
  }

  append(one: EntryCase): void {
    const { lastInsertRowid, changes } = this.#insert.run(one.decisionId, JSON.stringify(one));
    const sequence = Number(lastInsertRowid);
    if (changes > 0 && sequence % SWEPT_EVERY === 0) this.#sweep.run(sequence - HINDSIGHT_KEPT);
  }

  settle(decisionId: string, result: number): void {
    this.#settle.run(result, decisionId);
  }

  /** The documents come from our own database, written by `append`. */
  all(): readonly JudgedCase[] {
    return this.#all.all(HINDSIGHT_KEPT).map(({ result, document }) => ({
      ...(JSON.parse(document) as EntryCase),
      result,
    }));
  }
}
