import type { Candle, UtcMs } from '../domain/index.ts';
import { HOUR_MS } from './hourly-closes.ts';

/** More than a strategy of the trader's own may look back. */
export const MOST_HISTORY_DAYS = 400;
const KEPT_HOURS = 24 * (MOST_HISTORY_DAYS + 3);

/**
 * The bar of each hour, by time, put together from pieces of any length up to an hour; an hour in which nothing was told is
 * a flat bar at the price before it.
 */
export class HourlyBars {
  /** Which hour the first bar opens, counted from the epoch. */
  #first = 0;
  #bars: Candle[] = [];
  /** Up to when everything was told. */
  #until: UtcMs = Number.NEGATIVE_INFINITY;

  /** Takes a piece of market that has passed; pieces ascend. What is told again is passed over. */
  take(piece: Candle, durationMs: number): void {
    if (durationMs > HOUR_MS || piece.openTime < this.#until) return;
    this.#until = piece.openTime + durationMs;
    const hour = Math.floor(piece.openTime / HOUR_MS);
    const before = this.#bars.at(-1);
    if (before === undefined || hour - this.#first > this.#bars.length + KEPT_HOURS) {
      this.#bars = [];
      this.#first = hour;
    } else {
      const { close } = before;
      for (let next = this.#first + this.#bars.length; next < hour; next += 1)
        this.#bars.push({ openTime: next * HOUR_MS, open: close, high: close, low: close, close, volume: 0 });
    }
    const place = hour - this.#first;
    const held = this.#bars[place];
    this.#bars[place] = held === undefined ? { ...piece, openTime: hour * HOUR_MS } : joined(held, piece);
    if (this.#bars.length > 2 * KEPT_HOURS) this.#forget();
  }

  /** How many bars there are that had ended at a moment. */
  countAt(at: UtcMs): number {
    if (this.#bars.length === 0) return 0;
    const ended = Math.floor(at / HOUR_MS) - this.#first;
    return Math.max(0, Math.min(ended, Math.floor(this.#until / HOUR_MS) - this.#first, this.#bars.length));
  }

  /** The bar so many hours before the last that had ended at a moment; undefined before the first. */
  before(at: UtcMs, hoursAgo: number): Candle | undefined {
    return this.#bars[this.countAt(at) - 1 - hoursAgo];
  }

  #forget(): void {
    const excess = this.#bars.length - KEPT_HOURS;
    this.#bars = this.#bars.slice(excess);
    this.#first += excess;
  }
}

function joined(bar: Candle, piece: Candle): Candle {
  return {
    ...bar,
    high: Math.max(bar.high, piece.high),
    low: Math.min(bar.low, piece.low),
    close: piece.close,
    volume: bar.volume + piece.volume,
  };
}
