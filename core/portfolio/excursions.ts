import {
  type Candle,
  type ExcursionStore,
  executionKey,
  type Fill,
  float,
  type Position,
  type Price,
  type RoundTrip,
  type TradeExcursion,
  type UtcMs,
} from '../domain/index.ts';

/** What a fill did to its symbol's position. */
export interface FillEffect {
  readonly before: Position;
  readonly after: Position;
  readonly closed: RoundTrip | undefined;
  /** Where the position's stop belongs now; null: it has none. */
  readonly stop: Price | null;
}

interface Seen {
  excursion: TradeExcursion;
  /** The store has it as it is. */
  isKept: boolean;
}

/**
 * The lowest and the highest price that each open round trip has seen. Of a piece of market data in which it was opened
 * or closed it is not known what came first, so that only what was traded then counts, and the close after an opening:
 * nothing is said to have been seen that may not have been.
 */
export class Excursions {
  readonly #open = new Map<string, Seen>();
  readonly #store: ExcursionStore;

  /** @param position as the books have it: records of trades that have ended since are ended. */
  constructor(store: ExcursionStore, position: (symbol: string) => Position) {
    this.#store = store;
    for (const excursion of store.open()) {
      const { symbol, openedAt } = excursion;
      if (position(symbol).openedAt === openedAt) this.#open.set(symbol, { excursion, isKept: true });
      else store.write({ ...excursion, endedAt: openedAt });
    }
  }

  /** Of the round trip that is open in a symbol; undefined where there is none, or none was noted. */
  of(symbol: string): TradeExcursion | undefined {
    return this.#open.get(symbol)?.excursion;
  }

  fill(fill: Fill, { before, after, closed, stop }: FillEffect): void {
    const seen = this.#open.get(fill.symbol);
    if (seen !== undefined) this.#see(seen, float(fill.price), float(fill.price));
    if (closed !== undefined || after.openedAt === 0) this.#end(fill.symbol, fill.time);
    const isOpening = (before.openedAt === 0 || closed !== undefined) && after.openedAt !== 0;
    if (isOpening) this.#begin(fill, after.openedAt, stop);
  }

  /** A piece of the market, or a closed bar. */
  price(symbol: string, { openTime, low, high, close }: Candle, durationMs: number): void {
    if (this.#open.size === 0) return;
    const seen = this.#open.get(symbol);
    if (seen === undefined) return;
    if (seen.excursion.openedAt <= openTime) this.#see(seen, low, high);
    else if (seen.excursion.openedAt < openTime + durationMs) this.#see(seen, close, close);
  }

  /** The same, of a closed bar: what was seen is stored. */
  bar(symbol: string, candle: Candle, durationMs: number): void {
    this.price(symbol, candle, durationMs);
    const seen = this.#open.get(symbol);
    if (seen !== undefined) this.#keep(seen);
  }

  /** Stores what was seen since the last bar. */
  flush(): void {
    for (const seen of this.#open.values()) this.#keep(seen);
  }

  #begin({ symbol, tradeId, side, price }: Fill, openedAt: UtcMs, firstStop: Price | null): void {
    const first = float(price);
    const excursion = {
      ...{
        tradeId: executionKey({ symbol, tradeId, side }),
        symbol,
        side,
        openedAt,
        firstPrice: price,
        firstStop,
      },
      ...{ lowest: first, highest: first, endedAt: null },
    };
    const seen = { excursion, isKept: false };
    this.#open.set(symbol, seen);
    this.#keep(seen);
  }

  #end(symbol: string, endedAt: UtcMs): void {
    const seen = this.#open.get(symbol);
    if (seen === undefined) return;
    this.#open.delete(symbol);
    this.#store.write({ ...seen.excursion, endedAt });
  }

  #see(seen: Seen, low: number, high: number): void {
    const { lowest, highest } = seen.excursion;
    if (low >= lowest && high <= highest) return;
    seen.excursion = {
      ...seen.excursion,
      lowest: Math.min(lowest, low),
      highest: Math.max(highest, high),
    };
    seen.isKept = false;
  }

  #keep(seen: Seen): void {
    if (seen.isKept) return;
    seen.isKept = true;
    this.#store.write(seen.excursion);
  }
}
