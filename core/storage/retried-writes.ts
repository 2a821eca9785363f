import { hiccupOf } from './sqlite/hiccup.ts';

/** One change to a store. */
export interface Write {
  readonly run: () => void;
  /** Whether it may be given up for others when too much waits. */
  readonly expendable: boolean;
  /** A later write of the same key says all that this one says: only the later one need wait. */
  readonly key?: string;
  /** It may wait for the next write, and without one for a moment. Default: it is written at once. */
  readonly mayWait?: boolean;
  /** Told when it has to wait: what it will write must not change any more. */
  readonly onWait?: () => void;
  /** Told when it waits no longer: written, given up or refused. Not when a later one of its key took its place. */
  readonly onEnd?: () => void;
}

/** Writes that are written together or not at all. */
type Unit = readonly Write[];

export interface RetriedWritesOptions {
  /** Names what is written to, for the trader: a file's name. */
  readonly name: string;
  /** Runs writes in one transaction: all of them or none. May be called inside itself. */
  readonly transact: (writes: () => void) => void;
  /**
   * Calls back a moment later: what may wait is then written in one transaction. Not at the end of the turn: an order's
   * request leaves only then, and would wait for the disk. Default: nothing waits that can be written.
   */
  readonly later?: (run: () => void) => void;
  /** Writes kept at most; default 5,000, which is some ten megabytes. Those with a key are kept beyond it. */
  readonly limit?: number;
}

const LIMIT = 5_000;
/** Written in one transaction by a retry: one wait for the disk, and the event loop goes on within milliseconds. */
const BATCH = 1_000;
/** Without anybody's timer a retry follows every so many writes that had to wait. */
const RETRY_AFTER = 32;

/**
 * Writes to a database that may fail for a while: locked by another process, disk full, closed. What cannot be
 * written is kept in its order and tried again, and what follows it waits behind it, so that the database never holds
 * a later thing without the earlier one. A write that the database refuses for what it says would fail for ever: it is
 * given up and shown. Whoever writes here has positions to look after, and is never thrown at.
 *
 * Of more than `limit` waiting writes the oldest expendable one goes first, else the oldest.
 */
export class RetriedWrites {
  readonly #name: string;
  readonly #transact: (writes: () => void) => void;
  readonly #limit: number;
  readonly #later: RetriedWritesOptions['later'];
  /** What may wait for the next write, or for a moment. */
  #held: Unit[] = [];
  #waiting: Unit[] = [];
  #group: Write[] | null = null;
  #pending = 0;
  #lost = 0;
  /** Why nothing is written, or nothing read, at present. */
  #reason = '';
  #readFault: string | null = null;
  /** What the database last refused for what it said. */
  #refusal: string | null = null;
  #sinceRetry = 0;

  constructor({ name, transact, limit = LIMIT, later }: RetriedWritesOptions) {
    this.#later = later;
    this.#name = name;
    this.#transact = transact;
    this.#limit = limit;
  }

