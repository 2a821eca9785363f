import type { Timers } from '../../domain/index.ts';
import { MIRRORED_TABLES, type MirroredTable } from '../sqlite/mirrored-tables.ts';
import type { OutboxEntry, ReadLimits, SqliteOutbox } from '../sqlite/outbox.ts';
import { inLanes } from './in-lanes.ts';
import { isAboutValues, type Link } from './link.ts';
import { announce, type Sender, tell } from './upsert.ts';

/** Some books, and how they are written to. */
export interface MirrorSource {
  /** The name of the books. */
  readonly account: string;
  readonly outbox: SqliteOutbox;
  /** Runs a write of ours that may wait for another one to the same database. */
  readonly write: (run: () => void) => void;
}

/** What is told at a time: reading and sending it holds the event loop for some milliseconds. */
const AT_A_TIME: ReadLimits = { rows: 1_000, characters: 1_000_000 };
/** So many of them are on their way at once: of five connections one is left. While the server works, the next are read. */
const LANES = 4;
/** After so many it is the next table's turn. */
const WAVE = 16;
/** A write that has not come about in this time is asked for again. */
const CONFIRM_MS = 5_000;
/** Forgetting what books no longer have may go through all that the server has. */
const SWEEP_MS = 10 * 60_000;

interface Refill {
  readonly version: number;
  cursor: string;
}

/** Some rows of a table that is told from its beginning, on their way. */
interface Step {
  readonly cursor: string | null;
  readonly rows: number;
  readonly refused: OutboxEntry[];
  isTold: boolean;
}

interface Outcome {
  readonly onTold: (entries: readonly OutboxEntry[]) => void;
  readonly onRefused: (entry: OutboxEntry) => void;
}

/** Tells one server of one database, from a meeting on. */
export class Telling {
  readonly #link: Link;
  readonly #source: MirrorSource;
  readonly #sender: Sender;
  readonly #timers: Timers;
  readonly #onTold: (rows: number) => void;
  readonly #onRefused: (error: Error) => void;
  readonly #refills: Map<MirroredTable['kind'], Refill>;
  /** Up to where the changes of a table were looked through. */
  readonly #after = new Map<MirroredTable['kind'], number>();
  /** What the server has and the outbox does not know yet, or what the server will not have. */
  readonly #settled = new Set<number>();
  readonly #refused = new Set<number>();
  /** Up to which version the server knows that it may be told; a link that fails once is not used again. */
  #announced = { newest: 0, done: Promise.resolve() };
  #askedAt = Number.NEGATIVE_INFINITY;

  /** @param sender as it met the server. */
  constructor(options: {
    readonly link: Link;
    readonly source: MirrorSource;
    readonly sender: Sender;
    readonly timers: Timers;
    readonly onTold: (rows: number) => void;
    readonly onRefused: (error: Error) => void;
  }) {
    this.#link = options.link;
    this.#source = options.source;
    this.#sender = options.sender;
    this.#timers = options.timers;
    this.#onTold = options.onTold;
    this.#onRefused = options.onRefused;
    this.#refills = new Map(options.source.outbox.refills());
  }

