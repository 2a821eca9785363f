import type { Database, Statement } from 'better-sqlite3';
import type { Decision, DecisionQuery, DecisionStore } from '../domain/index.ts';
import { readDecision, searchableText, writeDecision } from './decision-document.ts';

/** Decision records in SQLite: a JSON document each, with the columns that queries need. */
export class SqliteDecisionStore implements DecisionStore {
  readonly #insert: Statement;
  readonly #get: Statement<[string], string>;
  readonly #list: Statement<[Record<string, unknown>], string>;

  constructor(database: Database) {
    this.#insert = database.prepare(
      `INSERT INTO decisions VALUES (:id, :symbol, :timeframe, :barOpenTime, :time, :outcome, :searchable, :document)
        ON CONFLICT DO NOTHING`,
    );
    this.#get = database.prepare<[string], string>('SELECT document FROM decisions WHERE id = ?').pluck();
    this.#list = database
      .prepare<[Record<string, unknown>], string>(
        `SELECT document FROM decisions WHERE time < :before AND (:symbol IS NULL OR symbol = :symbol)
          AND (:outcome IS NULL OR outcome = :outcome) AND (:search IS NULL OR instr(searchable, :search) > 0)
          ORDER BY time DESC, symbol LIMIT :limit`,
      )
      .pluck();
  }

  append(decision: Decision): void {
    const { id, symbol, timeframe, barOpenTime, time, outcome } = decision;
    this.#insert.run({
      id,
      symbol,
      timeframe,
      barOpenTime,
      time,
      outcome,
      searchable: searchableText(decision),
      document: writeDecision(decision),
    });
  }

  get(id: string): Decision | undefined {
    const document = this.#get.get(id);
    return document === undefined ? undefined : readDecision(document);
  }

  list({ symbol, outcome, search, before, limit }: DecisionQuery): readonly Decision[] {
    const query = {
      symbol: symbol ?? null,
      outcome: outcome ?? null,
      search: search === undefined || search === '' ? null : search.toLowerCase(),
      before: before ?? Number.MAX_SAFE_INTEGER,
      limit,
    };
    return this.#list.all(query).map(readDecision);
  }
}
