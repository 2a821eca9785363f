import { createHash } from 'node:crypto';
import { closeSync, constants, existsSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { ShippedStrategySchema, STRATEGIES, StrategySchema } from '../../contract/index.ts';
import { TraderError, textOfBytes, withLineFeeds } from '../../domain/index.ts';
import {
  type OwnStrategy,
  readOwnStrategy,
  type Strategies,
  type Strategy,
  StrategyFault,
  strategyOf,
} from '../../strategies/index.ts';

const FOLDER = 'strategies';
const ENDING = '.ts';
/** Types for editors are no strategy. */
const TYPES_ENDING = '.d.ts';
const MOST_BYTES = 400_000;
const HOUR_MS = 3_600_000;
const STAND_IN_DAYS = 60;
const ONLY_GUARDED = 'positions are guarded, and nothing is bought until it is right';
const PUT_RIGHT = 'put it back or right, or choose another strategy (strategy.id)';

export function strategyFolder(directory: string): string {
  return join(directory, FOLDER);
}

export function strategyFile(directory: string, id: string): string {
  return join(strategyFolder(directory), `${id}${ENDING}`);
}

/** The trader's own strategies by name, also those that cannot be read. */
export function ownStrategyNames(directory: string): readonly string[] {
  const folder = strategyFolder(directory);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(ENDING) && !name.endsWith(TYPES_ENDING))
    .map((name) => name.slice(0, -ENDING.length))
    .sort();
}

/** Why a strategy is not to be had by a name; null: it is, or its file says itself why not. */
export function strategyNameFault(directory: string, id: string): string | null {
  if (ShippedStrategySchema.safeParse(id).success || existsSync(strategyFile(directory, id))) return null;
  const own = ownStrategyNames(directory);
  const known = [...STRATEGIES, ...own].join(', ');
  return `there is no strategy ${id}: choose one of ${known}, or make your own with "tradebot strategy new ${id}"`;
}

interface Loaded {
  readonly strategy: OwnStrategy;
  /** Of the file as it was last looked at, which may be a later one that cannot be used. */
  readonly seen: string;
  /** It stands in for a file that cannot be used: why, until that has been told. */
  readonly standsIn?: { readonly untold: string | null };
}

/** What the trader is to know of a strategy's file. */
export interface StrategyNews {
  readonly strategy: string;
  /** Whether the file as it is now is used. */
  readonly isUsed: boolean;
  readonly message: string;
}

/**
 * The strategies that come with the program, and the trader's own in the data directory. A file that is changed while the
 * program runs is read anew between two bars; one that cannot be used leaves the one before in its place.
 */
export class StrategyFolder implements Strategies {
  readonly #directory: string;
  readonly #goesOn: (id: string) => boolean;
  readonly #loaded = new Map<string, Loaded>();

  /**
   * @param goesOn whether a file that is not there or cannot be used is stood in for, since positions have to be guarded:
   * nothing is bought for it until it is right.
   */
  constructor(
    directory: string,
    { goesOn = () => false }: { readonly goesOn?: (id: string) => boolean } = {},
  ) {
    this.#directory = directory;
    this.#goesOn = goesOn;
  }

