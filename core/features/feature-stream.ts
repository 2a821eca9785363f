import { type Candle, candleFault } from '../domain/index.ts';
import {
  CANDLE_GROUPS,
  type FeatureGroup,
  featureSetHash,
  featuresOf,
  READY_AFTER_BARS,
} from './catalogue.ts';
import { type FeatureRow, ReusedRow } from './feature-row.ts';
import { type FeatureContext, GroupSet } from './group-set.ts';
import { decodeNumbers, encodeNumbers } from './number-text.ts';

/** Goes up when the state of any kernel changes shape: older states are then refused. */
const STATE_FORMAT = 1;

export interface FeatureStreamOptions {
  readonly timeframeMs: number;
  /** The symbol is bitcoin itself, against which the others are measured. */
  readonly isBtc: boolean;
  /** Groups to compute, in any order; all but the microstructure when absent. */
  readonly groups?: readonly FeatureGroup[] | undefined;
  /** `silent`: NaN until the row is ready. `raw`: each feature from its first value on, for tests and audits. */
  readonly warmUp?: 'silent' | 'raw' | undefined;
}

/** Everything a stream remembers; plain JSON. */
export interface FeatureStreamState {
  readonly format: number;
  readonly featureSetHash: string;
  readonly timeframeMs: number;
  readonly isBtc: boolean;
  readonly bars: number;
  /** The kernels' float64 numbers, little-endian, in base64: JSON has no NaN. */
  readonly kernels: string;
}

/** A saved state that this stream cannot continue from: run it over the last candles instead. */
export class FeatureStateError extends Error {
  override readonly name = 'FeatureStateError';
}

/**
 * The features of a symbol, bar by bar: amortised constant time a bar, nothing allocated. Feed closed candles in order. The same candles
 * give the same bits, in one run or continued from a snapshot.
 *
 * Missing bars are not invented: see `SharedSeries` for what the first bar after a hole means. A hole of more bars
 * than the warm-up takes begins a new history, and the warm-up begins again.
 */
export class FeatureStream {
  readonly #options: FeatureStreamOptions;
  readonly #groups: readonly FeatureGroup[];
  readonly #row: ReusedRow;
  readonly #hash: string;
  #set: GroupSet;
  #bars = 0;

  constructor(options: FeatureStreamOptions) {
    this.#options = options;
    this.#groups = options.groups ?? CANDLE_GROUPS;
    const features = featuresOf(this.#groups);
    this.#hash = featureSetHash(features);
    this.#row = new ReusedRow(features);
    this.#set = this.#freshSet();
  }

  /** Enough bars have closed for the row to be used. */
  get ready(): boolean {
    return this.#bars >= READY_AFTER_BARS;
  }

  /** Bars taken since the history began. */
  get bars(): number {
    return this.#bars;
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

  snapshot(): FeatureStreamState {
    const { timeframeMs, isBtc } = this.#options;
    const kernels = encodeNumbers(this.#set.snapshot());
    return {
      format: STATE_FORMAT,
      featureSetHash: this.#hash,
      timeframeMs,
      isBtc,
      bars: this.#bars,
      kernels,
    };
  }

  /**
   * Continues from a snapshot of a stream with the same options, bit for bit. Throws FeatureStateError, and changes
   * nothing, when the state is of another stream or version.
   */
  restore(state: FeatureStreamState): void {
    const { timeframeMs, isBtc } = this.#options;
    if (state.format !== STATE_FORMAT || state.featureSetHash !== this.#hash) {
      throw new FeatureStateError('the feature state is of another version');
    }
    if (state.timeframeMs !== timeframeMs || state.isBtc !== isBtc) {
      throw new FeatureStateError('the feature state is of another symbol or timeframe');
    }
    const set = this.#freshSet();
    try {
      set.restore(decodeNumbers(state.kernels));
    } catch (cause) {
      throw new FeatureStateError('the feature state is damaged', { cause });
    }
    this.#set = set;
    this.#bars = state.bars;
    this.#row.values.fill(NaN);
    this.#row.ready = false;
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

/** `candleFault` in the few comparisons that a hot path can afford; NaN fails them. */
function checkSound(candle: Candle): void {
  const { openTime, open, high, low, close, volume } = candle;
  const inRange = open >= low && open <= high && close >= low && close <= high;
  const inBounds = openTime >= 0 && low > 0 && high < Infinity && volume >= 0 && volume < Infinity;
  if (inRange && inBounds) return;
  throw new RangeError(`unsound candle at ${candle.openTime}: ${candleFault(candle)}`);
}
