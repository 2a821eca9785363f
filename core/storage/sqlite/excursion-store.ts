import type { Database, Statement } from 'better-sqlite3';
import { type ExcursionStore, price, type TradeExcursion, text, type UtcMs } from '../../domain/index.ts';

/** What `trade_excursions` has of a trade. */
export interface ExcursionRow {
  readonly trade_id: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly opened_at: UtcMs;
  readonly first_price: string;
  readonly first_stop: string | null;
  readonly lowest: number;
  readonly highest: number;
  readonly ended_at: UtcMs | null;
}

/** What trades saw while they were open, in SQLite. */
export class SqliteExcursionStore implements ExcursionStore {
  readonly #write: Statement<[ExcursionRow]>;
  readonly #open: Statement<[], ExcursionRow>;

  constructor(database: Database) {
    this.#write = database.prepare(
      `INSERT OR REPLACE INTO trade_excursions
        (trade_id, symbol, side, opened_at, first_price, first_stop, lowest, highest, ended_at)
        VALUES (:trade_id, :symbol, :side, :opened_at, :first_price, :first_stop, :lowest, :highest, :ended_at)`,
    );
    this.#open = database.prepare(
      'SELECT * FROM trade_excursions WHERE ended_at IS NULL ORDER BY opened_at, trade_id',
    );
  }

  write({ tradeId, symbol, side, openedAt, endedAt, ...seen }: TradeExcursion): void {
    this.#write.run({
      ...{ trade_id: tradeId, symbol, side, opened_at: openedAt, ended_at: endedAt },
      first_price: text(seen.firstPrice),
      first_stop: seen.firstStop === null ? null : text(seen.firstStop),
      ...{ lowest: seen.lowest, highest: seen.highest },
    });
  }

  open(): readonly TradeExcursion[] {
    return this.#open.all().map((row) => ({
      ...{ tradeId: row.trade_id, symbol: row.symbol, side: row.side, openedAt: row.opened_at },
      firstPrice: price(row.first_price),
      firstStop: row.first_stop === null ? null : price(row.first_stop),
      ...{ lowest: row.lowest, highest: row.highest, endedAt: row.ended_at },
    }));
  }
}
