import type pg from 'pg';
import { unlessAborted } from '../../domain/index.ts';

/** How long one statement may take. */
const PATIENCE_MS = 60_000;

export class LinkClosedError extends Error {
  override readonly name = 'LinkClosedError';
}

/** The connections to a server. Once its signal is aborted nobody waits for an answer any more. */
export class Link {
  readonly #pool: pg.Pool;
  readonly #end: AbortSignal;

  constructor(pool: pg.Pool, signal: AbortSignal) {
    this.#pool = pool;
    // Of connections that nobody uses at the time: the next use finds out by itself.
    pool.on('error', () => undefined);
    // A server that ends a connection between two queries of ours.
    pool.on('connect', (client) => client.on('error', () => undefined));
    this.#end = signal;
  }

  /** Uses a connection, which is not used again when that fails. @throws LinkClosedError at the end. */
  async use<T>(run: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const connecting = this.#pool.connect();
    const client = await this.#orClosed(connecting).catch((error: unknown) => {
      // It may come all the same, for nobody.
      connecting.then(
        (late) => late.release(true),
        () => undefined,
      );
      throw error;
    });
    const running = run(client);
    try {
      const result = await this.#orClosed(running);
      client.release();
      return result;
    } catch (error) {
      // Breaks it off where an answer is still waited for.
      client.release(true);
      running.catch(() => undefined);
      throw error;
    }
  }

  /** All or nothing. The server gives up what takes longer than we wait for it. */
  transaction<T>(run: (client: pg.PoolClient) => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
    return this.use(async (client) => {
      await client.query(
        `BEGIN; SET LOCAL statement_timeout = ${patienceMs}; SET LOCAL idle_in_transaction_session_timeout = ${PATIENCE_MS}`,
      );
      try {
        const result = await run(client);
        await client.query('COMMIT');
        return result;
      } catch (error) {
        // The connection may be gone: what it had begun is then undone by the server.
        if (isServersWord(error)) await client.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }

  close(): void {
    // It waits for connections that are still coming, which nobody has to.
    this.#pool.end().catch(() => undefined);
  }

  async #orClosed<T>(work: Promise<T>): Promise<T> {
    const answer = await unlessAborted(
      work.then((value) => ({ value })),
      this.#end,
    );
    if (answer === undefined) throw new LinkClosedError('the program ends');
    return answer.value;
  }
}

/** An answer of the server's, and none that tells of the connection, or of the server as a whole, being gone or full. */
export function isServersWord(error: unknown): error is Error & { readonly code: string } {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^[0-9A-Z]{5}$/.test(error.code) &&
    !/^(08|53|57|58)/.test(error.code)
  );
}

/** What the server says of the values of a row: it would say so for ever. */
export function isAboutValues(error: unknown): error is Error {
  return isServersWord(error) && /^(22|23|54)/.test(error.code);
}
