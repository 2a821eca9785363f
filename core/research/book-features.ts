import { barOpenTime, type OrderBook, TIMEFRAME_MS, type UtcMs } from '../domain/index.ts';
import { featureNames, MinuteVolume, orderBookFeatures } from '../features/index.ts';
import {
  DataError,
  DepthBook,
  type DepthHole,
  type RecordedMessage,
  readRecordedBook,
} from '../market/index.ts';
import { matrixHeader, matrixLine } from './feature-lines.ts';

export interface BookFeatureOptions {
  /** Recordings of one symbol, in the order of time: one goes on where the one before ended. */
  readonly files: readonly string[];
  /** Length of a row in milliseconds: whole seconds. Rows lie on a grid from the Unix epoch. */
  readonly intervalMs: number;
  /**
   * Mean volume of a minute over the day before, in quote currency, by which depths and costs are measured. When absent
   * it comes from the recorded trades: of the last day, or of as much of it as was recorded, from one minute on.
   */
  readonly minuteVolume?: number;
}

/** The order-book features at the close of an interval, in the order of `BOOK_FEATURES`; NaN = no value. */
export interface BookFeatureRow {
  readonly openTime: UtcMs;
  readonly values: Float64Array;
}

export interface BookReplayReport {
  readonly messages: number;
  /** That the book began anew from; others were too old. */
  readonly snapshots: number;
  readonly changes: number;
  readonly trades: number;
  /** Holes in the sequence of changes: from each to the next snapshot there is no book. */
  readonly gaps: number;
  readonly holes: readonly (DepthHole & { readonly time: UtcMs })[];
  /** How often nothing came for more than a minute: that time has no rows. */
  readonly silences: number;
  readonly rows: number;
  readonly rowsWithBook: number;
  /** Times of the first and the last message. */
  readonly from: UtcMs | null;
  readonly to: UtcMs | null;
  readonly features: readonly FeatureRange[];
}

/** A feature over the rows that have a value; nulls when none has. */
export interface FeatureRange {
  readonly name: string;
  readonly values: number;
  readonly min: number | null;
  readonly mean: number | null;
  readonly max: number | null;
}

export const BOOK_FEATURES = featureNames(['microstructure']);

const LEVELS = 1_000;
const SECOND_MS = 1_000;
/** Books that the features look back over: the last minute's. */
const KEPT_BOOKS = 60;
/** A recording that is silent for longer was stopped: what happened meanwhile is not known. */
const SILENCE_MS = TIMEFRAME_MS['1m'];

/**
 * Replays a recorded order book into the order-book features: the book once a second, as the live loop takes it, and
 * what was traded in the interval. A row knows what was received before its close and nothing later. Only whole
 * intervals have a row; where the recording was stopped rows are missing, as bars are.
 */
