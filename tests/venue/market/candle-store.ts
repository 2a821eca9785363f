import type { UtcMs } from '../../../core/domain/index.ts';

/** Prices in ticks and volumes in lots: whole numbers, so that sums are exact and sixty thousand bars are small. */
export interface TickCandle {
  readonly openTime: UtcMs;
  readonly open: number;
  high: number;
  low: number;
  close: number;
  lots: number;
  /** Sum of ticks times lots. */
  turnover: number;
  buyLots: number;
  buyTurnover: number;
  trades: number;
  firstTradeId: number;
}

export const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Lengths of the intervals that the venue keeps. */
export const INTERVAL_MS: Readonly<Record<string, number>> = {
  '1m': MINUTE_MS,
  '3m': 3 * MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '30m': 30 * MINUTE_MS,
  '1h': HOUR_MS,
  '2h': 2 * HOUR_MS,
  '4h': 4 * HOUR_MS,
  '6h': 6 * HOUR_MS,
  '8h': 8 * HOUR_MS,
  '12h': 12 * HOUR_MS,
  '1d': DAY_MS,
};

/** One-minute bars without gaps, and every longer interval made of them. */
export class CandleStore {
  readonly #minutes: TickCandle[];

  /** @param history bars that end where the venue opens, at least one. */
  constructor(history: readonly TickCandle[]) {
    this.#minutes = [...history];
  }

  get lastTicks(): number {
    return this.#minutes.at(-1)?.close ?? 0;
  }

  /** Bars without a trade repeat the last price, as the venue's do. */
  fillTo(now: UtcMs): void {
    for (let last = this.#minutes.at(-1); last !== undefined; last = this.#minutes.at(-1)) {
      const openTime = last.openTime + MINUTE_MS;
      if (openTime > now) return;
      this.#minutes.push(emptyCandle(openTime, last.close, last.firstTradeId + last.trades));
    }
  }

  trade(now: UtcMs, ticks: number, lots: number, isBuyerTaker: boolean, id: number): void {
    this.fillTo(now);
    const last = this.#minutes.at(-1);
    if (last === undefined) return;
    if (last.trades === 0) this.#minutes[this.#minutes.length - 1] = emptyCandle(last.openTime, ticks, id);
    const candle = this.#minutes.at(-1);
    if (candle === undefined) return;
    candle.high = Math.max(candle.high, ticks);
    candle.low = Math.min(candle.low, ticks);
    candle.close = ticks;
    candle.lots += lots;
    candle.turnover += ticks * lots;
    candle.trades += 1;
    if (!isBuyerTaker) return;
    candle.buyLots += lots;
    candle.buyTurnover += ticks * lots;
  }

  /** Bars that open in [from, to], oldest first; the last may be unfinished. */
  between(intervalMs: number, from: UtcMs, to: UtcMs): readonly TickCandle[] {
    const start = this.#minutes[0]?.openTime ?? 0;
    // The first bar of an interval may have begun before the history did: it would be a part that looks whole.
    const first = Math.max(Math.ceil(from / intervalMs), Math.ceil(start / intervalMs)) * intervalMs;
    const bars: TickCandle[] = [];
    for (let openTime = first; openTime <= to; openTime += intervalMs) {
      const bar = this.#bar(openTime, intervalMs, start);
      if (bar === undefined) break;
      bars.push(bar);
    }
    return bars;
  }

  #bar(openTime: UtcMs, intervalMs: number, start: UtcMs): TickCandle | undefined {
    const place = (openTime - start) / MINUTE_MS;
    const [head, ...tail] = this.#minutes.slice(place, place + intervalMs / MINUTE_MS);
    if (head === undefined) return undefined;
    const bar = { ...head };
    for (const minute of tail) {
      bar.high = Math.max(bar.high, minute.high);
      bar.low = Math.min(bar.low, minute.low);
      bar.close = minute.close;
      bar.lots += minute.lots;
      bar.turnover += minute.turnover;
      bar.buyLots += minute.buyLots;
      bar.buyTurnover += minute.buyTurnover;
      bar.trades += minute.trades;
    }
    return bar;
  }
}

export const emptyCandle = (openTime: UtcMs, ticks: number, firstTradeId: number): TickCandle => ({
  openTime,
  open: ticks,
  high: ticks,
  low: ticks,
  close: ticks,
  lots: 0,
  turnover: 0,
  buyLots: 0,
  buyTurnover: 0,
  trades: 0,
  firstTradeId,
});
