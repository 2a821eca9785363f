import type { Database, Statement } from 'better-sqlite3';
import type { TagCount, TradeNotes, TradeNotesChange } from '../../contract/index.ts';
import type { UtcMs } from '../../domain/index.ts';

/** What the trader writes to round trips, in SQLite. */
export class SqliteTradeNotes {
  readonly #database: Database;
  readonly #openedAt: Statement<[string], UtcMs>;
  readonly #note: Statement<[string], string>;
  readonly #tags: Statement<[string], string>;
  readonly #writeNote: Statement<[string, string, UtcMs]>;
  readonly #dropNote: Statement<[string]>;
  readonly #dropTags: Statement<[string]>;
  readonly #writeTag: Statement<[string, UtcMs, string]>;
  readonly #counts: Statement<[], TagCount>;

  constructor(database: Database) {
    this.#database = database;
    this.#openedAt = database
      .prepare<[string], UtcMs>('SELECT timestamp FROM trade_history WHERE trade_id = ?')
      .pluck();
    this.#note = database
      .prepare<[string], string>('SELECT note FROM trade_notes WHERE trade_id = ?')
      .pluck();
    this.#tags = database
      .prepare<[string], string>('SELECT tag FROM trade_tags WHERE trade_id = ? ORDER BY tag')
      .pluck();
    this.#writeNote = database.prepare(
      'INSERT OR REPLACE INTO trade_notes (trade_id, note, changed_at) VALUES (?, ?, ?)',
    );
    this.#dropNote = database.prepare('DELETE FROM trade_notes WHERE trade_id = ?');
    this.#dropTags = database.prepare('DELETE FROM trade_tags WHERE trade_id = ?');
    this.#writeTag = database.prepare('INSERT INTO trade_tags (tag, opened_at, trade_id) VALUES (?, ?, ?)');
    this.#counts = database.prepare(
      'SELECT tag, count(*) AS trades FROM trade_tags GROUP BY tag ORDER BY tag',
    );
  }

  of(id: string): TradeNotes {
    return { id, note: this.#note.get(id) ?? '', tags: this.#tags.all(id) };
  }

  /** @returns what the trade has now; undefined, and nothing changed, where there is no such trade. */
  change({ id, note, tags }: TradeNotesChange, now: UtcMs): TradeNotes | undefined {
    const write = (): TradeNotes | undefined => {
      const openedAt = this.#openedAt.get(id);
      if (openedAt === undefined) return undefined;
      if (note === '') this.#dropNote.run(id);
      else if (note !== undefined) this.#writeNote.run(id, note, now);
      if (tags !== undefined) {
        this.#dropTags.run(id);
        for (const tag of tags) this.#writeTag.run(tag, openedAt, id);
      }
      return this.of(id);
    };
    return this.#database.transaction(write).immediate();
  }

  /** Every tag, with how many trades have it. */
  tags(): readonly TagCount[] {
    return this.#counts.all();
  }
}