  /** Tells some of each table. @returns whether there was anything to tell. @throws what the server, or the books, say. */
  async round(): Promise<boolean> {
    let worked = false;
    for (const table of MIRRORED_TABLES) {
      if (await this.#changes(table)) worked = true;
      else if (await this.#refill(table)) worked = true;
    }
    if (this.#settled.size > 0) this.#confirm();
    if (!worked) await this.#sweep();
    return worked;
  }

  /**
   * A wave of what has changed, over several connections. It ends with what had changed when it began: of a row that changes
   * meanwhile, or goes, nothing newer is told beside it, which an older version could come after.
   */
  async #changes(table: MirroredTable): Promise<boolean> {
    const { kind } = table;
    const { outbox } = this.#source;
    const upTo = outbox.newest;
    let [batches, untold] = [0, 0];
    let hasMore = true;
    await inLanes(LANES, () => {
      if (!hasMore || batches === WAVE) return null;
      batches += 1;
      const found = outbox.next(kind, { after: this.#after.get(kind) ?? 0, upTo }, AT_A_TIME);
      const last = found.at(-1);
      hasMore = last !== undefined;
      // Looked through to the end: the next look begins at what is oldest.
      this.#after.set(kind, last?.version ?? 0);
      if (last === undefined) return null;
      const entries = found.filter(
        ({ version }) => !this.#settled.has(version) && !this.#refused.has(version),
      );
      untold += entries.length;
      return this.#tell(table, entries, upTo, {
        onTold: (told) => {
          for (const { version } of told) this.#settled.add(version);
        },
        onRefused: ({ version }) => this.#refused.add(version),
      });
    });
    return untold > 0 || hasMore;
  }

  /** A wave of a table that is told from its beginning. What of it the server has, up to the first that it has not, is noted. */
  async #refill(table: MirroredTable): Promise<boolean> {
    const { outbox } = this.#source;
    const { kind } = table;
    const refill = this.#refills.get(kind);
    if (refill === undefined) return false;
    const steps: Step[] = [];
    let cursor: string | null = refill.cursor;
    try {
      await inLanes(LANES, () => {
        if (cursor === null || steps.length === WAVE) return null;
        const { version } = refill;
        const { entries, cursor: behind } = outbox.refill(kind, { version, cursor }, AT_A_TIME);
        const step: Step = { cursor: behind, rows: entries.length, refused: [], isTold: false };
        steps.push(step);
        cursor = behind;
        const outcome = {
          onTold: () => undefined,
          onRefused: (entry: OutboxEntry) => step.refused.push(entry),
        };
        return this.#tell(table, entries, version, outcome).then(() => {
          step.isTold = true;
        });
      });
    } finally {
      this.#noteRefilled(kind, refill, steps);
    }
    return true;
  }

  #noteRefilled(kind: MirroredTable['kind'], refill: Refill, steps: readonly Step[]): void {
    const { outbox, write } = this.#source;
    const untold = steps.findIndex(({ isTold }) => !isTold);
    const told = untold < 0 ? steps : steps.slice(0, untold);
    const last = told.at(-1);
    if (last === undefined) return;
    const { cursor } = last;
    if (cursor === null) this.#refills.delete(kind);
    else refill.cursor = cursor;
    const rows = told.reduce((sum, step) => sum + step.rows, 0);
    write(() => {
      for (const entry of told.flatMap(({ refused }) => refused)) outbox.keep(kind, entry);
      outbox.refilled(kind, refill.version, cursor, rows);
    });
  }

  /** Where the server refuses the values of a row, the others are told without it. */
  async #tell(
    table: MirroredTable,
    entries: readonly OutboxEntry[],
    newest: number,
    outcome: Outcome,
  ): Promise<void> {
    if (entries.length === 0) return;
    await this.#announce(newest);
    try {
      await this.#link.transaction((client) => tell(client, this.#sender, table, entries));
      outcome.onTold(entries);
      this.#onTold(entries.length);
    } catch (error) {
      if (!isAboutValues(error)) throw error;
      const [only, ...others] = entries;
      if (only !== undefined && others.length === 0) {
        outcome.onRefused(only);
        this.#onRefused(error);
        return;
      }
      const half = Math.ceil(entries.length / 2);
      await this.#tell(table, entries.slice(0, half), newest, outcome);
      await this.#tell(table, entries.slice(half), newest, outcome);
    }
  }

  /** Of versions that were announced once nothing is said again. */
  #announce(newest: number): Promise<void> {
    if (newest > this.#announced.newest) {
      const done = this.#announced.done.then(() =>
        this.#link.use((client) => announce(client, this.#sender, newest)),
      );
      this.#announced = { newest, done };
    }
    return this.#announced.done;
  }

  /** In one write for all that has come together until it is written. */
  #confirm(): void {
    const now = this.#timers.monotonicMs();
    if (now - this.#askedAt < CONFIRM_MS) return;
    this.#askedAt = now;
    const { outbox, write } = this.#source;
    write(() => {
      outbox.confirm(this.#settled);
      this.#settled.clear();
      this.#askedAt = Number.NEGATIVE_INFINITY;
    });
  }

  /** Has the server forget what was told of books that are no more. */
  async #sweep(): Promise<void> {
    const { outbox, write } = this.#source;
    const { epoch, swept } = outbox.state;
    if (swept >= epoch || this.#refills.size > 0) return;
    await this.#link.transaction(async (client) => {
      for (const { serverTable } of MIRRORED_TABLES) {
        await client.query(`DELETE FROM ${serverTable} WHERE instance = $1 AND version <= $2`, [
          this.#sender.instance,
          epoch,
        ]);
      }
    }, SWEEP_MS);
    write(() => outbox.swept(epoch));
  }
}
