const MINUTE_MS = 60_000;
/** Of the islands where the day begins. */
const FURTHEST_ZONE_MINUTES = 14 * 60;
const DAY = String.raw`(\d{4}|\d{2})[-/](\d{2})[-/](\d{2})`;
const CLOCK = String.raw`(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)`;
const DAY_FIRST = new RegExp(`^${DAY}[T ]${CLOCK}(Z|[+-]\\d{2}:?\\d{2})?$`);
const CLOCK_FIRST = new RegExp(`^${CLOCK} ${DAY}$`);

export interface WritingOfTimes {
  /** By how much its clock is before UTC where it does not say so itself. */
  readonly zoneMinutes: number;
  /** Whether 25-10-11 is the 11th of October 2025: elsewhere nobody knows what it is. */
  readonly hasShortYears: boolean;
}

/** The moment that a text tells, in UTC milliseconds; null: it tells none. Milliseconds, seconds, or a date and a time. */
export function writtenTime(given: string, writing: WritingOfTimes): number | null {
  if (/^\d{13}$/.test(given)) return Number(given);
  if (/^\d{10}(?:\.\d+)?$/.test(given)) return Math.floor(Number(given) * 1_000);
  const dayFirst = DAY_FIRST.exec(given);
  if (dayFirst !== null) {
    const [, year, month, day, clock, zone] = dayFirst;
    return momentOf([year, month, day], clock, zone, writing);
  }
  const [, clock, year, month, day] = CLOCK_FIRST.exec(given) ?? [];
  return clock === undefined ? null : momentOf([year, month, day], clock, undefined, writing);
}

/**
 * By how many minutes the clock of a text such as `Time(UTC+8)` is before UTC; null: it says nothing of it. A date behind the
 * word, as in the name `trades-UTC-2024-01-31.csv`, is no zone, nor is the utc in Dutch a word.
 */
export function writtenZone(given: string): number | null {
  // In names of files Binance writes a zone behind UTC with two signs.
  const [, sign, hours, minutes] =
    /UTC\s*([+-]{1,2})(\d{1,2})(?::?(00|15|30|45))?(?![\d:]|(?<=-\d{1,2})-\d)/i.exec(given) ?? [];
  const zone = Number(hours) * 60 + Number(minutes ?? 0);
  if (sign === undefined || zone > FURTHEST_ZONE_MINUTES) return /UTC(?![a-z])/i.test(given) ? 0 : null;
  return (sign.endsWith('-') ? -1 : 1) * zone;
}

function momentOf(
  [year = '', month, date]: readonly (string | undefined)[],
  clock: string | undefined,
  zone: string | undefined,
  { zoneMinutes, hasShortYears }: WritingOfTimes,
): number | null {
  if (year.length < 4 && !hasShortYears) return null;
  const day = `${year.padStart(4, '20')}-${month}-${date}`;
  // Of the 31st of February JavaScript makes the 2nd of March.
  if (!isDay(day)) return null;
  const time = Date.parse(`${day}T${clock}${zone ?? 'Z'}`);
  if (Number.isNaN(time)) return null;
  return zone === undefined ? time - zoneMinutes * MINUTE_MS : time;
}

function isDay(day: string): boolean {
  const time = Date.parse(`${day}T00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}
