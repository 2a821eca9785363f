import { BadInput } from './failure.ts';

/** A day given as a flag, in UTC milliseconds. @throws BadInput */
export function dayOf(text: string, flag: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new BadInput(`${flag} ${text}: give a date such as 2024-01-01`);
  return time;
}
