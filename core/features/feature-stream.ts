import { type Candle, candleFault, isSound } from '../domain/index.ts';
import { CANDLE_GROUPS, type FeatureGroup, featuresOf, READY_AFTER_BARS } from './catalogue.ts';
import { type FeatureRow, ReusedRow } from './feature-row.ts';
import { type FeatureContext, GroupSet } from './group-set.ts';

export interface FeatureStreamOptions {
  readonly timeframeMs: number;
  /** The symbol is bitcoin itself, against which the others are measured. */
  readonly isBtc: boolean;
  /** Groups to compute, in any order; all but the microstructure when absent. */
  readonly groups?: readonly FeatureGroup[] | undefined;
  /** `silent`: NaN until the row is ready. `raw`: each feature from its first value on, for tests and audits. */
  readonly warmUp?: 'silent' | 'raw' | undefined;
}

/**
 * The features of a symbol, bar by bar: amortised constant time a bar, nothing allocated. Feed closed candles in order.
 * The same candles give the same bits.
 *
 * Missing bars are not invented: see `SharedSeries` for what the first bar after a hole means. A hole of more bars
 * than the warm-up takes begins a new history, and the warm-up begins again.
 */
export class FeatureStream {
  readonly #options: FeatureStreamOptions;
  readonly #groups: readonly FeatureGroup[];
  readonly #row: ReusedRow;
  #set: GroupSet;
  /** Taken since the history began. */
  #bars = 0;

  constructor(options: FeatureStreamOptions) {
    this.#options = options;
    this.#groups = options.groups ?? CANDLE_GROUPS;
    this.#row = new ReusedRow(featuresOf(this.#groups));
    this.#set = this.#freshSet();
  }

  /** Enough bars have closed for the row to be used. */
  get ready(): boolean {
    return this.#bars >= READY_AFTER_BARS;
  }

  /** The row of the latest bar. */
  get row(): FeatureRow {
    return this.#row;
  }

  /**
   * Takes the next closed candle and gives its features, in the row that every call reuses. Throws RangeError for an
   * unsound candle, one that is not later than the last, or a bitcoin candle of another time: bugs of the caller.
   */
  update(candle: Candle, context?: FeatureContext): FeatureRow {
    const btcCandle = context?.btcCandle;
    checkSound(candle);
    if (btcCandle !== undefined) checkContext(btcCandle, candle);
    if (this.#isNewHistory(candle)) this.#restart();
    this.#set.update(candle, context);
    this.#bars += 1;
    const row = this.#row;
    row.openTime = candle.openTime;
    row.closeTime = this.#set.bar.closeTime;
    row.ready = this.ready;
    if (!row.ready && this.#options.warmUp !== 'raw') row.values.fill(NaN);
    return row;
  }

  #isNewHistory(candle: Candle): boolean {
    const missingMs = candle.openTime - this.#set.bar.closeTime;
    return missingMs > READY_AFTER_BARS * this.#options.timeframeMs;
  }

  #restart(): void {
    this.#set = this.#freshSet();
    this.#bars = 0;
  }

  #freshSet(): GroupSet {
    return new GroupSet(this.#groups, this.#options.timeframeMs, this.#options.isBtc, this.#row.values);
  }
}

function checkContext(btcCandle: Candle, candle: Candle): void {
  if (btcCandle.openTime !== candle.openTime) {
    throw new RangeError(`bitcoin's candle is of ${btcCandle.openTime}, not of ${candle.openTime}`);
  }
  checkSound(btcCandle);
}

function checkSound(candle: Candle): void {
  if (isSound(candle)) return;
  throw new RangeError(`unsound candle at ${candle.openTime}: ${candleFault(candle)}`);
}
