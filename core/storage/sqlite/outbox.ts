import type { Database, Statement } from 'better-sqlite3';
import { TRADE_COLUMNS } from './trade-history.ts';
import type { TradeRow } from './trade-rows.ts';

/** A change that a server is to be told of. */
export interface OutboxEntry {
  readonly sequence: number;
  readonly timestamp: number;
  readonly tradeId: string;
  /** As it is now; null: it is there no more. */
  readonly row: TradeRow | null;
}

export interface SyncState {
  readonly instance: string;
  readonly server: string | null;
  readonly epoch: number;
}

type Found = TradeRow & { readonly sequence: number; readonly sent_at: number; readonly sent_id: string };

/** What a server that mirrors the trade history has not confirmed yet. The rows themselves put it here, by triggers. */
export class SqliteOutbox {
  readonly #database: Database;
  readonly #select: Statement<[number, number], Found>;
  readonly #remove: Statement<[number]>;

  constructor(database: Database) {
    this.#database = database;
    this.#select = database.prepare(
      `SELECT o.sequence, o.timestamp AS sent_at, o.trade_id AS sent_id, ${TRADE_COLUMNS.map((name) => `t.${name}`).join(', ')}
        FROM outbox o LEFT JOIN trade_history t USING (timestamp, trade_id)
        WHERE o.sequence > ? ORDER BY o.sequence LIMIT ?`,
    );
    this.#remove = database.prepare('DELETE FROM outbox WHERE sequence = ?');
  }

  /** The oldest changes after a sequence. */
  next(after: number, limit: number): readonly OutboxEntry[] {
    return this.#select.all(after, limit).map(({ sequence, sent_at, sent_id, ...row }) => ({
      sequence,
      timestamp: sent_at,
      tradeId: sent_id,
      // A join that finds nothing gives nulls, whatever the table says.
      row: (row.symbol as string | null) === null ? null : row,
    }));
  }

  /** Of rows that have changed again since, the newer change stays. */
  confirm(entries: readonly Pick<OutboxEntry, 'sequence'>[]): void {
    this.#database.transaction(() => {
      for (const { sequence } of entries) this.#remove.run(sequence);
    })();
  }

  get backlog(): number {
    return Number(this.#database.prepare('SELECT count(*) FROM outbox').pluck().get());
  }

  get state(): SyncState {
    const state = this.#database
      .prepare<[], SyncState>('SELECT instance, server, epoch FROM sync_state')
      .get();
    if (state === undefined) throw new TypeError('sync_state has no row');
    return state;
  }

  /**
   * Takes note of whom it speaks to. Another server, or one that has heard of changes that are not in these books, is told
   * everything anew, in versions above all that it has.
   *
   * @param newest the newest version that it has of these books.
   */
  meet(server: string, newest: number): void {
    this.#database
      .transaction(() => {
        const { server: before } = this.state;
        const given = this.#database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'").pluck();
        const last = Number(given.get() ?? 0);
        if (before === server && newest <= last) return;
        this.#database.exec('DELETE FROM outbox');
        if (newest > last) {
          this.#database.prepare("DELETE FROM sqlite_sequence WHERE name = 'outbox'").run();
          this.#database.prepare("INSERT INTO sqlite_sequence VALUES ('outbox', ?)").run(newest);
        }
        this.#database.prepare('UPDATE sync_state SET server = ?, epoch = max(epoch, ?)').run(server, newest);
        this.#database.exec(
          'INSERT INTO outbox (timestamp, trade_id) SELECT timestamp, trade_id FROM trade_history ORDER BY timestamp, trade_id',
        );
      })
      .immediate();
  }
}
