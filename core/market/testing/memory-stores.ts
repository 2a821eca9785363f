import type {
  Candle,
  CandleQuery,
  HistoryRange,
  HistoryStore,
  StateStore,
  Timeframe,
} from '../../domain/index.ts';

/** A history that keeps everything in memory, for tests. */
export class MemoryHistory implements HistoryStore {
  readonly #series = new Map<string, Map<number, Candle>>();
  /** Every bar that was written over with other values. */
  readonly rewritten: Candle[] = [];

  append(symbol: string, timeframe: Timeframe, candles: readonly Candle[]): void {
    const key = `${symbol} ${timeframe}`;
    const series = this.#series.get(key) ?? new Map<number, Candle>();
    this.#series.set(key, series);
    for (const candle of candles) {
      const before = series.get(candle.openTime);
      if (before !== undefined && JSON.stringify(before) !== JSON.stringify(candle))
        this.rewritten.push(candle);
      series.set(candle.openTime, candle);
    }
  }

  candles(symbol: string, timeframe: Timeframe, query: CandleQuery): readonly Candle[] {
    const { from = 0, before = Number.POSITIVE_INFINITY, limit = Number.POSITIVE_INFINITY } = query;
    const found = [...(this.#series.get(`${symbol} ${timeframe}`)?.values() ?? [])]
      .filter(({ openTime }) => openTime >= from && openTime < before)
      .sort((a, b) => a.openTime - b.openTime);
    return found.slice(Math.max(0, found.length - limit));
  }

  list(): readonly HistoryRange[] {
    return [...this.#series].map(([key, series]) => {
      const [symbol = '', timeframe = ''] = key.split(' ');
      const times = [...series.keys()];
      return {
        symbol,
        // The key was made from a Timeframe.
        timeframe: timeframe as Timeframe,
        bars: times.length,
        firstOpenTime: Math.min(...times),
        lastOpenTime: Math.max(...times),
      };
    });
  }
}

/** Keeps documents as JSON text, as a database does. */
export class MemoryState implements StateStore {
  readonly #documents = new Map<string, string>();

  read(name: string): unknown {
    const document = this.#documents.get(name);
    return document === undefined ? undefined : JSON.parse(document);
  }

  write(name: string, value: unknown): void {
    this.#documents.set(name, JSON.stringify(value));
  }
}
