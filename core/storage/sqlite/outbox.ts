import type { Database, Statement } from 'better-sqlite3';
import { MIRRORED_TABLES, type MirroredTable } from './mirrored-tables.ts';

/** A change that a server is to be told of. */
export interface OutboxEntry {
  /** The row's version at the server. */
  readonly version: number;
  /** In the order of the table's columns; null: the row is there no more. */
  readonly values: readonly Value[] | null;
  readonly time: number;
  readonly name: string;
}

export type Value = string | number | null;

/** Some rows of a table that is told from its beginning. */
export interface RefillStep {
  readonly entries: readonly OutboxEntry[];
  /** Behind them; null: they are the last. */
  readonly cursor: string | null;
}

export interface SyncState {
  readonly instance: string;
  readonly server: string | null;
  readonly epoch: number;
  readonly turn: string | null;
  readonly nextTurn: string | null;
  readonly swept: number;
}

/** What a server says of itself and of these books. */
export interface MetServer {
  readonly server: string;
  /** The newest version that it has of these books. */
  readonly newest: number;
  readonly turn: string;
  /** Whether these books are not the ones that spoke to it last, or are older than those. */
  readonly isStrange: boolean;
}

export interface ReadLimits {
  readonly rows: number;
  /** Characters of text; at least one row is read. */
  readonly characters: number;
}

interface Statements {
  readonly table: MirroredTable;
  readonly changed: Statement<[number, number, number], Value[]>;
  readonly first: Statement<[number], Value[]>;
  readonly later: Statement<Value[], Value[]>;
  readonly count: Statement<[], number>;
}

/** What a server that mirrors these books has not confirmed yet. The rows themselves put it here, by triggers. */
export class SqliteOutbox {
  readonly #database: Database;
  readonly #statements: ReadonlyMap<MirroredTable['kind'], Statements>;
  readonly #remove: Statement<[number]>;

  constructor(database: Database) {
    this.#database = database;
    this.#statements = new Map(MIRRORED_TABLES.map((table) => [table.kind, statementsOf(database, table)]));
    this.#remove = database.prepare('DELETE FROM outbox WHERE sequence = ?');
  }

  /** The name of the database, for whoever asks whose it is. */
  get file(): string {
    return this.#database.name;
  }

  /** The oldest changes of a table after a version, up to another one. */
  next(
    kind: MirroredTable['kind'],
    { after, upTo }: { readonly after: number; readonly upTo: number },
    limits: ReadLimits,
  ): readonly OutboxEntry[] {
    const { changed } = this.#of(kind);
    return read(changed.iterate(after, upTo, limits.rows), limits).map(
      ([version, time, name, found, ...values]) => ({
        version: Number(version),
        time: Number(time),
        name: String(name),
        values: found === null ? null : values,
      }),
    );
  }

  /** How far each table has got that is told from its beginning. */
  refills(): ReadonlyMap<MirroredTable['kind'], { readonly version: number; readonly cursor: string }> {
    const rows = this.#database
      .prepare<[], { kind: MirroredTable['kind']; version: number; cursor: string }>(
        'SELECT kind, version, cursor FROM mirror_refills',
      )
      .all();
    return new Map(rows.map(({ kind, version, cursor }) => [kind, { version, cursor }]));
  }

  /** The next rows of a table that is told from its beginning. */
  refill(
    kind: MirroredTable['kind'],
    { version, cursor }: { readonly version: number; readonly cursor: string },
    limits: ReadLimits,
  ): RefillStep {
    const { table, first, later } = this.#of(kind);
    // Only we write cursors.
    const after = JSON.parse(cursor) as Value[];
    const rows = read(
      after.length === 0 ? first.iterate(limits.rows) : later.iterate(...after, limits.rows),
      limits,
    );
    const width = table.order.length;
    const last = rows.at(-1);
    return {
      entries: rows.map((row) => {
        const [time, name, ...values] = row.slice(width);
        return { version, time: Number(time), name: String(name), values };
      }),
      cursor: last === undefined ? null : JSON.stringify(last.slice(0, width)),
    };
  }

  /** Keeps what was left out when its table was told from its beginning. */
  keep(kind: MirroredTable['kind'], { time, name }: Pick<OutboxEntry, 'time' | 'name'>): void {
    this.#database
      .prepare('INSERT OR IGNORE INTO outbox (kind, time, name) VALUES (?, ?, ?)')
      .run(kind, time, name);
  }

  /** Takes note of how far a table has got in telling it in one version; null: to its end. */
  refilled(kind: MirroredTable['kind'], version: number, cursor: string | null, rows: number): void {
    const ofIt = 'WHERE kind = ? AND version = ?';
    if (cursor === null) this.#database.prepare(`DELETE FROM mirror_refills ${ofIt}`).run(kind, version);
    else
      this.#database
        .prepare(`UPDATE mirror_refills SET cursor = ?, left_over = max(0, left_over - ?) ${ofIt}`)
        .run(cursor, rows, kind, version);
  }

