import { TraderError } from '../domain/index.ts';

/** A moment as a table shows it, in UTC. */
export function minuteText(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}

/** A day given as a flag, in UTC milliseconds. @throws TraderError */
export function dayOf(text: string, flag: string): number {
  const time = Date.parse(text);
  // 2025-02-31 would be taken for a day in March.
  const isNoDay =
    /^\d{4}-\d{2}-\d{2}$/.test(text) &&
    !Number.isNaN(time) &&
    new Date(time).toISOString().slice(0, 10) !== text;
  if (Number.isNaN(time) || isNoDay)
    throw new TraderError('bad-input', `${flag} ${text}: give a date such as 2024-01-01`);
  return time;
}
