import type { VolatilityView } from '../../contract/index.ts';
import {
  bitcoinFirst,
  bitcoinOf,
  type Candle,
  isBitcoin,
  type StateStore,
  TIMEFRAME_MS,
  type Timeframe,
  type UtcMs,
} from '../../domain/index.ts';
import { FeatureStream, FeatureWindow } from '../../features/index.ts';
import {
  bandOf,
  checkVolatilityParity,
  type FoundVolatilitySet,
  HORIZONS,
  ModelRefusal,
  type ModelRunner,
  setFor,
  usedOf,
  VolatilityForecaster,
  type VolatilitySet,
} from '../../inference/index.ts';
import { ForecastRecord, isRecorded } from './forecast-record.ts';
import { type SymbolForecast, volatilityView } from './volatility-view.ts';

const HOUR_MS = TIMEFRAME_MS['1h'];
const DAY_MS = TIMEFRAME_MS['1d'];
/** So long before a set expires the trader is told. */
export const EXPIRY_WARNING_DAYS = 60;
/** No price moves by more than this factor's logarithm in a week; a damaged set says so. */
const LARGEST_SIGMA = 5;

export interface VolatilityWatchOptions {
  readonly found: readonly FoundVolatilitySet[];
  readonly runner: ModelRunner;
  readonly timeframe: Timeframe;
  readonly symbols: readonly string[];
  readonly state: StateStore;
  /** When the last warm-up bar closed. */
  readonly now: UtcMs;
}

/** The set that speaks, checked as far as it has been. */
interface InUse {
  readonly set: VolatilitySet;
  readonly record: ForecastRecord;
  readonly forecaster: VolatilityForecaster;
  /** Whether its models answer on this machine as they should; asked with the first bar. */
  parity: Promise<void> | undefined;
}

interface Lane {
  readonly stream: FeatureStream;
  readonly window: FeatureWindow;
  /** Opening time of the last bar taken. */
  last: UtcMs;
}

/**
 * Foretells how much each symbol will move, at every closed hourly bar, and keeps the record of it. Nothing of it trades: it
 * is shown, and whoever wants to use it has the record to judge it by.
 */
export class VolatilityWatch {
  readonly #options: VolatilityWatchOptions;
  readonly #lanes = new Map<string, Lane>();
  /** Bitcoin's last bars by symbol and opening time. */
  readonly #bitcoins = new Map<string, Map<UtcMs, Candle>>();
  readonly #latest = new Map<string, SymbolForecast>();
  readonly #sets: readonly VolatilitySet[];
  /** Newest bars that wait for bitcoin's of the same time: at a venue those of one moment come in any order. */
  readonly #waiting = new Map<string, readonly Candle[]>();
  /** Symbols whose last question has not been answered yet. */
  readonly #asking = new Set<string>();
  #inUse: InUse | undefined;
  #trouble: string | null = null;
  #told: string | null = null;

  constructor(options: VolatilityWatchOptions) {
    this.#options = options;
    this.#sets = options.found.flatMap(({ set }) => (set === null ? [] : [set]));
    this.#choose(options.now);
  }

  /** Bars of before the start, by symbol, ascending: for the features, and the first forecast. */
  async warmUp(bars: ReadonlyMap<string, readonly Candle[]>): Promise<void> {
    const symbols = [...bars.keys()].sort(bitcoinFirst);
    for (const symbol of symbols) {
      this.#feed(symbol, bars.get(symbol) ?? []);
      // Horizons that ended while the program was off.
      this.#inUse?.record.mature(symbol, bars.get(symbol) ?? []);
    }
    for (const symbol of symbols) await this.#foretell(symbol, bars.get(symbol)?.at(-1));
  }