export class BookReplay {
  readonly #options: BookFeatureOptions;
  readonly #depth = new DepthBook();
  readonly #counts = {
    messages: 0,
    snapshots: 0,
    changes: 0,
    trades: 0,
    silences: 0,
    rows: 0,
    rowsWithBook: 0,
  };
  readonly #holes: (DepthHole & { readonly time: UtcMs })[] = [];
  readonly #ranges = BOOK_FEATURES.map(() => ({ values: 0, min: Infinity, sum: 0, max: -Infinity }));
  #books: OrderBook[] = [];
  /** When the book was last heard of. */
  #bookTime = Number.NaN;
  #minuteVolume = new MinuteVolume(0);
  /** Traded in the interval, in base currency. */
  #volume = 0;
  #takerBuyVolume = 0;
  #nextSecond = 0;
  /** Opening time of the first interval that is whole. */
  #wholeFrom = 0;
  #from: UtcMs | null = null;
  #to: UtcMs | null = null;

  constructor(options: BookFeatureOptions) {
    this.#options = options;
  }

  /** What was replayed so far. */
  get report(): BookReplayReport {
    const features = this.#ranges.map(({ values, min, sum, max }, column): FeatureRange => {
      const name = BOOK_FEATURES[column] ?? '';
      if (values === 0) return { name, values, min: null, mean: null, max: null };
      return { name, values, min, mean: sum / values, max };
    });
    return {
      ...this.#counts,
      gaps: this.#holes.length,
      holes: this.#holes,
      from: this.#from,
      to: this.#to,
      features,
    };
  }

  /** @throws DataError for a recording that cannot be trusted or that has no whole interval. */
  async *rows(): AsyncGenerator<BookFeatureRow, void> {
    for await (const message of readRecordedBook(this.#options.files)) {
      if (this.#to === null || message.time - this.#to > SILENCE_MS) this.#begin(message.time);
      this.#to = message.time;
      // Seconds and intervals that ended before this message see the book without it.
      yield* this.#passTime(message.time);
      this.#take(message);
    }
    if (this.#counts.rows > 0) return;
    const length = `${this.#options.intervalMs / SECOND_MS} s`;
    const message = `the recording has no whole interval of ${length}; choose a shorter --interval`;
    throw new DataError('too-short', message);
  }

  /** The recording begins, for the first time or after a silence. */
  #begin(time: UtcMs): void {
    if (this.#from !== null) this.#counts.silences += 1;
    this.#from ??= time;
    this.#books = [];
    this.#minuteVolume = new MinuteVolume(time);
    this.#volume = 0;
    this.#takerBuyVolume = 0;
    this.#nextSecond = nextOnGrid(time, SECOND_MS);
    this.#wholeFrom = nextOnGrid(time, this.#options.intervalMs);
  }

  #take(message: RecordedMessage): void {
    this.#counts.messages += 1;
    switch (message.kind) {
      case 'snapshot':
        if (!this.#depth.snapshot(message.snapshot)) return;
        this.#counts.snapshots += 1;
        this.#bookTime = message.time;
        return;
      case 'change': {
        this.#counts.changes += 1;
        this.#bookTime = message.time;
        const hole = this.#depth.apply(message.change);
        if (hole !== undefined) this.#holes.push({ time: message.time, ...hole });
        return;
      }
      case 'trade': {
        const { price, amount, takerBuys } = message.trade;
        this.#counts.trades += 1;
        this.#minuteVolume.add(message.time, price * amount);
        this.#volume += amount;
        if (takerBuys) this.#takerBuyVolume += amount;
        return;
      }
      case 'other':
    }
  }

  *#passTime(now: UtcMs): Generator<BookFeatureRow, void> {
    const { intervalMs } = this.#options;
    for (; this.#nextSecond <= now; this.#nextSecond += SECOND_MS) {
      // As old as its last message: a book that is not heard of grows old.
      const book = this.#depth.top(LEVELS, this.#bookTime);
      // A book with a hole in it is none, nor do those before it tell how it has become.
      this.#books = book === undefined ? [] : [...this.#books, book].slice(-KEPT_BOOKS);
      if (this.#nextSecond % intervalMs !== 0) continue;
      const openTime = this.#nextSecond - intervalMs;
      if (openTime >= this.#wholeFrom) yield this.#row(openTime, this.#nextSecond);
      this.#volume = 0;
      this.#takerBuyVolume = 0;
    }
  }

  #row(openTime: UtcMs, closeTime: UtcMs): BookFeatureRow {
    const values = new Float64Array(BOOK_FEATURES.length);
    const minuteVolume = this.#options.minuteVolume ?? this.#minuteVolume.mean(closeTime);
    const [volume, takerBuyVolume] = [this.#volume, this.#takerBuyVolume];
    orderBookFeatures({ closeTime, books: this.#books, minuteVolume, volume, takerBuyVolume }, values);
    this.#counts.rows += 1;
    if (values[0] === 1) this.#counts.rowsWithBook += 1;
    for (const [column, range] of this.#ranges.entries()) {
      const value = values[column] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      range.values += 1;
      range.sum += value;
      range.min = Math.min(range.min, value);
      range.max = Math.max(range.max, value);
    }
    return { openTime, values };
  }
}

/** The rows as lines of CSV with line ends: see `matrixLine`. */
export async function* bookFeatureLines(rows: AsyncIterable<BookFeatureRow>): AsyncGenerator<string, void> {
  yield `${matrixHeader(BOOK_FEATURES)}\n`;
  for await (const { openTime, values } of rows) yield `${matrixLine(openTime, values)}\n`;
}

function nextOnGrid(time: UtcMs, spacingMs: number): UtcMs {
  return barOpenTime(time + spacingMs - 1, spacingMs);
}
