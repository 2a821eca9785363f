import type { EquityPoint } from '../contract/index.ts';
import {
  type EquityRecord,
  float,
  type QuoteAmount,
  quoteAmount,
  subtract,
  TIMEFRAME_MS,
  type UtcMs,
  utcDayStart,
} from '../domain/index.ts';

const DAY_MS = TIMEFRAME_MS['1d'];

/**
 * The equity over time: its running peak, its deepest fall, its return on each UTC day, and the points sampled for
 * the chart. Money paid in or out is neither gain nor fall: everything measured is a ratio, taken from a level that
 * moves with profit and loss alone, as the price of a fund's share does. Floats throughout: nothing here becomes an
 * order.
 */
export class EquityCurve {
  readonly #points: EquityPoint[] = [];
  readonly #dailyReturns: number[] = [];
  /** Money. */
  #last: number;
  #dayStart: number;
  /** The level: money times what a unit of it counts for, which each transfer changes so that the level stays. */
  #unit = 1;
  #level: number;
  #peakLevel: number;
  #dayStartLevel: number;
  #maxDrawdown = 0;
  /** End of the current UTC day; 0 before any time is known. */
  #dayEnd: UtcMs = 0;

  constructor(start: number) {
    this.#last = start;
    this.#dayStart = start;
    this.#level = start;
    this.#peakLevel = start;
    this.#dayStartLevel = start;
  }

  /** Ends the UTC days that are over at this time, at the equity last observed. */
  passTime(time: UtcMs): void {
    if (time >= this.#dayEnd) this.#endDays(utcDayStart(time));
  }

  #endDays(midnight: UtcMs): void {
    if (this.#dayEnd !== 0) {
      for (let end = this.#dayEnd; end <= midnight; end += DAY_MS) this.#endDay();
    }
    this.#dayStart = this.#last;
    this.#dayEnd = midnight + DAY_MS;
  }

  #endDay(): void {
    // Of nothing there is no return.
    if (this.#dayStartLevel > 0) this.#dailyReturns.push(this.#level / this.#dayStartLevel - 1);
    this.#dayStartLevel = this.#level;
  }

  observe(equity: number): void {
    this.#last = equity;
    // While everything is paid out there is nothing to measure.
    if (this.#unit === 0) return;
    this.#level = equity * this.#unit;
    if (this.#level > this.#peakLevel) this.#peakLevel = this.#level;
    else if (this.#peakLevel > 0) {
      this.#maxDrawdown = Math.max(this.#maxDrawdown, 1 - this.#level / this.#peakLevel);
    }
  }

  /** Money paid in, or below 0 out: the equity is as much higher from now on, and nothing was won or lost by it. */
  transfer(amount: number): void {
    this.#last += amount;
    this.#dayStart += amount;
    if (this.#last <= 0) {
      this.#unit = 0;
    } else if (this.#level > 0) {
      this.#unit = this.#level / this.#last;
    } else {
      this.#startAnew(this.#last);
    }
  }

  /** After everything was lost, and before anything was there, no ratio leads on. */
  #startAnew(equity: number): void {
    this.#unit = 1;
    this.#level = equity;
    this.#peakLevel = equity;
    this.#dayStartLevel = equity;
  }

  /** Observes and keeps a point for the chart. A second point at the same time replaces the first. */
  sample(time: UtcMs, equity: number): void {
    this.passTime(time);
    this.observe(equity);
    const place = this.#points.at(-1)?.time === time ? this.#points.length - 1 : this.#points.length;
    this.#points[place] = { time, equity };
  }

  /** Equity at the start of the current UTC day, moved by what was paid in or out since. */
  get dayStart(): number {
    return this.#dayStart;
  }

  /** The highest equity, in money as it would be with everything paid in or out by now. */
  get peak(): number {
    return this.#unit === 0 ? this.#last : this.#peakLevel / this.#unit;
  }

  /** Fall from the peak as a fraction of it, 0 to 1 (above 1 when more than everything was lost). */
  get drawdown(): number {
    return this.#peakLevel > 0 ? 1 - this.#level / this.#peakLevel : 0;
  }

  /** The deepest fall seen, as a fraction of the peak before it. */
  get maxDrawdown(): number {
    return this.#maxDrawdown;
  }

  /** Returns of the finished UTC days as fractions, oldest first. */
  get dailyReturns(): readonly number[] {
    return this.#dailyReturns;
  }

  /** The sampled points, oldest first. */
  get points(): readonly EquityPoint[] {
    return this.#points;
  }
}

/**
 * The curve as its stored points tell it. Their capital tells what was paid in or out between two of them.
 *
 * @param account what it opened with, and what transfers have made of that by now.
 */
export function restoredCurve(
  points: Iterable<EquityRecord>,
  account: { readonly opening: QuoteAmount; readonly capital: QuoteAmount },
): EquityCurve {
  let capital = account.opening;
  const curve = new EquityCurve(float(capital));
  const moveTo = (next: QuoteAmount): void => {
    if (!next.eq(capital)) curve.transfer(float(subtract(next, capital)));
    capital = next;
  };
  for (const point of points) {
    if (point.capital !== null) moveTo(quoteAmount(point.capital));
    curve.sample(point.time, Number(point.equity));
  }
  moveTo(account.capital);
  return curve;
}