  /** Of rows that have changed again since, the newer change stays. */
  confirm(versions: Iterable<number>): void {
    this.#database.transaction(() => {
      for (const version of versions) this.#remove.run(version);
    })();
  }

  /** The newest version that was given. */
  get newest(): number {
    return Number(
      this.#database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'").pluck().get() ?? 0,
    );
  }

  /** Rows that the server has not confirmed. */
  get backlog(): number {
    return Number(
      this.#database
        .prepare(
          'SELECT (SELECT count(*) FROM outbox) + (SELECT coalesce(sum(left_over), 0) FROM mirror_refills)',
        )
        .pluck()
        .get(),
    );
  }

  get state(): SyncState {
    const state = this.#database
      .prepare<[], SyncState>(
        'SELECT instance, server, epoch, turn, next_turn AS nextTurn, swept FROM sync_state',
      )
      .get();
    if (state === undefined) throw new TypeError('sync_state has no row');
    return state;
  }

  /** The number that the next meeting is to give: written before the server has it. */
  announceTurn(): string {
    const turn = this.#database
      .prepare<[], string>('UPDATE sync_state SET next_turn = lower(hex(randomblob(16))) RETURNING next_turn')
      .pluck()
      .get();
    if (turn === undefined) throw new TypeError('sync_state has no row');
    return turn;
  }

  /** These are other books than those that their name stands for at the server: a copy of them, or they were copied. */
  takeNewName(): void {
    this.#database.exec(
      `UPDATE sync_state SET instance = lower(hex(randomblob(16))), server = NULL, epoch = 0, swept = 0, turn = NULL,
        next_turn = NULL`,
    );
  }

  /** Nobody mirrors them any more: of what comes nothing is kept for a server, which is told everything anew one day. */
  leave(): void {
    if (this.state.server === null) return;
    this.#database.exec(
      'DELETE FROM outbox; DELETE FROM mirror_refills; UPDATE sync_state SET server = NULL',
    );
  }

  /**
   * Takes note of whom it speaks to. Another server, or one that has heard of changes that are not in these books, is told
   * everything anew, in versions above all that it has.
   */
  meet({ server, newest, turn, isStrange }: MetServer): void {
    this.#database
      .transaction(() => {
        const last = this.newest;
        const isKnown = this.state.server === server && !isStrange && newest <= last;
        this.#database.prepare('UPDATE sync_state SET server = ?, turn = ?').run(server, turn);
        if (!isKnown) this.#tellAnew(newest, Math.max(newest, last) + 1);
      })
      .immediate();
  }

  /** The server has forgotten what these books no longer have. */
  swept(epoch: number): void {
    this.#database.prepare('UPDATE sync_state SET swept = epoch WHERE epoch = ?').run(epoch);
  }

  #tellAnew(epoch: number, version: number): void {
    this.#database.exec('DELETE FROM outbox; DELETE FROM mirror_refills');
    this.#database.prepare("DELETE FROM sqlite_sequence WHERE name = 'outbox'").run();
    this.#database.prepare("INSERT INTO sqlite_sequence VALUES ('outbox', ?)").run(version);
    this.#database.prepare('UPDATE sync_state SET epoch = max(epoch, ?)').run(epoch);
    const refill = this.#database.prepare("INSERT INTO mirror_refills VALUES (?, ?, '[]', ?)");
    for (const [kind, { count }] of this.#statements) {
      const rows = Number(count.get());
      if (rows > 0) refill.run(kind, version, rows);
    }
  }

  #of(kind: MirroredTable['kind']): Statements {
    const found = this.#statements.get(kind);
    if (found === undefined) throw new TypeError(`nothing of the kind ${kind} is mirrored`);
    return found;
  }
}

function statementsOf(database: Database, mirrored: MirroredTable): Statements {
  const { kind, table, place, match, joined, order, columns } = mirrored;
  const values = Object.values(columns).map(([sql]) => sql);
  const keys = order.map((name) => `t.${name}`);
  const refill = (where: string) =>
    database
      .prepare(
        `SELECT ${[...keys, ...place, ...values].join(', ')} FROM ${table} t ${joined} ${where} ORDER BY ${keys.join(', ')} LIMIT ?`,
      )
      .raw();
  return {
    table: mirrored,
    // `raw` rows are lists of values, which the types of better-sqlite3 do not follow.
    changed: database
      .prepare(
        `SELECT o.sequence, o.time, o.name, t.${order[0]}, ${values.join(', ')}
          FROM outbox o LEFT JOIN ${table} t ON ${match} ${joined}
          WHERE o.kind = '${kind}' AND o.sequence > ? AND o.sequence <= ? ORDER BY o.sequence LIMIT ?`,
      )
      .raw() as Statement<[number, number, number], Value[]>,
    first: refill('') as Statement<[number], Value[]>,
    later: refill(`WHERE (${keys.join(', ')}) > (${keys.map(() => '?').join(', ')})`) as Statement<
      Value[],
      Value[]
    >,
    count: database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck(),
  };
}

/** So many rows that their texts stay within the limit: one may be of any size. */
function read(rows: IterableIterator<Value[]>, { characters }: ReadLimits): readonly Value[][] {
  const taken: Value[][] = [];
  let size = 0;
  for (const row of rows) {
    taken.push(row);
    for (const value of row) size += typeof value === 'string' ? value.length : 8;
    if (size >= characters) break;
  }
  return taken;
}
