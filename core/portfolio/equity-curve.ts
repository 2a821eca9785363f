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
  utcWeekStart,
} from '../domain/index.ts';
import { type Interval, sharpeInterval } from './block-interval.ts';

const DAY_MS = TIMEFRAME_MS['1d'];
/** A time beyond is none, as one in microseconds. */
const BEYOND_TIME: UtcMs = Date.UTC(9999, 0);

/**
 * What a curve knows at a point: more than its points tell, for it sees every price. Levels move with profit and loss
 * alone; the equity times `unit` is the level.
 */
export interface CurveMarks {
  readonly level: number;
  readonly unit: number;
  readonly peakLevel: number;
  /** The deepest fall so far, as a fraction of the peak before it. */
  readonly deepest: number;
  /** Where the last finished UTC day ended. */
  readonly dayEndLevel: number;
  /** What the current day's return is measured from. */
  readonly dayStartLevel: number;
  /** Equity at the start of the current UTC day and week, moved by what was paid in or out since. */
  readonly dayStart: number;
  readonly weekStart: number;
}

/**
 * The equity over time: its running peak, its deepest fall, its return on each UTC day, and the points sampled for
 * the chart. Money paid in or out is neither gain nor fall: everything measured is a ratio, taken from a level that
 * moves with profit and loss alone, as the price of a fund's share does. Floats throughout: nothing here becomes an
 * order.
 */
export class EquityCurve {
  readonly #points: EquityPoint[] = [];
  readonly #dailyReturns: number[] = [];
  readonly #returnDays: number[] = [];
  /** Money. */
  #last: number;
  #dayStart: number;
  #weekStart: number;
  /** The level: money times what a unit of it counts for, which each transfer changes so that the level stays. */
  #unit = 1;
  #level: number;
  #peakLevel: number;
  #dayStartLevel: number;
  /** Where the last finished day ended. A level that starts anew within a day leaves it as it was. */
  #dayEndLevel: number;
  #maxDrawdown = 0;
  #interval: { readonly days: number; readonly of: Interval | null } | null = null;
  /** End of the current UTC day; 0 before any time is known. */
  #dayEnd: UtcMs = 0;
  #began: UtcMs | null = null;

  constructor(start: number) {
    this.#last = start;
    this.#dayStart = start;
    this.#weekStart = start;
    this.#level = start;
    this.#peakLevel = start;
    this.#dayStartLevel = start;
    this.#dayEndLevel = start;
  }

  /**
   * Ends the UTC days that are over at this time, at the equity last observed. What happened at no time, as one in
   * microseconds would be, counts for the current day: millions of days would have to end for it.
   */
  passTime(time: UtcMs): void {
    if (time >= BEYOND_TIME) return;
    this.#began ??= time;
    if (time >= this.#dayEnd) this.#endDays(utcDayStart(time));
  }

  #endDays(midnight: UtcMs): void {
    if (this.#dayEnd !== 0) {
      for (let end = this.#dayEnd; end <= midnight; end += DAY_MS) this.#endDay(end);
    }
    this.#dayStart = this.#last;
    if (utcWeekStart(midnight) >= this.#dayEnd) this.#weekStart = this.#last;
    this.#dayEnd = midnight + DAY_MS;
  }

  #endDay(end: UtcMs): void {
    // Of nothing there is no return.
    if (this.#dayStartLevel > 0) {
      this.#dailyReturns.push(this.#level / this.#dayStartLevel - 1);
      this.#returnDays.push(end / DAY_MS);
    }
    this.#dayStartLevel = this.#level;
    this.#dayEndLevel = this.#level;
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
    this.#weekStart += amount;
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

  /** What a new curve has to know to measure on from here as this one does. */
  get marks(): CurveMarks {
    return {
      level: this.#level,
      unit: this.#unit,
      peakLevel: this.#peakLevel,
      deepest: this.#maxDrawdown,
      dayEndLevel: this.#dayEndLevel,
      dayStartLevel: this.#dayStartLevel,
      dayStart: this.#dayStart,
      weekStart: this.#weekStart,
    };
  }

  /**
   * Takes a stored point and what was known there. Between two points the curve was at more than they tell: deeper,
   * higher, and elsewhere at midnight.
   */
  resume({ time, equity }: EquityPoint, marks: CurveMarks): void {
    this.#level = marks.dayEndLevel;
    this.sample(time, equity);
    this.#level = marks.level;
    this.#unit = marks.unit;
    this.#peakLevel = marks.peakLevel;
    this.#maxDrawdown = marks.deepest;
    this.#dayEndLevel = marks.dayEndLevel;
    this.#dayStartLevel = marks.dayStartLevel;
    this.#dayStart = marks.dayStart;
    this.#weekStart = marks.weekStart;
  }

  /** Equity at the start of the current UTC day, moved by what was paid in or out since. */
  get dayStart(): number {
    return this.#dayStart;
  }

  /** Equity at the start of the current UTC week, which is a Monday, moved by what was paid in or out since. */
  get weekStart(): number {
    return this.#weekStart;
  }

  /**
   * Gain or loss since the beginning as a fraction, by linking the returns of the days and of the current one. When
   * and how much was paid in or out makes no difference to it.
   */
  get timeWeightedReturn(): number {
    const today = this.#dayStartLevel > 0 ? this.#level / this.#dayStartLevel : 1;
    return this.#dailyReturns.reduce((grown, each) => grown * Math.max(0, 1 + each), Math.max(0, today)) - 1;
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

  /** The first time that it knows, within its first day; null before any. */
  get began(): UtcMs | null {
    return this.#began;
  }

  /** Returns of the finished UTC days as fractions, oldest first. */
  get dailyReturns(): readonly number[] {
    return this.#dailyReturns;
  }

  /** Of each of them the end of its day, in days since the epoch. */
  get returnDays(): readonly number[] {
    return this.#returnDays;
  }

  /** Of the Sharpe ratio of the finished days; reckoned once a day, for it takes milliseconds. */
  get sharpeInterval(): Interval | null {
    const days = this.#dailyReturns.length;
    if (this.#interval?.days !== days) this.#interval = { days, of: sharpeInterval(this.#dailyReturns) };
    return this.#interval.of;
  }

  /** The sampled points, oldest first. */
  get points(): readonly EquityPoint[] {
    return this.#points;
  }
}

/**
 * The curve as its stored points tell it. Their capital tells what was paid in or out between two of them. What was known
 * at a point is read where it tells more than the point: at the first and the last of each day.
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
  let last: EquityRecord | null = null;
  let dayEnd: UtcMs = Number.NEGATIVE_INFINITY;
  for (const point of points) {
    const isFirstOfDay = point.time >= dayEnd;
    if (isFirstOfDay && last !== null) resume(curve, last);
    if (point.capital !== null) moveTo(quoteAmount(point.capital));
    if (isFirstOfDay) resume(curve, point);
    else curve.sample(point.time, Number(point.equity));
    last = point;
    dayEnd = utcDayStart(point.time) + DAY_MS;
  }
  if (last !== null) resume(curve, last);
  moveTo(account.capital);
  return curve;
}

function resume(curve: EquityCurve, point: EquityRecord): void {
  const place = { time: point.time, equity: Number(point.equity) };
  if (point.marks == null) curve.sample(place.time, place.equity);
  // Our own document, which `writeMarks` wrote.
  else curve.resume(place, JSON.parse(point.marks) as CurveMarks);
}

/** What the curve knows at a point, as it is kept with it. */
export function writeMarks(marks: CurveMarks): string {
  return JSON.stringify(marks);
}
