import { TIMEFRAME_MS, type UtcMs } from '../domain/index.ts';

const MINUTE_MS = TIMEFRAME_MS['1m'];
const DAY_MINUTES = TIMEFRAME_MS['1d'] / MINUTE_MS;

/** Mean volume of a minute over the last day of trades, in quote currency, or over as much of it as was watched. */
export class MinuteVolume {
  readonly #start: UtcMs;
  /** A cell a minute, used again a day later. */
  readonly #cells = new Float64Array(DAY_MINUTES);
  #minute: number;

  /** Watches from `start` on. */
  constructor(start: UtcMs) {
    this.#start = start;
    this.#minute = Math.floor(start / MINUTE_MS);
  }

  /** Times must not run backwards. */
  add(time: UtcMs, quoteAmount: number): void {
    this.#moveTo(time);
    const cell = this.#minute % DAY_MINUTES;
    this.#cells[cell] = (this.#cells[cell] ?? 0) + quoteAmount;
  }

  /** NaN before one whole minute was watched. */
  mean(time: UtcMs): number {
    this.#moveTo(time);
    const watched = Math.min((time - this.#start) / MINUTE_MS, DAY_MINUTES);
    return watched < 1 ? Number.NaN : this.#cells.reduce((sum, volume) => sum + volume, 0) / watched;
  }

  #moveTo(time: UtcMs): void {
    const minute = Math.floor(time / MINUTE_MS);
    const passed = Math.min(minute - this.#minute, DAY_MINUTES);
    for (let back = 0; back < passed; back += 1) this.#cells[(minute - back) % DAY_MINUTES] = 0;
    this.#minute = Math.max(this.#minute, minute);
  }
}
