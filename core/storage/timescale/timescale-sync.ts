import type pg from 'pg';
import type { Logger, Timers, UtcMs } from '../../domain/index.ts';
import { migrationsFolder, readMigrations } from '../sqlite/migrations.ts';
import type { SqliteOutbox } from '../sqlite/outbox.ts';
import { adoptTimescale, migrateServer } from './schema.ts';
import { targetOf } from './target.ts';
import { tell } from './upsert.ts';

export interface TimescaleSyncOptions {
  /** `postgres://USER@HOST:PORT/DATABASE`, without a password. */
  readonly url: string;
  /** Asked for at each new connection to the server. */
  readonly password: () => string | undefined;
  readonly retentionDays: number | null;
  /** The name of the books. */
  readonly account: string;
  readonly outbox: SqliteOutbox;
  /** Runs a write of ours that may wait for another one to the same database. */
  readonly write: (run: () => void) => void;
  readonly timers: Timers;
  readonly now: () => UtcMs;
  readonly log: Logger;
  /** Told when the state has changed. */
  readonly onState?: (state: MirrorState) => void;
}

export interface MirrorState {
  readonly state: 'connecting' | 'up' | 'down';
  readonly since: UtcMs;
  readonly lastError: string | null;
  /** What the server lacks, a line each. */
  readonly notices: readonly string[];
  /** Rows told since the start. */
  readonly told: number;
}

/** Rows at a time: the event loop is held for some milliseconds by each. */
const BATCH = 500;
/** How often the outbox is looked into when it was empty. */
const IDLE_MS = 2_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Mirrors the trade history to a PostgreSQL server, beside the trading loop: a server that is down is a state that is
 * shown, and what it has not been told waits in the outbox. What is told twice comes to the same.
 */
export class TimescaleSync {
  readonly #options: TimescaleSyncOptions;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  #state: MirrorState;

  constructor(options: TimescaleSyncOptions) {
    this.#options = options;
    this.#state = { state: 'connecting', since: options.now(), lastError: null, notices: [], told: 0 };
    this.#done = this.#run();
  }

  get state(): MirrorState {
    return this.#state;
  }

  /** Ends it; what is under way is told once more by the next start. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { timers } = this.#options;
    const { signal } = this.#stop;
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      const told = this.#state.told;
      try {
        await this.#session();
      } catch (error) {
        this.#failed(error);
      }
      pauseMs = this.#state.told > told ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      await timers.wait(pauseMs, signal);
    }
  }

  /** From a connection to its end. @throws what ended it. */
  async #session(): Promise<void> {
    const { url, password, retentionDays, outbox, account, timers, write } = this.#options;
    const { signal } = this.#stop;
    // Loaded where it is used: most run without a server.
    const { Pool } = (await import('pg')).default;
    const pool = new Pool(targetOf(url, password()));
    // Of connections that nobody uses at the time: the next use finds out by itself.
    pool.on('error', () => undefined);
    // A server that ends a connection between two queries of ours.
    pool.on('connect', (client) => client.on('error', () => undefined));
    try {
      const notices = await prepare(pool, retentionDays);
      const { instance } = outbox.state;
      await meet(pool, outbox);
      this.#change({ state: 'up', notices });
      let after = 0;
      while (!signal.aborted) {
        const entries = outbox.next(after, BATCH);
        if (entries.length === 0) {
          after = 0;
          await timers.wait(IDLE_MS, signal);
          continue;
        }
        await withClient(pool, (client) => tell(client, { instance, account }, entries));
        after = entries.at(-1)?.sequence ?? after;
        write(() => outbox.confirm(entries));
        this.#state = { ...this.#state, told: this.#state.told + entries.length };
      }
    } finally {
      await pool.end();
    }
  }

  #failed(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    const lastError = error instanceof Error ? error.message : String(error);
    this.#change({ state: 'down', lastError });
  }

  #change(change: Partial<MirrorState>): void {
    const { now, log, onState } = this.#options;
    const before = this.#state;
    const moved = change.state !== undefined && change.state !== before.state;
    this.#state = { ...before, ...change, since: moved ? now() : before.since };
    if (moved) {
      const { state, lastError, notices } = this.#state;
      if (state === 'up') log.info({ notices }, 'the trade history is mirrored');
      else
        log.warn(
          { reason: lastError },
          'the server that mirrors the trade history is down: what it misses is kept',
        );
    }
    onState?.(this.#state);
  }
}

async function prepare(pool: pg.Pool, retentionDays: number | null): Promise<readonly string[]> {
  const migrations = readMigrations(migrationsFolder(undefined, 'timescale'));
  await withClient(pool, (client) => migrateServer(client, migrations));
  const attempt = (...statements: readonly string[]): Promise<void> =>
    withClient(pool, async (client) => {
      for (const statement of statements) await client.query(statement);
    });
  return adoptTimescale(attempt, { retentionDays });
}

/** Whom it speaks to, what that has of these books, and what of it is of books that are no more. */
async function meet(pool: pg.Pool, outbox: SqliteOutbox): Promise<void> {
  const { instance } = outbox.state;
  const { rows } = await pool.query<{ id: string; newest: string | null }>(
    'SELECT id, (SELECT max(version) FROM trade_history WHERE instance = $1) AS newest FROM tradebot_server',
    [instance],
  );
  const [server] = rows;
  if (server === undefined) throw new Error('the server’s table tradebot_server is empty');
  outbox.meet(server.id, Number(server.newest ?? 0));
  await pool.query('DELETE FROM trade_history WHERE instance = $1 AND version <= $2', [
    instance,
    outbox.state.epoch,
  ]);
}

/** A connection that fails is not used again. */
async function withClient<T>(pool: pg.Pool, use: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    const result = await use(client);
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    throw error;
  }
}
