import type { TradeTotal } from '../../../core/contract/index.ts';

const DAY_MS = 86_400_000;
/** The epoch's first day was a Thursday; weeks begin on Monday. */
const weekdayOf = (day: number): number => (day + 3) % 7;

export interface CalendarDay {
  /** `2025-03-01`. */
  readonly date: string;
  /** Null of a day on which no trade ended. */
  readonly total: TradeTotal | null;
  /** How much was won, or below 0 lost, beside the largest day: -4 to 4. */
  readonly level: number;
}

/** Weeks shown: a year and what fills its first one. */
const WEEKS = 53;
const LEVELS = 4;

/** The last year of the days that are told, week by week from Monday to Sunday, up to the last of them. */
export function calendarOf(totals: readonly TradeTotal[]): readonly (readonly CalendarDay[])[] {
  const last = totals.at(-1);
  if (last === undefined) return [];
  const byDate = new Map(totals.map((total) => [total.key, total]));
  const end = dayOf(last.key);
  const first = Math.max(dayOf(totals[0]?.key ?? last.key), end - weekdayOf(end) - 7 * (WEEKS - 1));
  const monday = first - weekdayOf(first);
  const shown = [...byDate.values()].filter(({ key }) => dayOf(key) >= monday);
  const largest = Math.max(...shown.map(({ netPnl }) => Math.abs(Number(netPnl))));
  return Array.from({ length: Math.floor((end - monday) / 7) + 1 }, (_, week) =>
    Array.from({ length: 7 }, (_, weekday): CalendarDay => {
      const date = new Date((monday + 7 * week + weekday) * DAY_MS).toISOString().slice(0, 10);
      const total = byDate.get(date) ?? null;
      return { date, total, level: levelOf(Number(total?.netPnl ?? 0), largest) };
    }),
  );
}

function levelOf(net: number, largest: number): number {
  return net === 0 ? 0 : Math.sign(net) * Math.ceil((LEVELS * Math.abs(net)) / largest);
}

function dayOf(date: string): number {
  return Date.parse(date) / DAY_MS;
}
