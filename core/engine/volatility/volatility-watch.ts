import type { VolatilityView } from '../../contract/index.ts';
import {
  bitcoinFirst,
  bitcoinOf,
  type Candle,
  isBitcoin,
  type Outlook,
  type StateStore,
  TIMEFRAME_MS,
  type Timeframe,
  type UtcMs,
} from '../../domain/index.ts';
import {
  checkVolatilityParity,
  type FoundVolatilitySet,
  ModelRefusal,
  type ModelRunner,
  setFor,
  usedOf,
  VolatilityForecaster,
  type VolatilitySet,
} from '../../inference/index.ts';
import { ForecastRecord, isRecorded } from './forecast-record.ts';
import { outlookOf } from './outlook-of.ts';
import { PastForecasts } from './past-forecasts.ts';
import { VarianceLane, type VarianceQuestion } from './variance-lane.ts';
import { type SymbolForecast, volatilityView } from './volatility-view.ts';

const HOUR_MS = TIMEFRAME_MS['1h'];
const DAY_MS = TIMEFRAME_MS['1d'];
/** So long before a set expires the trader is told. */
export const EXPIRY_WARNING_DAYS = 60;

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

interface AskedBefore extends VarianceQuestion {
  readonly at: UtcMs;
}

/**
 * Foretells how much each symbol will move, at every closed hourly bar, and keeps the record of it. It is shown,
 * goes into the decisions' records, and tells the cost gate how rough the market is to trade in: `before` a bar, so that no
 * decision waits for it. It proposes nothing.
 */
