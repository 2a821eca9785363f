import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { UtcMs } from '../../domain/index.ts';
import { writeWhole } from '../../platform/index.ts';

/** When the keychain, which does not tell, was given each secret: names and dates, never values. */
const DATES_FILE = 'secret-dates.json';
const DatesSchema = z.record(z.string(), z.number().int());

/** Empty where nothing was noted, or what was cannot be read: an age is then not known. */
export function notedDates(directory: string): ReadonlyMap<string, UtcMs> {
  try {
    return new Map(
      Object.entries(DatesSchema.parse(JSON.parse(readFileSync(join(directory, DATES_FILE), 'utf8')))),
    );
  } catch {
    return new Map();
  }
}

/** Notes that a secret is kept from now on. The secret is kept whether or not that can be noted. */
export function noteKept(directory: string, name: string, now: UtcMs): void {
  const dates = Object.fromEntries(new Map(notedDates(directory)).set(name, now));
  try {
    writeWhole(join(directory, DATES_FILE), `${JSON.stringify(dates)}\n`);
  } catch {
    // Such as in a data directory that does not exist yet.
  }
}
