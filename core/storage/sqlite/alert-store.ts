import type { Database, Statement } from 'better-sqlite3';
import type { AlertView } from '../../contract/index.ts';
import type { AlertStore } from '../../domain/index.ts';

/** Alerts in SQLite. */
export class SqliteAlertStore implements AlertStore {
  readonly #insert: Statement<[AlertView]>;
  readonly #recent: Statement<[number], AlertView>;

  constructor(database: Database) {
    this.#insert = database.prepare(
      'INSERT INTO alerts (id, time, severity, title, message) VALUES (:id, :time, :severity, :title, :message)',
    );
    this.#recent = database.prepare(
      'SELECT id, time, severity, title, message FROM alerts ORDER BY sequence DESC LIMIT ?',
    );
  }

  append(alert: AlertView): void {
    this.#insert.run(alert);
  }

  recent(limit: number): readonly AlertView[] {
    return this.#recent.all(limit).reverse();
  }
}
