import type { EquityPoint } from '../contract/index.ts';
import { TIMEFRAME_MS, type UtcMs, utcDayStart } from '../domain/index.ts';
import { returnsOf } from './performance.ts';

const DAY_MS = TIMEFRAME_MS['1d'];

/**
 * The equity over time: its running peak, its deepest fall, its value at the end of each UTC day, and the
 * points sampled for the chart. Floats throughout: nothing here becomes an order.
 */
export class EquityCurve {
  readonly #points: EquityPoint[] = [];
  /** Equity at the start, then at the end of each UTC day. */
  readonly #closings: number[];
  #last: number;
  #peak: number;
  #maxDrawdown = 0;
  #dayStart: number;
  /** End of the current UTC day; 0 before any time is known. */
  #dayEnd: UtcMs = 0;

  constructor(start: number) {
    this.#last = start;
    this.#peak = start;
    this.#dayStart = start;
    this.#closings = [start];
  }

  /** Ends the UTC days that are over at this time, at the equity last observed. */
  passTime(time: UtcMs): void {
    if (time >= this.#dayEnd) this.#endDays(utcDayStart(time));
  }

  #endDays(midnight: UtcMs): void {
    if (this.#dayEnd !== 0) {
      for (let end = this.#dayEnd; end <= midnight; end += DAY_MS) this.#closings.push(this.#last);
    }
    this.#dayStart = this.#last;
    this.#dayEnd = midnight + DAY_MS;
  }

  observe(equity: number): void {
    this.#last = equity;
    if (equity > this.#peak) this.#peak = equity;
    else this.#maxDrawdown = Math.max(this.#maxDrawdown, 1 - equity / this.#peak);
  }

  /** Observes and keeps a point for the chart. A second point at the same time replaces the first. */
  sample(time: UtcMs, equity: number): void {
    this.passTime(time);
    this.observe(equity);
    const place = this.#points.at(-1)?.time === time ? this.#points.length - 1 : this.#points.length;
    this.#points[place] = { time, equity };
  }

  /** Equity at the start of the current UTC day. */
  get dayStart(): number {
    return this.#dayStart;
  }

  get peak(): number {
    return this.#peak;
  }

  /** Fall from the peak as a fraction of it, 0 to 1 (above 1 when more than everything was lost). */
  get drawdown(): number {
    return 1 - this.#last / this.#peak;
  }

  /** The deepest fall seen, as a fraction of the peak before it. */
  get maxDrawdown(): number {
    return this.#maxDrawdown;
  }

  /** Returns of the finished UTC days as fractions, oldest first. */
  get dailyReturns(): readonly number[] {
    return returnsOf(this.#closings);
  }

  /** The sampled points, oldest first. */
  get points(): readonly EquityPoint[] {
    return this.#points;
  }
}
