import type { Candle, OrderBook, UtcMs } from '../domain/index.ts';
import { FeatureStream } from '../features/index.ts';
import { DepthBook, readRecordedBook } from '../market/index.ts';

export interface BookFeatureOptions {
  /** Recordings, in the order of time: one goes on where the one before ended. */
  readonly files: readonly string[];
  /** Length of a row in milliseconds. */
  readonly intervalMs: number;
}

/** The order-book features at the end of an interval. */
export interface BookFeatureRow {
  readonly closeTime: UtcMs;
  readonly values: Float64Array;
}

export interface BookReplayReport {
  readonly messages: number;
  readonly snapshots: number;
  readonly changes: number;
  readonly trades: number;
  /** Holes in the sequence of changes: from each to the next snapshot there is no book. */
  readonly gaps: number;
  readonly rows: number;
  readonly from: UtcMs | null;
  readonly to: UtcMs | null;
}

const LEVELS = 1_000;
const SECOND_MS = 1_000;
/** Snapshots that the features look back over. */
const KEPT_BOOKS = 60;

/**
 * Replays a recorded order book into the order-book features: a bar of the recorded trades for each interval, and the
 * book once a second, as the live loop takes it. An interval without a trade has its last price as its bar.
 */
export class BookReplay {
  readonly #options: BookFeatureOptions;
  readonly #stream: FeatureStream;
  readonly #depth = new DepthBook();
  readonly #report = { messages: 0, snapshots: 0, changes: 0, trades: 0, gaps: 0, rows: 0 };
  #books: OrderBook[] = [];
  #bar: Candle | undefined;
  #nextSecond = 0;
  #from: UtcMs | null = null;
  #to: UtcMs | null = null;

  constructor(options: BookFeatureOptions) {
    this.#options = options;
    this.#stream = new FeatureStream({
      timeframeMs: options.intervalMs,
      isBtc: true,
      groups: ['microstructure'],
      warmUp: 'raw',
    });
  }

  get names(): readonly string[] {
    return this.#stream.row.names;
  }

  /** What was replayed so far. */
  get report(): BookReplayReport {
    return { ...this.#report, from: this.#from, to: this.#to };
  }

  /** @throws DataError for a recording that cannot be trusted. */
  async *rows(): AsyncGenerator<BookFeatureRow, void> {
    for (const file of this.#options.files) {
      for await (const message of readRecordedBook(file)) {
        this.#from ??= message.time;
        this.#to = message.time;
        this.#report.messages += 1;
        // Seconds and intervals that ended before this message see the book without it.
        yield* this.#passTime(message.time);
        switch (message.kind) {
          case 'snapshot':
            this.#report.snapshots += 1;
            this.#depth.snapshot(message.snapshot);
            break;
          case 'change':
            this.#report.changes += 1;
            if (!this.#depth.apply(message.change)) {
              this.#report.gaps += 1;
              this.#books = [];
            }
            break;
          case 'trade':
            this.#report.trades += 1;
            this.#trade(message);
            break;
          case 'other':
            break;
        }
      }
    }
  }

  *#passTime(now: UtcMs): Generator<BookFeatureRow, void> {
    const { intervalMs } = this.#options;
    if (this.#nextSecond === 0) this.#nextSecond = Math.ceil(now / SECOND_MS) * SECOND_MS;
    for (; this.#nextSecond <= now; this.#nextSecond += SECOND_MS) {
      const book = this.#depth.top(LEVELS, this.#nextSecond);
      if (book !== undefined) this.#books = [...this.#books, book].slice(-KEPT_BOOKS);
      if (this.#nextSecond % intervalMs === 0) yield* this.#closeBar(this.#nextSecond);
    }
  }

  *#closeBar(closeTime: UtcMs): Generator<BookFeatureRow, void> {
    const bar = this.#bar;
    if (bar === undefined) return;
    const row = this.#stream.update(
      { ...bar, openTime: closeTime - this.#options.intervalMs },
      { books: this.#books },
    );
    const { close } = bar;
    this.#bar = {
      openTime: closeTime,
      open: close,
      high: close,
      low: close,
      close,
      volume: 0,
      takerBuyVolume: 0,
    };
    this.#report.rows += 1;
    yield { closeTime, values: Float64Array.from(row.values) };
  }

  #trade({
    time,
    price,
    amount,
    takerBuys,
  }: {
    time: UtcMs;
    price: number;
    amount: number;
    takerBuys: boolean;
  }): void {
    const bar = this.#bar ?? {
      openTime: time,
      open: price,
      high: price,
      low: price,
      close: price,
      volume: 0,
    };
    this.#bar = {
      ...bar,
      high: Math.max(bar.high, price),
      low: Math.min(bar.low, price),
      close: price,
      volume: bar.volume + amount,
      takerBuyVolume: (bar.takerBuyVolume ?? 0) + (takerBuys ? amount : 0),
    };
  }
}