  /** Writes now, or as soon as it can be. Never throws. */
  write(write: Write): void {
    if (this.#group !== null) this.#group.push(write);
    else this.#take([write]);
  }

  /**
   * Whatever is written meanwhile is written in one transaction: all of it or nothing, now or later.
   * @throws what `writes` throws; then nothing is written.
   */
  together(writes: () => void): void {
    if (this.#group !== null) {
      writes();
      return;
    }
    const group: Write[] = [];
    this.#group = group;
    try {
      writes();
    } finally {
      this.#group = null;
    }
    if (group.length > 0) this.#take(group);
  }

  /** Lets what is held go along with somebody else's write to the same database. */
  carry<T>(write: (carry: () => void) => T): T {
    const units = this.#held;
    // Not before what waits already.
    if (units.length === 0 || this.#pending > 0) return write(() => undefined);
    this.#held = [];
    let refused: readonly Unit[] = [];
    let failedAlong = false;
    try {
      const result = write(() => {
        failedAlong = true;
        refused = units.filter((unit) => !this.#isTaken(unit));
        failedAlong = false;
      });
      this.#done(units, refused);
      return result;
    } catch (error) {
      if (!failedAlong) {
        this.#held = [...units, ...this.#held];
        throw error;
      }
      // Nobody's write fails because of what came along with it.
      for (const unit of units) this.#wait(unit);
      this.#reason = String(hiccupOf(error));
      return write(() => undefined);
    }
  }

  /** Writes what is held. Never throws. */
  flush(): void {
    const units = this.#held;
    this.#held = [];
    if (units.length === 0) return;
    if (this.#pending > 0 || !this.#areWritten(units)) for (const unit of units) this.#wait(unit);
  }

  /** Reads; where the database cannot be read now, what is known without it. @throws when the call itself is wrong. */
  read<T>(read: () => T, otherwise: T): T {
    try {
      const found = read();
      this.#readFault = null;
      return found;
    } catch (error) {
      const reason = hiccupOf(error);
      if (reason === undefined) throw error;
      this.#readFault = reason;
      return otherwise;
    }
  }

  /** Tries what waits once more, some of it. Never throws. */
  retry(): void {
    this.#sinceRetry = 0;
    this.flush();
    const batch = this.#waiting.slice(0, BATCH);
    if (batch.length === 0 || !this.#areWritten(batch)) return;
    this.#waiting = this.#waiting.slice(batch.length);
    this.#pending -= countOf(batch);
  }

  /** Writes that wait. */
  get pending(): number {
    return this.#pending;
  }

  /** Writes that were given up since the start: too many waited, or the database refused them. */
  get lost(): number {
    return this.#lost;
  }

  /** What is the matter, in one line for the trader; null while everything is written and read. */
  get fault(): string | null {
    const lost = this.#lost === 0 ? '' : `, given up: ${this.#lost}`;
    if (this.#pending > 0) {
      return `${this.#name} cannot be written, ${this.#reason}: changes kept in memory and tried again: ${this.#pending}${lost}`;
    }
    if (this.#readFault !== null) return `${this.#name} cannot be read, ${this.#readFault}`;
    return this.#refusal === null ? null : `${this.#name} refused a write, ${this.#refusal}${lost}`;
  }

  #take(unit: Unit): void {
    if (this.#later !== undefined && unit.every(({ mayWait }) => mayWait)) this.#hold(unit);
    else this.#commit(unit);
  }

  #hold(unit: Unit): void {
    for (const write of unit) write.onWait?.();
    if (this.#held.length === 0) this.#later?.(() => this.flush());
    this.#held.push(unit);
  }

  #commit(unit: Unit): void {
    this.flush();
    if (this.#pending > 0 || !this.#isSettled(unit)) this.#wait(unit);
    else end(unit);
  }

  /** Whether a unit is done with: written, or refused for good. */
  #isSettled(unit: Unit): boolean {
    try {
      if (!this.#isTaken(unit)) this.#lost += unit.length;
      return true;
    } catch (error) {
      this.#reason = String(hiccupOf(error));
      return false;
    }
  }

  /** Whether units are done with, in one transaction. */
  #areWritten(units: readonly Unit[]): boolean {
    let refused: readonly Unit[] = [];
    try {
      this.#transact(() => {
        refused = units.filter((unit) => !this.#isTaken(unit));
      });
    } catch (error) {
      this.#reason = hiccupOf(error) ?? String(error);
      return false;
    }
    this.#done(units, refused);
    return true;
  }

  #done(units: readonly Unit[], refused: readonly Unit[]): void {
    this.#lost += countOf(refused);
    end(units.flat());
  }

  /** Whether the database takes a unit; a refused one leaves nothing behind. @throws when it takes nothing now. */
  #isTaken(unit: Unit): boolean {
    try {
      this.#transact(() => {
        for (const write of unit) write.run();
      });
      return true;
    } catch (error) {
      if (hiccupOf(error) !== undefined) throw error;
      this.#refusal = String(error);
      return false;
    }
  }

  #wait(unit: Unit): void {
    const keys = new Set(unit.flatMap(({ key }) => key ?? []));
    if (keys.size > 0) this.#forgetOutdated(keys);
    for (const write of unit) write.onWait?.();
    this.#waiting.push(unit);
    this.#pending += unit.length;
    while (this.#pending > this.#limit && this.#giveOneUp());
    this.#sinceRetry += 1;
    if (this.#sinceRetry >= RETRY_AFTER) this.retry();
  }

  /** Drops what stands alone and is said again by a later write. */
  #forgetOutdated(keys: ReadonlySet<string>): void {
    const isOutdated = ([write, another]: Unit): boolean =>
      another === undefined && write?.key !== undefined && keys.has(write.key);
    this.#waiting = this.#waiting.filter((unit) => !isOutdated(unit));
    this.#pending = countOf(this.#waiting);
  }

  /** False when only writes with a key are left, which are no more than there are names. */
  #giveOneUp(): boolean {
    const unimportant = this.#waiting.findIndex((unit) => unit.every(({ expendable }) => expendable));
    const place = unimportant >= 0 ? unimportant : this.#waiting.findIndex((unit) => !unit.every(isNamed));
    const given = this.#waiting[place];
    if (given === undefined) return false;
    const kept = given.filter(isNamed).filter(({ expendable }) => !expendable);
    const gone = given.filter((write) => !kept.includes(write));
    this.#waiting.splice(place, 1, ...kept.map((write) => [write]));
    this.#pending -= gone.length;
    this.#lost += gone.length;
    end(gone);
    return true;
  }
}

function end(writes: readonly Write[]): void {
  for (const write of writes) write.onEnd?.();
}

function isNamed({ key }: Write): boolean {
  return key !== undefined;
}

function countOf(units: readonly Unit[]): number {
  return units.reduce((count, unit) => count + unit.length, 0);
}