  /** The last bars of a symbol, ascending, whose newest has just closed. */
  async take(symbol: string, bars: readonly Candle[]): Promise<void> {
    this.#inUse?.record.mature(symbol, bars);
    const newest = bars.at(-1);
    if (newest === undefined) return;
    if (this.#waitsForBitcoin(symbol, newest)) {
      // Those before it wait no longer: bitcoin had its turn.
      this.#feed(symbol, bars.slice(0, -1));
      this.#waiting.set(symbol, bars);
      return;
    }
    this.#waiting.delete(symbol);
    if (this.#feed(symbol, bars)) await this.#foretell(symbol, newest);
    if (isBitcoin(symbol)) await this.#takeWaiting(newest.openTime);
  }

  /** Whether bitcoin's bar of that time may still come. */
  #waitsForBitcoin(symbol: string, { openTime }: Candle): boolean {
    const bitcoin = bitcoinOf(symbol, this.#options.symbols);
    if (bitcoin === undefined) return false;
    const last = this.#lanes.get(bitcoin)?.last;
    return last !== undefined && last < openTime;
  }

  async #takeWaiting(openTime: UtcMs): Promise<void> {
    for (const [symbol, bars] of [...this.#waiting]) {
      if ((bars.at(-1)?.openTime ?? Number.POSITIVE_INFINITY) <= openTime) await this.take(symbol, bars);
    }
  }

  /** What is foretold of a symbol, if its last bar could be asked about. */
  of(symbol: string): SymbolForecast | undefined {
    return this.#latest.get(symbol);
  }

  view(now: UtcMs): VolatilityView {
    return volatilityView({
      set: this.#inUse?.set,
      message: this.#message(now),
      now,
      forecasts: [...this.#latest.values()],
      record: this.#inUse?.record ?? null,
    });
  }

  /** What the trader is to be told of the set's expiry; once for each state of it. */
  notice(now: UtcMs): { readonly title: string; readonly message: string } | null {
    const expiry = this.#expiry(now);
    if (expiry === null || this.#told === expiry.title) return null;
    this.#told = expiry.title;
    return expiry;
  }

  /** The newest set that may speak at a moment; another one begins a record of its own. */
  #choose(at: UtcMs): InUse | undefined {
    const set = setFor(this.#sets, at);
    if (set === undefined) this.#inUse = undefined;
    else if (this.#inUse?.set !== set) {
      const { state, runner } = this.#options;
      const record = new ForecastRecord(state, set.manifest.setId);
      this.#inUse = { set, record, forecaster: new VolatilityForecaster(set, runner), parity: undefined };
    }
    return this.#inUse;
  }

  #expiry(now: UtcMs): { readonly title: string; readonly message: string } | null {
    // A set that another one follows ends without a word.
    const [last] = [...this.#sets].sort((x, y) => endOf(y) - endOf(x));
    if (last === undefined) return null;
    const { setId, validUntil } = last.manifest;
    const days = Math.floor((Date.parse(validUntil) - now) / DAY_MS);
    if (days > EXPIRY_WARNING_DAYS) return null;
    const remedy = 'train or install a newer set; the strategy `trend` does not use it';
    if (days < 0) {
      return {
        title: 'The volatility models have expired',
        message: `${setId} foretells nothing any more: ${remedy}`,
      };
    }
    return {
      title: 'The volatility models expire soon',
      message: `${setId} is good until ${validUntil.slice(0, 10)}: ${remedy}`,
    };
  }

  #message(now: UtcMs): string {
    const { found, timeframe } = this.#options;
    const refused = found.find(({ refusal }) => refusal !== null)?.refusal;
    if (this.#inUse === undefined) {
      return (
        refused?.message ??
        this.#expiry(now)?.message ??
        'no volatility set is valid now: nothing is foretold'
      );
    }
    if (timeframe !== '1h')
      return `the volatility models read hourly bars, the chart's are ${timeframe}: nothing is foretold`;
    return this.#trouble ?? this.#expiry(now)?.message ?? 'shown and recorded; no order depends on it';
  }

  /** Takes the bars that are new. @returns whether the newest was. */
  #feed(symbol: string, bars: readonly Candle[]): boolean {
    const { timeframe, symbols } = this.#options;
    if (timeframe !== '1h' || this.#sets.length === 0) return false;
    const lane = this.#laneOf(symbol);
    const bitcoin = bitcoinOf(symbol, symbols);
    const fresh = bars.filter(({ openTime }) => openTime > lane.last);
    for (const candle of fresh) {
      if (isBitcoin(symbol)) this.#rememberBitcoin(symbol, candle);
      const btcCandle = bitcoin === undefined ? undefined : this.#bitcoins.get(bitcoin)?.get(candle.openTime);
      lane.window.push(lane.stream.update(candle, btcCandle === undefined ? undefined : { btcCandle }));
      lane.last = candle.openTime;
    }
    return fresh.length > 0;
  }

  #laneOf(symbol: string): Lane {
    const known = this.#lanes.get(symbol);
    if (known !== undefined) return known;
    const stream = new FeatureStream({
      timeframeMs: HOUR_MS,
      isBtc: isBitcoin(symbol),
      groups: ['variance'],
    });
    const lane = { stream, window: new FeatureWindow(HOUR_MS), last: Number.NEGATIVE_INFINITY };
    this.#lanes.set(symbol, lane);
    return lane;
  }

  #rememberBitcoin(symbol: string, candle: Candle): void {
    const known = this.#bitcoins.get(symbol) ?? new Map<UtcMs, Candle>();
    this.#bitcoins.set(symbol, known);
    known.set(candle.openTime, candle);
    // The others of the same time come soon after; those of the warm-up, 1,000 bars, all at once.
    const [oldest] = known.keys();
    if (known.size > 1_100 && oldest !== undefined) known.delete(oldest);
  }

