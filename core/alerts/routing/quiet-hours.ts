import type { QuietHours } from '../../contract/index.ts';
import type { UtcMs } from '../../domain/index.ts';

/** Whether a moment lies in the quiet hours, which may go over midnight. They begin with `from` and end before `to`. */
export function isQuiet(hours: QuietHours | null, at: UtcMs): boolean {
  if (hours === null) return false;
  const now = timeOfDay(at, hours.timeZone);
  const { from, to } = hours;
  return from < to ? now >= from && now < to : now >= from || now < to;
}

/** "22:05" there and then. */
function timeOfDay(at: UtcMs, timeZone: string | null): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(timeZone === null ? {} : { timeZone }),
  });
  return format.format(at);
}
