import Sqlite from 'better-sqlite3';

/** Where a process dies: at a durable write of the account's books, before or after it is made. */
export interface Death {
  /** Counted from the start of the process. */
  readonly write: number;
  readonly when: 'before' | 'after';
  /** Writes that count. */
  readonly of: DeathAt;
}

/** `orders` are what the program says of orders; `any` also decisions, state, equity and the ends of transactions. */
export type DeathAt = 'orders' | 'fills' | 'any';

const COUNTS: Readonly<Record<DeathAt, RegExp>> = {
  orders: /\b(?:INSERT|UPDATE)\b.*\b(?:order_intents|order_events|orders)\b/is,
  fills: /\bINSERT\b.*\b(?:fills|account_events)\b/is,
  any: /\b(?:INSERT|UPDATE|DELETE|REPLACE|COMMIT)\b/i,
};

interface Statement {
  readonly source: string;
  readonly database: { readonly name: string };
  run(...parameters: unknown[]): unknown;
}

/**
 * Has this process killed, as `kill -9` does it, at its n-th write to the file. Every statement of better-sqlite3 is of
 * one class, whose `run` is wrapped: nothing of the program knows.
 */
export function dieAt({ write, when, of }: Death, file: string): void {
  const probe = new Sqlite(':memory:');
  // The class is not exported; its prototype is any statement's.
  const prototype = Object.getPrototypeOf(probe.prepare('SELECT 1')) as Statement;
  probe.close();
  const run = prototype.run;
  let writes = 0;
  prototype.run = function (this: Statement, ...parameters: unknown[]): unknown {
    if (this.database.name !== file || !COUNTS[of].test(this.source)) return run.apply(this, parameters);
    writes += 1;
    if (writes === write && when === 'before') process.kill(process.pid, 'SIGKILL');
    const result = run.apply(this, parameters);
    if (writes === write) process.kill(process.pid, 'SIGKILL');
    return result;
  };
}
