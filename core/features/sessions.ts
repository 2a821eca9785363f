import { TIMEFRAME_MS, type UtcMs } from '../domain/index.ts';

const HOUR_MS = TIMEFRAME_MS['1h'];
const DAY_MS = TIMEFRAME_MS['1d'];
/** In so long no zone used here changes its clocks twice. */
const SPAN_MS = 28 * DAY_MS;

/**
 * Offset of an IANA time zone from UTC, in milliseconds, east positive. Asking `Intl` is slow, so the answer is kept
 * until the clocks change, for four weeks at most: the zones used here change on a full hour.
 */
export class ZoneOffset {
  readonly #format: Intl.DateTimeFormat;
  #from: UtcMs = Infinity;
  #to: UtcMs = -Infinity;
  #offsetMs = 0;

  constructor(zone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  }

  at(time: UtcMs): number {
    if (time < this.#from || time >= this.#to) this.#ask(time);
    return this.#offsetMs;
  }

  #ask(time: UtcMs): void {
    const from = Math.floor(time / SPAN_MS) * SPAN_MS;
    const to = from + SPAN_MS;
    const [before, after] = [this.#lookUp(from), this.#lookUp(to)];
    const change = before === after ? to : this.#changeBetween(from, to, before);
    if (time < change) this.#keep(from, change, before);
    else this.#keep(change, to, after);
  }

  /** The full hour from which on the offset is no longer the one before. */
  #changeBetween(from: UtcMs, to: UtcMs, before: number): UtcMs {
    let [last, change] = [from, to];
    while (change - last > HOUR_MS) {
      const middle = last + Math.floor((change - last) / HOUR_MS / 2) * HOUR_MS;
      if (this.#lookUp(middle) === before) last = middle;
      else change = middle;
    }
    return change;
  }

  #keep(from: UtcMs, to: UtcMs, offsetMs: number): void {
    this.#from = from;
    this.#to = to;
    this.#offsetMs = offsetMs;
  }

  #lookUp(time: UtcMs): number {
    const name = this.#format.formatToParts(time).find((part) => part.type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes] = /^GMT(?:([+-])(\d\d):(\d\d))?/.exec(name) ?? [];
    if (hours === undefined || minutes === undefined) return 0;
    return (sign === '-' ? -1 : 1) * (Number(hours) * HOUR_MS + Number(minutes) * 60_000);
  }
}

/** Hours of the day, in a zone, during which a market is busy: from `fromHour` up to but not including `toHour`. */
export interface Session {
  readonly zone: string;
  readonly fromHour: number;
  readonly toHour: number;
  readonly weekdaysOnly: boolean;
}

/** The hours of one session, asked at one instant after another. */
export class SessionClock {
  readonly #session: Session;
  readonly #zone: ZoneOffset;

  constructor(session: Session) {
    this.#session = session;
    this.#zone = new ZoneOffset(session.zone);
  }

  isOpen(time: UtcMs): boolean {
    const { fromHour, toHour, weekdaysOnly } = this.#session;
    const local = time + this.#zone.at(time);
    const hour = (local % DAY_MS) / HOUR_MS;
    return hour >= fromHour && hour < toHour && !(weekdaysOnly && isWeekend(local));
  }
}

/** Day of the week, Monday = 0. */
export function dayOfWeek(time: UtcMs): number {
  // 1 January 1970 was a Thursday.
  return (Math.floor(time / DAY_MS) + 3) % 7;
}

/** Saturday or Sunday. */
export function isWeekend(time: UtcMs): boolean {
  return dayOfWeek(time) >= 5;
}