export class VolatilityWatch {
  readonly #options: VolatilityWatchOptions;
  readonly #lanes = new Map<string, VarianceLane>();
  /** Bitcoin's last bars by symbol and opening time. */
  readonly #bitcoins = new Map<string, Map<UtcMs, Candle>>();
  readonly #latest = new Map<string, SymbolForecast>();
  /** The last two outlooks of each symbol. */
  readonly #outlooks = new Map<string, readonly Outlook[]>();
  readonly #past: PastForecasts;
  /** What is being foretold. */
  readonly #underWay = new Set<Promise<void>>();
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
    this.#past = new PastForecasts(options.state);
    this.#choose(options.now);
  }

  /** What was foretold of a symbol when the bar that opened at a moment began; null: nothing. */
  before(symbol: string, openTime: UtcMs): Outlook | null {
    return this.#outlooks.get(symbol)?.find(({ at }) => at === openTime) ?? null;
  }

  /** What a simulated market waits for before its next bar, so that the same seed gives the same; undefined: nothing. */
  get underWay(): Promise<void> | undefined {
    if (this.#underWay.size === 0) return undefined;
    return Promise.allSettled(this.#underWay).then(() => undefined);
  }

  /** Bars of before the start, by symbol, ascending: for the features, the past to compare with, and the first forecast. */
  warmUp(bars: ReadonlyMap<string, readonly Candle[]>): Promise<void> {
    return this.#tracked(this.#warmUp(bars));
  }

  /** The last bars of a symbol, ascending, whose newest has just closed. */
  take(symbol: string, bars: readonly Candle[]): Promise<void> {
    return this.#tracked(this.#take(symbol, bars));
  }

  #tracked(work: Promise<void>): Promise<void> {
    const tracked = work.finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
    return tracked;
  }

  async #warmUp(bars: ReadonlyMap<string, readonly Candle[]>): Promise<void> {
    const symbols = [...bars.keys()].sort(bitcoinFirst);
    for (const symbol of symbols) {
      const asked: AskedBefore[] = [];
      this.#feed(symbol, bars.get(symbol) ?? [], asked);
      await this.#compareWith(symbol, asked);
      // Horizons that ended while the program was off.
      this.#inUse?.record.mature(symbol, bars.get(symbol) ?? []);
    }
    for (const symbol of symbols) await this.#foretell(symbol, bars.get(symbol)?.at(-1));
  }

  async #take(symbol: string, bars: readonly Candle[]): Promise<void> {
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
      if ((bars.at(-1)?.openTime ?? Number.POSITIVE_INFINITY) <= openTime) await this.#take(symbol, bars);
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
      this.#inUse = {
        set,
        record,
        forecaster: new VolatilityForecaster(set, runner, 'weighted'),
        parity: undefined,
      };
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
    return (
      this.#trouble ??
      this.#expiry(now)?.message ??
      'shown, recorded, and what the cost gate takes spread and slippage by; no direction comes of it'
    );
  }

  /** Notes what would have been foretold before the start: what forecasts are compared with. */
  async #compareWith(symbol: string, asked: readonly AskedBefore[]): Promise<void> {
    const inUse = this.#inUse;
    if (inUse === undefined || asked.length === 0) return;
    try {
      await this.#answers(inUse);
      const { set } = inUse;
      const forecasts = await inUse.forecaster.forecast({
        symbol,
        rows: asked.map(({ row }) => row),
        windows: asked.map(({ window }) => window),
      });
      for (const [index, { at }] of asked.entries()) {
        const forecast = forecasts[index];
        const outlook = forecast && outlookOf({ set, symbol, at, forecast, multiplier: 1, past: this.#past });
        if (outlook !== undefined) this.#past.note(symbol, at, outlook.day.sigma);
      }
    } catch (error) {
      // Whatever keeps the models from answering is told with the first forecast.
      if (!(error instanceof ModelRefusal)) throw error;
      if (error.code === 'cannot-run') inUse.parity = undefined;
    }
  }

  #answers(inUse: InUse): Promise<void> {
    inUse.parity ??= checkVolatilityParity(inUse.set, this.#options.runner).then(() => undefined);
    return inUse.parity;
  }

  /** Takes the bars that are new. @param asked what past forecasts are made of, where they are wanted. @returns whether the newest was. */
  #feed(symbol: string, bars: readonly Candle[], asked?: AskedBefore[]): boolean {
    const { timeframe, symbols } = this.#options;
    if (timeframe !== '1h' || this.#sets.length === 0) return false;
    const lane = this.#laneOf(symbol);
    const bitcoin = bitcoinOf(symbol, symbols);
    const fresh = bars.filter(({ openTime }) => openTime > lane.last);
    for (const candle of fresh) {
      if (isBitcoin(symbol)) this.#rememberBitcoin(symbol, candle);
      const btcCandle = bitcoin === undefined ? undefined : this.#bitcoins.get(bitcoin)?.get(candle.openTime);
      lane.take(candle, btcCandle);
      if (asked !== undefined && candle !== bars.at(-1)) this.#gather(lane, candle.openTime + HOUR_MS, asked);
    }
    return fresh.length > 0;
  }

  #gather(lane: VarianceLane, at: UtcMs, asked: AskedBefore[]): void {
    const inUse = this.#inUse;
    if (inUse === undefined || !isRecorded(at) || setFor(this.#sets, at) !== inUse.set) return;
    const question = lane.question(inUse.forecaster);
    if (question !== null && inUse.forecaster.missing(question.row) === undefined)
      asked.push({ ...question, at });
  }

  #laneOf(symbol: string): VarianceLane {
    const known = this.#lanes.get(symbol);
    if (known !== undefined) return known;
    const lane = new VarianceLane(symbol);
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

  async #ask(inUse: InUse, lane: VarianceLane, symbol: string, candle: Candle): Promise<void> {
    const { forecaster, record } = inUse;
    const at = candle.openTime + HOUR_MS;
    const { set } = forecaster;
    const question = lane.question(forecaster);
    if (question === null || forecaster.missing(question.row) !== undefined) {
      this.#latest.delete(symbol);
      return;
    }
    try {
      await this.#answers(inUse);
      const { row, window } = question;
      const [forecast] = await forecaster.forecast({ symbol, rows: [row], windows: [window] });
      if (forecast === undefined) return;
      const facts = { set, symbol, at, forecast, multiplier: record.multiplier, past: this.#past };
      const outlook = outlookOf(facts);
      if (outlook === undefined) {
        this.#trouble = `${set.manifest.setId} foretells what cannot be of ${symbol}: nothing is shown of it`;
        this.#latest.delete(symbol);
        return;
      }
      const { day, week } = outlook;
      this.#past.note(symbol, at, day.sigma);
      this.#outlooks.set(symbol, [...(this.#outlooks.get(symbol) ?? []).slice(-1), outlook]);
      const horizons = [
        { bars: day.hours, used: forecast.h24.used, ...bandIn(day) },
        { bars: week.hours, used: forecast.h168.used, ...bandIn(week) },
      ];
      this.#latest.set(symbol, { symbol, at, horizons });
      this.#trouble = null;
      if (!isRecorded(at)) return;
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
}

function bandIn({ sigma, low80, high80, low95, high95 }: Outlook['day']) {
  return { sigma, low80, high80, low95, high95 };
}

function endOf({ manifest }: VolatilitySet): UtcMs {
  return Date.parse(manifest.validUntil);
}
