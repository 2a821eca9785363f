import type { UtcMs } from '../domain/index.ts';

export const HOUR_MS = 3_600_000;
/** Four months and a month beside them: more than any strategy here looks back. */
const KEPT_HOURS = 24 * 155;

/**
 * The price at the end of each hour, by time: an hour without a price has the one before it. Takes prices of any pace up
 * to an hour, so that the same closes come from bars of a minute and of an hour.
 */
export class HourlyCloses {
  /** Which hour the first close ends, counted from the epoch. */
  #first = 0;
  #closes: number[] = [];
  #coarse = false;

  /** Takes the close of a piece of market; pieces ascend. One that is longer than an hour tells no hourly prices. */
  take(end: UtcMs, close: number, durationMs: number): void {
    if (durationMs > HOUR_MS) {
      this.#coarse = true;
      return;
    }
    const hour = Math.ceil(end / HOUR_MS);
    if (this.#closes.length === 0) this.#first = hour;
    // A price that is told again, from before a restart.
    if (hour < this.#first) return;
    this.#fillUpTo(hour);
    this.#closes[hour - this.#first] = close;
    if (this.#closes.length > 2 * KEPT_HOURS) this.#forget();
  }

  /** Whether prices came that were too far apart to be read. */
  get sawCoarseBars(): boolean {
    return this.#coarse;
  }

  /** The price that held at the end of an hour; undefined before the first that is known. */
  at(end: UtcMs): number | undefined {
    const place = Math.floor(end / HOUR_MS) - this.#first;
    return place < 0 ? undefined : (this.#closes[place] ?? this.#closes.at(-1));
  }

  /** The hours before one have the last price; of a silence longer than what is kept, only what would be kept. */
  #fillUpTo(hour: number): void {
    const before = this.#closes.at(-1);
    if (before === undefined) return;
    if (hour - this.#first - this.#closes.length > KEPT_HOURS) {
      this.#closes = [before];
      this.#first = hour - KEPT_HOURS;
    }
    while (this.#closes.length < hour - this.#first) this.#closes.push(before);
  }

  #forget(): void {
    const excess = this.#closes.length - KEPT_HOURS;
    this.#closes = this.#closes.slice(excess);
    this.#first += excess;
  }
}
