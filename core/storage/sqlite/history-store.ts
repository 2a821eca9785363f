import type { Database, Statement } from 'better-sqlite3';
import type { Candle, CandleQuery, HistoryRange, HistoryStore, Timeframe } from '../../domain/index.ts';

interface CandleRow {
  readonly openTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly takerBuyVolume: number | null;
}

/** Closed candles in SQLite. */
export class SqliteHistoryStore implements HistoryStore {
  readonly #append: (symbol: string, timeframe: Timeframe, candles: readonly Candle[]) => void;
  readonly #select: Statement<[Record<string, unknown>], CandleRow>;
  readonly #ranges: Statement<[], HistoryRange>;

  constructor(database: Database) {
    const insert = database.prepare(
      `INSERT OR REPLACE INTO candles VALUES (:symbol, :timeframe, :openTime, :open, :high, :low, :close, :volume,
        :takerBuyVolume)`,
    );
    this.#append = database.transaction((symbol, timeframe, candles) => {
      for (const candle of candles) insert.run({ takerBuyVolume: null, ...candle, symbol, timeframe });
    });
    this.#select = database.prepare(
      `SELECT open_time AS openTime, open, high, low, close, volume, taker_buy_volume AS takerBuyVolume FROM candles
        WHERE symbol = :symbol AND timeframe = :timeframe AND open_time >= :from AND open_time < :before
        ORDER BY open_time DESC LIMIT :limit`,
    );
    this.#ranges = database.prepare(
      `SELECT symbol, timeframe, count(*) AS bars, min(open_time) AS firstOpenTime, max(open_time) AS lastOpenTime
        FROM candles GROUP BY symbol, timeframe ORDER BY symbol, timeframe`,
    );
  }

  append(symbol: string, timeframe: Timeframe, candles: readonly Candle[]): void {
    this.#append(symbol, timeframe, candles);
  }

  candles(symbol: string, timeframe: Timeframe, query: CandleQuery): readonly Candle[] {
    const { from = 0, before = Number.MAX_SAFE_INTEGER, limit = -1 } = query;
    return this.#select.all({ symbol, timeframe, from, before, limit }).reverse().map(candleOf);
  }

  list(): readonly HistoryRange[] {
    return this.#ranges.all();
  }
}

function candleOf({ takerBuyVolume, ...candle }: CandleRow): Candle {
  return takerBuyVolume === null ? candle : { ...candle, takerBuyVolume };
}
