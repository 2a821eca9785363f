import type { Database, Statement } from 'better-sqlite3';
import type {
  LlmAgent,
  LlmCallQuery,
  LlmCallRecord,
  LlmCallStore,
  SpendingStore,
} from '../../domain/index.ts';

interface CallRow {
  readonly key: string;
  readonly agent: LlmAgent;
  readonly round: number;
  readonly symbol: string;
  readonly barOpenTime: number;
  readonly time: number;
  readonly status: LlmCallRecord['status'];
  readonly document: string;
}

interface ListParameters {
  readonly agent: LlmAgent | null;
  readonly before: number;
  readonly limit: number;
}

/** Calls of language models in SQLite: a JSON document each, with the columns that queries need. */
export class SqliteLlmCallStore implements LlmCallStore {
  readonly #put: Statement<[CallRow]>;
  readonly #get: Statement<[string], string>;
  readonly #list: Statement<[ListParameters], string>;

  constructor(database: Database) {
    this.#put = database.prepare(
      `INSERT INTO llm_calls (key, agent, round, symbol, bar_open_time, time, status, document)
        VALUES (:key, :agent, :round, :symbol, :barOpenTime, :time, :status, :document)
        ON CONFLICT (key, symbol, bar_open_time) DO UPDATE
          SET round = excluded.round, time = excluded.time, status = excluded.status, document = excluded.document
          WHERE status = 'failed' OR (round < 0 AND excluded.status = 'answered')`,
    );
    this.#get = database
      .prepare<[string], string>(
        "SELECT document FROM llm_calls WHERE key = ? ORDER BY status = 'answered' DESC, sequence LIMIT 1",
      )
      .pluck();
    this.#list = database
      .prepare<[ListParameters], string>(
        `SELECT document FROM llm_calls WHERE time < :before AND (:agent IS NULL OR agent = :agent)
          ORDER BY time DESC, sequence DESC LIMIT :limit`,
      )
      .pluck();
  }

  get(key: string): LlmCallRecord | undefined {
    const document = this.#get.get(key);
    return document === undefined ? undefined : readCall(document);
  }

  put(record: LlmCallRecord): void {
    const { key, agent, round, bar, time, status } = record;
    this.#put.run({ key, agent, round, ...bar, time, status, document: JSON.stringify(record) });
  }

  list({ agent, before, limit }: LlmCallQuery): readonly LlmCallRecord[] {
    const parameters = { agent: agent ?? null, before: before ?? Number.MAX_SAFE_INTEGER, limit };
    return this.#list.all(parameters).map(readCall);
  }
}

function readCall(document: string): LlmCallRecord {
  // Only `put` writes documents.
  return JSON.parse(document) as LlmCallRecord;
}

interface Reservation {
  readonly day: string;
  readonly microUsd: number;
  readonly cap: number;
}

/** Spending by UTC day in SQLite. Each change is one statement, so that several processes share one cap. */
export class SqliteSpendingStore implements SpendingStore {
  readonly #spent: Statement<[string], number>;
  readonly #reserve: Statement<[Reservation]>;
  readonly #add: Statement<[Omit<Reservation, 'cap'>]>;

  constructor(database: Database) {
    this.#spent = database
      .prepare<[string], number>('SELECT micro_usd FROM llm_spending WHERE day = ?')
      .pluck();
    this.#reserve = database.prepare(
      `INSERT INTO llm_spending SELECT :day, :microUsd WHERE :microUsd <= :cap
        ON CONFLICT (day) DO UPDATE SET micro_usd = micro_usd + :microUsd WHERE micro_usd + :microUsd <= :cap`,
    );
    this.#add = database.prepare(
      `INSERT INTO llm_spending VALUES (:day, max(0, :microUsd))
        ON CONFLICT (day) DO UPDATE SET micro_usd = max(0, micro_usd + :microUsd)`,
    );
  }

  spent(day: string): number {
    return this.#spent.get(day) ?? 0;
  }

  reserve(day: string, microUsd: number, capMicroUsd: number): boolean {
    return this.#reserve.run({ day, microUsd, cap: capMicroUsd }).changes === 1;
  }

  add(day: string, microUsd: number): void {
    this.#add.run({ day, microUsd });
  }
}
