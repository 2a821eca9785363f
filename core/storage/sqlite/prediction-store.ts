import type { Database, Statement } from 'better-sqlite3';
import type { MaturedPrediction, Prediction, PredictionStore, UtcMs } from '../../domain/index.ts';

const COLUMNS = 'set_id AS setId, symbol, bar_open_time AS barOpenTime, down, flat, up, sigma';

/** Predictions in SQLite. */
export class SqlitePredictionStore implements PredictionStore {
  readonly #insert: Statement<[Prediction]>;
  readonly #waiting: Statement<[string, UtcMs], Prediction>;
  readonly #settle: Statement<[MaturedPrediction]>;
  readonly #count: Statement<[string], { readonly count: number }>;
  readonly #matured: Statement<[string, number], MaturedPrediction>;

  constructor(database: Database) {
    this.#insert = database.prepare(
      `INSERT OR IGNORE INTO predictions (set_id, symbol, bar_open_time, down, flat, up, sigma)
       VALUES (:setId, :symbol, :barOpenTime, :down, :flat, :up, :sigma)`,
    );
    this.#waiting = database.prepare(
      `SELECT ${COLUMNS} FROM predictions WHERE symbol = ? AND bar_open_time = ? AND label IS NULL`,
    );
    this.#settle = database.prepare(
      `UPDATE predictions SET label = :label, horizon_return = :horizonReturn
       WHERE set_id = :setId AND symbol = :symbol AND bar_open_time = :barOpenTime`,
    );
    this.#count = database.prepare('SELECT count(*) AS count FROM predictions WHERE set_id = ?');
    this.#matured = database.prepare(
      `SELECT ${COLUMNS}, label, horizon_return AS horizonReturn FROM predictions
       WHERE set_id = ? AND label IS NOT NULL ORDER BY bar_open_time DESC, symbol LIMIT ?`,
    );
  }

  append(prediction: Prediction): void {
    this.#insert.run(prediction);
  }

  waiting(symbol: string, barOpenTime: UtcMs): readonly Prediction[] {
    return this.#waiting.all(symbol, barOpenTime);
  }

  settle(matured: MaturedPrediction): void {
    this.#settle.run(matured);
  }

  count(setId: string): number {
    return this.#count.get(setId)?.count ?? 0;
  }

  matured(setId: string, limit: number): readonly MaturedPrediction[] {
    return this.#matured.all(setId, limit).reverse();
  }
}
