import { barOpenTime, type OrderBook, type PublicTrade, type UtcMs } from '../domain/index.ts';

export interface RecentMarketOptions {
  /** Length of the bars whose trades are added up. */
  readonly timeframeMs: number;
  /** From when on trades were told. */
  readonly since: UtcMs;
}

/** What was traded in a bar, in base currency, and what takers bought of it. */
export interface Traded {
  readonly volume: number;
  readonly takerBuyVolume: number;
}

const SECOND_MS = 1_000;
/** The minute before a close, and as long again for a bar that comes late. */
const KEPT_BOOKS = 120;
/** The bar that forms, the one that closes, and one whose last trades come late. */
const KEPT_BARS = 3;

interface Heard {
  readonly books: OrderBook[];
  /** By the opening time of the bar, oldest first. */
  readonly traded: Map<UtcMs, Traded>;
}

/** The order books and trades of a real venue as they were told lately: a book a second, trades by bar. */
export class RecentMarket {
  readonly #options: RecentMarketOptions;
  readonly #heard = new Map<string, Heard>();

  constructor(options: RecentMarketOptions) {
    this.#options = options;
  }

  /** Takes a book; of those of one second the last is kept. */
  showBook(symbol: string, book: OrderBook): void {
    const { books } = this.#of(symbol);
    const before = books.at(-1);
    if (before !== undefined && secondOf(before) === secondOf(book)) books.pop();
    books.push(book);
    if (books.length > KEPT_BOOKS) books.shift();
  }

  showTrade(symbol: string, { time, amount, takerSide }: PublicTrade): void {
    const { traded } = this.#of(symbol);
    const openTime = barOpenTime(time, this.#options.timeframeMs);
    const { volume, takerBuyVolume } = traded.get(openTime) ?? { volume: 0, takerBuyVolume: 0 };
    // One trade whose taker is not told leaves the sum unknown.
    const bought = takerSide === null ? Number.NaN : takerSide === 'buy' ? amount : 0;
    traded.set(openTime, { volume: volume + amount, takerBuyVolume: takerBuyVolume + bought });
    if (traded.size > KEPT_BARS) traded.delete(Math.min(...traded.keys()));
  }

  /** Books of the last two minutes, oldest first, one a second at most. */
  books(symbol: string): readonly OrderBook[] {
    return this.#heard.get(symbol)?.books ?? [];
  }

  /** What was heard of a bar's trades; undefined when none was, or not from the bar's beginning on. */
  traded(symbol: string, openTime: UtcMs): Traded | undefined {
    if (openTime < this.#options.since) return undefined;
    return this.#heard.get(symbol)?.traded.get(openTime);
  }

  #of(symbol: string): Heard {
    const known = this.#heard.get(symbol);
    if (known !== undefined) return known;
    const heard: Heard = { books: [], traded: new Map() };
    this.#heard.set(symbol, heard);
    return heard;
  }
}

/** A second ends with its last millisecond's end: a bar's close is the end of one, not the beginning of the next. */
function secondOf({ time }: OrderBook): number {
  return Math.ceil(time / SECOND_MS);
}