  /** @throws TraderError for one of the trader's own that is not there, or cannot be used. */
  of(id: string): Strategy {
    const shipped = ShippedStrategySchema.safeParse(id);
    if (shipped.success) return strategyOf(shipped.data);
    return (this.#loaded.get(id) ?? this.#load(id)).strategy;
  }

  /** Looks at the files of those in use. @returns what has changed since. Never throws. */
  look(): readonly StrategyNews[] {
    return [...this.#loaded].flatMap(([id, loaded]) => this.#lookAt(id, loaded));
  }

  #load(id: string): Loaded {
    const file = strategyFile(this.#directory, id);
    const isName = StrategySchema.safeParse(id).success;
    const unknown = isName ? strategyNameFault(this.#directory, id) : null;
    let seen = '';
    try {
      if (unknown !== null) throw new TraderError('bad-input', unknown);
      seen = readSource(file);
      const loaded = { strategy: ownOf(id, seen), seen };
      this.#loaded.set(id, loaded);
      return loaded;
    } catch (error) {
      if (!(error instanceof StrategyFault || error instanceof TraderError)) throw error;
      const told = error instanceof StrategyFault ? `${file}: ${error.message}` : error.message;
      if (!isName || !this.#goesOn(id)) throw new TraderError('bad-input', told);
      const why = unknown === null ? told : `${file} is not there`;
      const loaded = { strategy: standIn(id, { source: seen, why }), seen, standsIn: { untold: why } };
      this.#loaded.set(id, loaded);
      return loaded;
    }
  }

  #lookAt(id: string, { strategy, seen, standsIn }: Loaded): readonly StrategyNews[] {
    if (standsIn != null && standsIn.untold !== null) {
      this.#loaded.set(id, { strategy, seen, standsIn: { untold: null } });
      return [{ strategy: id, isUsed: false, message: `${standsIn.untold}: ${ONLY_GUARDED}` }];
    }
    const kept = standsIn === undefined ? {} : { standsIn };
    const goesOn = standsIn === undefined ? `the ${id} from before goes on deciding` : ONLY_GUARDED;
    let source: string;
    try {
      source = readSource(strategyFile(this.#directory, id));
    } catch (error) {
      source = '';
      if (seen === source) return [];
      this.#loaded.set(id, { strategy, seen: source, ...kept });
      return [{ strategy: id, isUsed: false, message: `${messageOf(error)}: ${goesOn}` }];
    }
    if (source === seen) return [];
    try {
      const next = ownOf(id, source);
      this.#loaded.set(id, { strategy: next, seen: source });
      if (next.version === strategy.version) return [];
      const span = 'its file has changed: what it says now decides from this bar on';
      return [{ strategy: id, isUsed: true, message: `${span} (${next.label})` }];
    } catch (error) {
      this.#loaded.set(id, { strategy, seen: source, ...kept });
      return [
        { strategy: id, isUsed: false, message: `its file cannot be used, ${messageOf(error)}: ${goesOn}` },
      ];
    }
  }
}

/** @throws StrategyFault for one that cannot be used. */
function ownOf(id: string, source: string): OwnStrategy {
  return { ...readOwnStrategy(id, source), version: versionOf(source) };
}

/** A strategy that fails whenever it is asked: what is held is led and guarded on, and nothing is bought. */
function standIn(
  id: string,
  { source, why }: { readonly source: string; readonly why: string },
): OwnStrategy {
  return {
    kind: 'proposing',
    id,
    version: versionOf(source),
    label: 'its file cannot be used',
    fault: `${why}: ${PUT_RIGHT}`,
    // As much as most look back on: it may be put right while the program runs.
    data: { timeframe: '1h', historyMs: STAND_IN_DAYS * 24 * HOUR_MS },
    limits: {},
    everyMs: HOUR_MS,
    when: 'every hour',
    propose() {
      throw new StrategyFault('not-understood', why);
    },
    longestAnswer: () => 0,
  };
}

/** The same whatever line ends an editor gives the file: what was shown by it goes on to count. */
function versionOf(source: string): string {
  return createHash('sha256').update(withLineFeeds(source)).digest('hex').slice(0, 16);
}

/** @throws TraderError for what is no file, or more than a strategy is. */
export function readSource(file: string): string {
  try {
    // What is no file, such as a pipe, must not keep anybody waiting.
    const handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { size, isFile } = sizeOf(handle);
      if (!isFile) throw new TraderError('bad-input', `${file} is no file`);
      if (size > MOST_BYTES) throw new TraderError('bad-input', `${file} is larger than a strategy can be`);
      const bytes = Buffer.alloc(size);
      return textOfBytes(bytes.subarray(0, readSync(handle, bytes, 0, size, 0)));
    } finally {
      closeSync(handle);
    }
  } catch (cause) {
    if (cause instanceof TraderError) throw cause;
    throw new TraderError('bad-input', `${file} cannot be read (${messageOf(cause)})`, { cause });
  }
}

function sizeOf(handle: number): { readonly size: number; readonly isFile: boolean } {
  const stat = fstatSync(handle);
  return { size: stat.size, isFile: stat.isFile() };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
