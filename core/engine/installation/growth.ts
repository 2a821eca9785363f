import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';
import type { GrowthView } from '../../contract/index.ts';
import { StateDocument, type StateStore, TIMEFRAME_MS, type UtcMs } from '../../domain/index.ts';

const DAY_MS = TIMEFRAME_MS['1d'];
const HOUR_MS = TIMEFRAME_MS['1h'];
/** So far back the growth is measured. */
const MEASURED_MS = 7 * DAY_MS;
/** Files told one by one. */
const SHOWN = 20;

const PointsSchema = z.array(
  z.object({
    at: z.number(),
    bytes: z.number(),
    /** By name. None in the notes of an older version. */
    files: z.record(z.string(), z.number()).default({}),
  }),
);
type Points = z.infer<typeof PointsSchema>;

/** A file, and what it takes. */
type FileSize = Omit<GrowthView['files'][number], 'bytesPerDay'>;

/** What a data directory holds on the disk. A folder that cannot be read counts as empty. */
export function filesIn(directory: string): readonly FileSize[] {
  const files = entriesOf(directory).map((path) => ({
    name: relative(directory, path),
    bytes: statSync(path, { throwIfNoEntry: false })?.size ?? 0,
  }));
  return files.sort((one, other) => other.bytes - one.bytes || one.name.localeCompare(other.name));
}

/** Sizes of the past, one an hour at most, so that growth can be told, also by a program that does not run. */
export class Growth {
  readonly #directory: string;
  readonly #points: StateDocument<Points>;

  constructor(directory: string, state: StateStore) {
    this.#directory = directory;
    this.#points = new StateDocument<Points>(state, 'growth', {
      version: 1,
      initial: [],
      parse: (stored) => PointsSchema.safeParse(stored).data,
    });
  }

  /** Takes note of the size, where the last note is an hour old. */
  note(now: UtcMs): void {
    const points = this.#points.readOr(() => []);
    const last = points.at(-1);
    if (last !== undefined && now >= last.at && now - last.at < HOUR_MS) return;
    const files = filesIn(this.#directory);
    this.#points.write([
      ...points.filter(({ at }) => now - at <= MEASURED_MS && at <= now),
      { at: now, bytes: sumOf(files), files: sizesOf(files.slice(0, SHOWN)) },
    ]);
  }

  view(now: UtcMs): GrowthView {
    const files = filesIn(this.#directory);
    const bytes = sumOf(files);
    const [first] = this.#points.readOr(() => []);
    const ms = first === undefined ? 0 : now - first.at;
    const perDay = (present: number, then: number): number | null =>
      ms < HOUR_MS ? null : Math.round(((present - then) * DAY_MS) / ms);
    return {
      // One that was not there then, or was too small to be noted, has grown by all that it has.
      files: files.slice(0, SHOWN).map((file) => ({
        ...file,
        bytesPerDay: perDay(file.bytes, first?.files[file.name] ?? 0),
      })),
      bytes,
      bytesPerDay: perDay(bytes, first?.bytes ?? 0),
    };
  }
}

function sizesOf(files: readonly FileSize[]): Readonly<Record<string, number>> {
  return Object.fromEntries(files.map(({ name, bytes }) => [name, bytes]));
}

function sumOf(files: readonly FileSize[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}
