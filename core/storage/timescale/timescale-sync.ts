import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Logger, Timers, UtcMs } from '../../domain/index.ts';
import { hiccupOf } from '../sqlite/hiccup.ts';
import { migrationsFolder, readMigrations } from '../sqlite/migrations.ts';
import { adoptTimescale, type ServerUse } from './adopt.ts';
import { Link } from './link.ts';
import { meet } from './meeting.ts';
import { migrateServer } from './schema.ts';
import { type MirrorSource, Telling } from './session.ts';
import { targetOf } from './target.ts';
import { WorkRate } from './work-rate.ts';

export interface TimescaleSyncOptions {
  /** `postgres://USER@HOST:PORT/DATABASE`, without a password. */
  readonly url: string;
  /** Asked for at each new connection to the server. */
  readonly password: () => string | undefined;
  readonly use: ServerUse;
  readonly sources: readonly MirrorSource[];
  /** Tells this machine from others. */
  readonly machine: string;
  readonly timers: Timers;
  readonly now: () => UtcMs;
  readonly log: Logger;
  /** Told when the state has changed, and now and then while rows are told. */
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
  /** When nothing was left to tell; null: not since the start. */
  readonly caughtUpAt: UtcMs | null;
  /** While there was something to tell; null before that. */
  readonly rowsPerSecond: number | null;
}

/** How often the outbox is looked into when it was empty. */
const IDLE_MS = 2_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** How often it is told how things go while there is much to tell; the rate is measured over so much work, too. */
const REPORT_MS = 2_000;

/**
 * Mirrors the books to a PostgreSQL server, beside the trading loop: a server that is down is a state that is shown, and
 * what it has not been told waits in the outbox. What is told twice comes to the same.
 */
export class TimescaleSync {
  readonly #options: TimescaleSyncOptions;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  #state: MirrorState;
  readonly #rate = new WorkRate(REPORT_MS);

  constructor(options: TimescaleSyncOptions) {
    this.#options = options;
    this.#state = {
      ...{ state: 'connecting', since: options.now(), lastError: null, notices: [], told: 0 },
      ...{ caughtUpAt: null, rowsPerSecond: null },
    };
    this.#done = this.#run();
  }

  get state(): MirrorState {
    return this.#state;
  }

  /** Ends it at once; what is under way is told once more by the next start. */
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
        if (!signal.aborted) this.#change({ state: 'down', lastError: wordsOf(error) });
      }
      pauseMs = this.#state.told > told ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      await timers.wait(pauseMs, signal);
    }
  }

  /** From a connection to its end. @throws what ended it. */
  async #session(): Promise<void> {
    const { url, password, sources, use } = this.#options;
    const { signal } = this.#stop;
    // Loaded where it is used: most run without a server.
    const { Pool } = (await import('pg')).default;
    const link = new Link(new Pool(targetOf(url, password())), signal);
    try {
      const notices = await prepare(link, use);
      const tellings: Telling[] = [];
      for (const source of sources) tellings.push(await this.#meet(link, source));
      this.#change({ state: 'up', notices });
      while (!signal.aborted) await this.#round(tellings);
    } finally {
      link.close();
    }
  }

  async #meet(link: Link, source: MirrorSource): Promise<Telling> {
    const { machine, timers } = this.#options;
    const home = createHash('sha256')
      .update(`${machine}\n${resolve(source.outbox.file)}`)
      .digest('hex');
    return new Telling({
      ...{ link, source, timers, sender: await meet(link, source, home) },
      onTold: (rows) => {
        this.#state = { ...this.#state, told: this.#state.told + rows };
      },
      onRefused: (error) => {
        const lastError = `a row was refused and is left out: ${error.message}`;
        this.#options.log.warn({ reason: error.message }, 'the server that mirrors the books refuses a row');
        this.#change({ lastError });
      },
    });
  }

  async #round(tellings: readonly Telling[]): Promise<void> {
    const { timers, now } = this.#options;
    const { signal } = this.#stop;
    const [told, began] = [this.#state.told, timers.monotonicMs()];
    const worked = await this.#tellAll(tellings);
    const rowsPerSecond = this.#rate.round(this.#state.told - told, timers.monotonicMs() - began, worked);
    if (rowsPerSecond !== null) this.#change({ rowsPerSecond });
    if (worked) return;
    // In memory alone: a write each time would be more than there is to tell.
    this.#state = { ...this.#state, caughtUpAt: now() };
    await timers.wait(IDLE_MS, signal);
  }

  /** Books that cannot be read now are no fault of the server's. */
  async #tellAll(tellings: readonly Telling[]): Promise<boolean> {
    let worked = false;
    try {
      for (const telling of tellings) worked = (await telling.round()) || worked;
    } catch (error) {
      const reason = hiccupOf(error);
      if (reason === undefined || !isOfTheBooks(error)) throw error;
      this.#change({ lastError: `the books cannot be read now: ${reason}` });
      return false;
    }
    return worked;
  }

  #change(change: Partial<MirrorState>): void {
    const { now, log, onState } = this.#options;
    const before = this.#state;
    const moved = change.state !== undefined && change.state !== before.state;
    this.#state = { ...before, ...change, since: moved ? now() : before.since };
    if (moved) {
      const { state, lastError, notices } = this.#state;
      if (state === 'up') log.info({ notices }, 'the books are mirrored');
      else
        log.warn({ reason: lastError }, 'the server that mirrors the books is down: what it misses is kept');
    }
    onState?.(this.#state);
  }
}

async function prepare(link: Link, use: ServerUse): Promise<readonly string[]> {
  const migrations = readMigrations(migrationsFolder(undefined, 'timescale'));
  await link.use((client) => migrateServer(client, migrations));
  return adoptTimescale(
    (...statements) =>
      link.use(async (client) => {
        for (const statement of statements) await client.query(statement);
      }),
    use,
  );
}

function isOfTheBooks(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_');
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
