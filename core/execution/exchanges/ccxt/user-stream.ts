import type { Connection, Logger, Timers, VenueError } from '../../../domain/index.ts';
import type { Calls } from './calls.ts';

export interface UserStreamOptions {
  readonly calls: Calls;
  readonly timers: Timers;
  readonly log: Logger;
  /** What is listened to, by name: each resolves with the next rows, or rejects when its line is down. */
  readonly sources: Readonly<Record<string, UserSource>>;
  /** Whether every line is open, and nothing is outstanding on it but news. */
  readonly isListening: () => boolean;
  readonly onConnection: (connection: Connection) => void;
}

export interface UserSource {
  next(): Promise<unknown>;
  /** Takes what came. Synchronous: ccxt changes its objects when more comes. */
  take(rows: unknown): void;
}

/** How often it is looked whether a line is up: a quiet account says nothing by which it could be known. */
const LOOK_MS = 20;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/** Listens to what happens on the account, through every failure of the line, until it is stopped. */
export class UserStream {
  readonly #options: UserStreamOptions;
  readonly #stop = new AbortController();
  readonly #down = new Map<string, string>();
  readonly #first = Promise.withResolvers<void>();
  #state: Connection['state'] = 'connecting';

  constructor(options: UserStreamOptions) {
    this.#options = options;
    for (const name of Object.keys(options.sources)) this.#down.set(name, '');
  }

  /** Begins. Resolves when the lines are up, or one has failed and is tried again. */
  start(): Promise<void> {
    for (const [name, source] of Object.entries(this.#options.sources)) void this.#listen(name, source);
    return this.#first.promise;
  }

  stop(): void {
    this.#first.resolve();
    this.#stop.abort();
  }

  async #listen(name: string, source: UserSource): Promise<void> {
    const { timers } = this.#options;
    let waitMs = FIRST_WAIT_MS;
    while (!this.#stop.signal.aborted) {
      const askedAt = timers.monotonicMs();
      const next = this.#options.calls.make(() => source.next());
      void this.#settle(name, next);
      const failure = await next.then(
        (rows) => this.#take(name, source, rows),
        ({ message }: VenueError) => message,
      );
      if (this.#stop.signal.aborted) return;
      if (failure === undefined) {
        waitMs = FIRST_WAIT_MS;
        continue;
      }
      this.#fail(name, failure);
      // A quiet line says nothing for days: that it stood for so long is as good.
      if (timers.monotonicMs() - askedAt >= LONGEST_WAIT_MS) waitMs = FIRST_WAIT_MS;
      await timers.wait(waitMs, this.#stop.signal);
      waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
    }
  }

  /** A row that cannot be read is no failure of the line: whoever compares the books finds what it was about. */
  #take(name: string, source: UserSource, rows: unknown): undefined {
    this.#rise(name);
    try {
      source.take(rows);
    } catch (error) {
      this.#options.log.error({ err: error }, `what the venue streamed of ${name} cannot be read`);
    }
  }

  /** Calls a line up that is open and has not failed. */
  async #settle(name: string, next: Promise<unknown>): Promise<void> {
    let hasEnded = false;
    const end = (): void => {
      hasEnded = true;
    };
    next.then(end, end);
    const { timers, isListening } = this.#options;
    do await timers.wait(LOOK_MS, this.#stop.signal);
    while (!hasEnded && !this.#stop.signal.aborted && !isListening());
    if (!hasEnded && !this.#stop.signal.aborted) this.#rise(name);
  }

  #rise(name: string): void {
    this.#down.delete(name);
    if (this.#down.size === 0) this.#tell({ state: 'connected', message: '' });
  }

  #fail(name: string, message: string): void {
    this.#down.set(name, message);
    this.#tell({ state: 'disconnected', message });
  }

  #tell(connection: Connection): void {
    this.#first.resolve();
    if (this.#state === connection.state) return;
    this.#state = connection.state;
    this.#options.onConnection(connection);
  }
}
