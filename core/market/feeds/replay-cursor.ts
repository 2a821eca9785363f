import type { Candle, MarketEvent, UtcMs } from '../../domain/index.ts';
import { CandleColumns } from '../candles/candle-columns.ts';

/** Bars of one symbol, ascending, and finer candles inside them where there are any. */
export interface ReplaySeries {
  readonly symbol: string;
  readonly bars: readonly Candle[];
  readonly detail?: readonly Candle[] | CandleColumns;
  /** Length of a detail candle; needed with `detail`. */
  readonly detailMs?: number;
}

/** Whether a bar concerns nobody: its pieces may come as one. */
export type ComesWhole = (symbol: string, bar: Candle, durationMs: number) => boolean;

// Places of the detail are below its length, so that reads of its columns are cast to number.

/** What happens at one instant happens in this order. */
const RANK = { step: 0, bar: 1, gap: 2 } as const;
const RANKS = 3;

/**
 * Walks through one symbol's events. `key` orders the next event among those of all symbols: by the instant at
 * which it is known (a step and a bar when they end, a gap when the next bar begins), then by kind.
 */
export class ReplayCursor {
  key = Number.POSITIVE_INFINITY;
  readonly #symbol: string;
  readonly #bars: readonly Candle[];
  readonly #detail: CandleColumns;
  readonly #detailMs: number;
  readonly #timeframeMs: number;
  #index: number;
  /** The present bar; undefined at the end of the data. */
  #bar: Candle | undefined;
  /** The next event's kind. */
  #kind: MarketEvent['kind'] = 'step';
  /** The present bar's detail candles that are left: `[next, end)`; none when the bar itself is the step. */
  #nextDetail = 0;
  #detailEnd = 0;
  readonly #comesWhole: ComesWhole;
  /** Nobody has been asked yet whether the present bar may come whole. */
  #isFresh = false;

  constructor(series: ReplaySeries, start: number, timeframeMs: number, comesWhole: ComesWhole) {
    this.#symbol = series.symbol;
    this.#bars = series.bars;
    this.#detail = CandleColumns.of(series.detail ?? []);
    this.#detailMs = series.detailMs ?? timeframeMs;
    this.#timeframeMs = timeframeMs;
    this.#index = start;
    this.#comesWhole = comesWhole;
    this.#enterBar();
  }

  /**
   * To be called before the next event is taken: of a bar that may come whole the detail is left out. Then `key` is another,
   * and other symbols may be first.
   */
  becomesWhole(): boolean {
    const bar = this.#bar;
    if (!this.#isFresh || this.#kind !== 'step' || bar === undefined) return false;
    this.#isFresh = false;
    if (this.#nextDetail === this.#detailEnd) return false;
    if (!this.#comesWhole(this.#symbol, bar, this.#timeframeMs)) return false;
    this.#nextDetail = this.#detailEnd;
    this.#prepareStep(bar);
    return true;
  }

  /** The next event. Not to be called once `key` is infinite. */
  next(): MarketEvent | undefined {
    const bar = this.#bar;
    if (bar === undefined) return undefined;
    switch (this.#kind) {
      case 'step':
        return this.#step(bar);
      case 'bar':
        this.#index += 1;
        this.#enterBar();
        return { kind: 'bar', symbol: this.#symbol, candle: bar };
      case 'gap': {
        this.#prepareStep(bar);
        const from = this.#previousEnd();
        const missingBars = Math.round((bar.openTime - from) / this.#timeframeMs);
        return { kind: 'gap', symbol: this.#symbol, from, missingBars };
      }
    }
  }

  #step(bar: Candle): MarketEvent {
    const detail = this.#nextDetail < this.#detailEnd ? this.#detail.at(this.#nextDetail) : undefined;
    if (detail === undefined) {
      this.#prepareBar(bar);
      return { kind: 'step', symbol: this.#symbol, candle: bar, durationMs: this.#timeframeMs };
    }
    this.#nextDetail += 1;
    if (this.#nextDetail < this.#detailEnd) this.#prepareStep(bar);
    else this.#prepareBar(bar);
    return { kind: 'step', symbol: this.#symbol, candle: detail, durationMs: this.#detailMs };
  }

  #enterBar(): void {
    const bar = this.#bars[this.#index];
    this.#bar = bar;
    if (bar === undefined) {
      this.key = Number.POSITIVE_INFINITY;
      return;
    }
    this.#findDetail(bar);
    this.#isFresh = true;
    if (this.#index > 0 && bar.openTime > this.#previousEnd()) {
      this.#kind = 'gap';
      this.key = bar.openTime * RANKS + RANK.gap;
    } else {
      this.#prepareStep(bar);
    }
  }

  #prepareStep(bar: Candle): void {
    const { openTimes } = this.#detail;
    const detail = this.#nextDetail < this.#detailEnd ? openTimes[this.#nextDetail] : undefined;
    const end: UtcMs = detail === undefined ? bar.openTime + this.#timeframeMs : detail + this.#detailMs;
    this.#kind = 'step';
    this.key = end * RANKS + RANK.step;
  }

  #prepareBar(bar: Candle): void {
    this.#kind = 'bar';
    this.key = (bar.openTime + this.#timeframeMs) * RANKS + RANK.bar;
  }

  #previousEnd(): UtcMs {
    return (this.#bars[this.#index - 1]?.openTime ?? 0) + this.#timeframeMs;
  }

  /**
   * Detail that lies inside the bar. Incomplete detail that does not reach the bar's high and low is not used:
   * it would hide prices at which orders fill.
   */
  #findDetail(bar: Candle): void {
    const { openTimes, highs, lows, length } = this.#detail;
    const latestStart = bar.openTime + this.#timeframeMs - this.#detailMs;
    let at = this.#detailEnd;
    while (at < length && (openTimes[at] as number) < bar.openTime) at += 1;
    this.#nextDetail = at;
    let high = 0;
    let low = Number.POSITIVE_INFINITY;
    for (; at < length && (openTimes[at] as number) <= latestStart; at += 1) {
      high = Math.max(high, highs[at] as number);
      low = Math.min(low, lows[at] as number);
    }
    this.#detailEnd = at;
    const isComplete = (at - this.#nextDetail) * this.#detailMs === this.#timeframeMs;
    if (!isComplete && (high < bar.high || low > bar.low)) this.#nextDetail = at;
  }
}
