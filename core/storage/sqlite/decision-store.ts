import type { Database, Statement } from 'better-sqlite3';
import type { Decision, DecisionQuery, DecisionStore } from '../../domain/index.ts';
import { readDecision, searchableText, writeDecision } from './decision-document.ts';
import { DecisionOfTrades } from './trade-history.ts';

interface Filter {
  readonly outcome: string | null;
  readonly search: string | null;
  readonly before: number;
  readonly limit: number;
}

/** Decision records in SQLite: a JSON document each, with the columns that queries need. A bar is decided on once. */
export class SqliteDecisionStore implements DecisionStore {
  readonly #insert: Statement;
  readonly #trades: DecisionOfTrades;
  readonly #forget: Statement<[number]>;
  readonly #get: Statement<[string], string>;
  readonly #list: Statement<[Filter], string>;
  readonly #listOfSymbol: Statement<[Filter & { readonly symbol: string }], string>;

  constructor(database: Database) {
    this.#trades = new DecisionOfTrades(database);
    this.#insert = database.prepare(
      `INSERT INTO decisions VALUES (:id, :symbol, :timeframe, :barOpenTime, :time, :outcome, :searchable, :document)
        ON CONFLICT DO NOTHING`,
    );
    this.#forget = database.prepare("DELETE FROM decisions WHERE outcome = 'held' AND time < ?");
    this.#get = database.prepare<[string], string>('SELECT document FROM decisions WHERE id = ?').pluck();
    const newestFirst = `time < :before AND (:outcome IS NULL OR outcome = :outcome)
      AND (:search IS NULL OR instr(searchable, :search) > 0) ORDER BY time DESC, symbol LIMIT :limit`;
    this.#list = database
      .prepare<[Filter], string>(`SELECT document FROM decisions WHERE ${newestFirst}`)
      .pluck();
    this.#listOfSymbol = database
      .prepare<[Filter & { readonly symbol: string }], string>(
        `SELECT document FROM decisions WHERE symbol = :symbol AND ${newestFirst}`,
      )
      .pluck();
  }

  append(decision: Decision): void {
    const { id, symbol, timeframe, barOpenTime, time, outcome } = decision;
    const { changes } = this.#insert.run({
      id,
      symbol,
      timeframe,
      barOpenTime,
      time,
      outcome,
      searchable: searchableText(decision),
      document: writeDecision(decision),
    });
    if (changes > 0) this.#trades.tell(decision);
  }

  forgetHeld(before: number): void {
    this.#forget.run(before);
  }

  get(id: string): Decision | undefined {
    const document = this.#get.get(id);
    return document === undefined ? undefined : readDecision(document);
  }

  list({ symbol, outcome, search = '', before, limit }: DecisionQuery): readonly Decision[] {
    const filter: Filter = {
      outcome: outcome ?? null,
      search: search === '' ? null : search.toLowerCase(),
      before: before ?? Number.MAX_SAFE_INTEGER,
      limit,
    };
    const documents =
      symbol === undefined ? this.#list.all(filter) : this.#listOfSymbol.all({ ...filter, symbol });
    return documents.map(readDecision);
  }
}
