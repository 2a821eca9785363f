import type { Database, Statement } from 'better-sqlite3';
import type { DeliveryView } from '../../contract/index.ts';
import type { DeliveryStore } from '../../domain/index.ts';

const COLUMNS =
  'id, time, channel, kind, severity, title, text, state, attempts, next_at AS nextAt, ended_at AS endedAt, problem';

/** Messages about alerts in SQLite, and what became of each. */
export class SqliteDeliveryStore implements DeliveryStore {
  readonly #write: Statement<[DeliveryView]>;
  readonly #recent: Statement<[number], DeliveryView>;
  readonly #waiting: Statement<[], DeliveryView>;

  constructor(database: Database) {
    this.#write = database.prepare(
      `INSERT INTO alert_deliveries
         (id, time, channel, kind, severity, title, text, state, attempts, next_at, ended_at, problem)
       VALUES
         (:id, :time, :channel, :kind, :severity, :title, :text, :state, :attempts, :nextAt, :endedAt, :problem)
       ON CONFLICT (id) DO UPDATE SET
         state = excluded.state, attempts = excluded.attempts, next_at = excluded.next_at,
         ended_at = excluded.ended_at, problem = excluded.problem`,
    );
    this.#recent = database.prepare(`SELECT ${COLUMNS} FROM alert_deliveries ORDER BY sequence DESC LIMIT ?`);
    this.#waiting = database.prepare(
      `SELECT ${COLUMNS} FROM alert_deliveries WHERE state = 'waiting' ORDER BY sequence`,
    );
  }

  write(delivery: DeliveryView): void {
    this.#write.run(delivery);
  }

  recent(limit: number): readonly DeliveryView[] {
    return this.#recent.all(limit);
  }

  waiting(): readonly DeliveryView[] {
    return this.#waiting.all();
  }
}
