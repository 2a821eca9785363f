import type { Database, Statement } from 'better-sqlite3';
import type { AlertView } from '../../contract/index.ts';
import type { AlertRecord, AlertStore, UtcMs } from '../../domain/index.ts';

interface AlertRow extends Omit<AlertRecord, 'acknowledged'> {
  readonly acknowledgedAt: UtcMs | null;
  readonly acknowledgedBy: string | null;
}

const COLUMNS =
  'id, time, severity, rule, title, message, about, acknowledged_at AS acknowledgedAt, acknowledged_by AS acknowledgedBy';

/** Alerts in SQLite. */
export class SqliteAlertStore implements AlertStore {
  readonly #insert: Statement<[AlertRow]>;
  readonly #recent: Statement<[number], AlertRow>;
  readonly #acknowledge: Statement<[UtcMs, string, string]>;
  readonly #open: Statement<[number], AlertRow>;

  constructor(database: Database) {
    this.#insert = database.prepare(
      `INSERT INTO alerts (id, time, severity, rule, title, message, about, acknowledged_at, acknowledged_by)
       VALUES (:id, :time, :severity, :rule, :title, :message, :about, :acknowledgedAt, :acknowledgedBy)`,
    );
    this.#recent = database.prepare(`SELECT ${COLUMNS} FROM alerts ORDER BY sequence DESC LIMIT ?`);
    this.#acknowledge = database.prepare(
      'UPDATE alerts SET acknowledged_at = ?, acknowledged_by = ? WHERE id = ? AND acknowledged_at IS NULL',
    );
    this.#open = database.prepare(
      `SELECT ${COLUMNS} FROM alerts WHERE acknowledged_at IS NULL AND severity = 'critical'
       ORDER BY sequence DESC LIMIT ?`,
    );
  }

  append({ acknowledged, ...alert }: AlertRecord): void {
    this.#insert.run({
      ...alert,
      acknowledgedAt: acknowledged?.at ?? null,
      acknowledgedBy: acknowledged?.by ?? null,
    });
  }

  recent(limit: number): readonly AlertRecord[] {
    return this.#recent.all(limit).reverse().map(recordOf);
  }

  acknowledge(ids: readonly string[], { at, by }: NonNullable<AlertView['acknowledged']>): void {
    for (const id of ids) this.#acknowledge.run(at, by, id);
  }

  open(limit: number): readonly AlertRecord[] {
    return this.#open.all(limit).reverse().map(recordOf);
  }
}

function recordOf({ acknowledgedAt, acknowledgedBy, ...alert }: AlertRow): AlertRecord {
  const acknowledged =
    acknowledgedAt === null ? null : { at: acknowledgedAt, by: acknowledgedBy ?? 'the trader' };
  return { ...alert, acknowledged };
}