  async #foretell(symbol: string, candle: Candle | undefined): Promise<void> {
    const lane = this.#lanes.get(symbol);
    if (lane === undefined || candle === undefined) return;
    const at = candle.openTime + HOUR_MS;
    const inUse = this.#choose(at);
    if (inUse === undefined) {
      this.#latest.delete(symbol);
      return;
    }
    // A market that runs faster than the models answer is foretold as often as they do.
    if (this.#asking.has(symbol)) return;
    this.#asking.add(symbol);
    try {
      await this.#ask(inUse, lane, symbol, candle);
    } finally {
      this.#asking.delete(symbol);
    }
  }

  async #ask(inUse: InUse, lane: Lane, symbol: string, candle: Candle): Promise<void> {
    const { forecaster, record } = inUse;
    const at = candle.openTime + HOUR_MS;
    const { manifest } = forecaster.set;
    const row = lane.window.last(1);
    if (row === null || forecaster.missing(row) !== undefined) {
      this.#latest.delete(symbol);
      return;
    }
    const window = this.#windowOf(lane, manifest.window);
    try {
      inUse.parity ??= checkVolatilityParity(forecaster.set, this.#options.runner).then(() => undefined);
      await inUse.parity;
      const [forecast] = await forecaster.forecast({ symbol, rows: [row], windows: [window] });
      if (forecast === undefined) return;
      const multiplier = record.multiplier;
      const horizons = ([0, 1] as const).map((horizon) => {
        const { id, bars } = HORIZONS[horizon];
        const said = forecast[id];
        // The day's forecasts teach the bands of the day; too few weeks mature to teach those of the week.
        const band = bandOf(manifest, horizon, usedOf(said), horizon === 0 ? multiplier : 1);
        return { bars, used: said.used, ...band };
      });
      if (!horizons.every(({ sigma }) => sigma > 0 && sigma < LARGEST_SIGMA)) {
        this.#trouble = `${manifest.setId} foretells what cannot be of ${symbol}: nothing is shown of it`;
        this.#latest.delete(symbol);
        return;
      }
      this.#latest.set(symbol, { symbol, at, horizons });
      this.#trouble = null;
      const day = horizons[0];
      if (!isRecorded(at) || day === undefined) return;
      const log = (id: string) => forecast.h24.logVariance.get(id) ?? Number.NaN;
      const compared = { used: usedOf(forecast.h24), formula: log('formula'), ewma20: log('ewma20') };
      record.add({
        symbol,
        at,
        close: candle.close,
        low80: day.low80,
        high80: day.high80,
        ...compared,
      });
    } catch (error) {
      if (!(error instanceof ModelRefusal)) throw error;
      this.#trouble = error.message;
      this.#latest.delete(symbol);
      // Nobody has answered wrongly: the next bar asks again.
      if (error.code === 'cannot-run') inUse.parity = undefined;
    }
  }

  /** Every eighth row, the newest last; null where bars are missing. */
  #windowOf({ window }: Lane, { rows, everyBars }: VolatilitySet['manifest']['window']): Float32Array | null {
    const span = (rows - 1) * everyBars + 1;
    const all = window.last(span);
    if (all === null) return null;
    const width = all.length / span;
    const chosen = new Float32Array(rows * width);
    for (let row = 0; row < rows; row += 1) {
      const from = row * everyBars * width;
      chosen.set(all.subarray(from, from + width), row * width);
    }
    return chosen;
  }
}

function endOf({ manifest }: VolatilitySet): UtcMs {
  return Date.parse(manifest.validUntil);
}
