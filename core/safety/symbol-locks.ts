import { z } from 'zod';
import { type Clock, type Logger, StateDocument, type StateStore, utcText } from '../domain/index.ts';

const SymbolLockSchema = z.object({ symbol: z.string(), until: z.number(), reason: z.string() });
/** The trader's hand on a symbol: nothing is entered there until a moment. */
export type SymbolLock = Readonly<z.infer<typeof SymbolLockSchema>>;

export interface SymbolLocksOptions {
  readonly state: StateStore;
  /** The market's. */
  readonly clock: Clock;
  readonly log: Logger;
}

/** Symbols that the trader has locked, over restarts. Exits and stops never wait for a lock. */
export class SymbolLocks {
  readonly #document: StateDocument<readonly SymbolLock[]>;
  readonly #clock: Clock;
  readonly #log: Logger;
  /** One of a symbol at most; null where what was kept cannot be read. */
  #locks: readonly SymbolLock[] | null;

  constructor({ state, clock, log }: SymbolLocksOptions) {
    this.#clock = clock;
    this.#log = log;
    this.#document = new StateDocument<readonly SymbolLock[]>(state, 'symbol-locks', {
      version: 1,
      initial: [],
      parse: (stored) => z.array(SymbolLockSchema).safeParse(stored).data,
    });
    const reading = this.#document.read();
    this.#locks = reading.ok ? reading.value : null;
    if (!reading.ok) log.warn({ fault: reading.fault }, 'nothing is entered until a symbol is unlocked');
  }

  /** Those in force. */
  get all(): readonly SymbolLock[] {
    return this.#locks?.filter(({ until }) => until > this.#clock.now()) ?? [];
  }

  /** Why nothing may be entered in a symbol; null: it may be. Nobody knows which symbols a damaged document names. */
  refusal(symbol: string): string | null {
    if (this.#locks === null) {
      return 'which symbols you have locked cannot be read: nothing is entered until you lock or unlock one';
    }
    const lock = this.all.find((each) => each.symbol === symbol);
    return lock === undefined ? null : lockWords(lock);
  }

  /** The refusals of several symbols, each once. */
  refusals(symbols: readonly string[]): readonly string[] {
    return [...new Set(symbols.flatMap((symbol) => this.refusal(symbol) ?? []))];
  }

  /** Replaces the symbol's lock. @throws what the store throws; then nothing has changed. */
  lock(lock: SymbolLock): void {
    this.#keep([...this.all.filter(({ symbol }) => symbol !== lock.symbol), lock]);
    this.#log.info({ ...lock }, 'locked by the trader');
  }

  /** @returns whether it was locked. @throws what the store throws; then nothing has changed. */
  unlock(symbol: string): boolean {
    const isLocked = this.refusal(symbol) !== null;
    this.#keep(this.all.filter((each) => each.symbol !== symbol));
    if (isLocked) this.#log.info({ symbol }, 'unlocked by the trader');
    return isLocked;
  }

  #keep(locks: readonly SymbolLock[]): void {
    this.#document.write(locks);
    this.#locks = locks;
  }
}

/** A lock as the trader reads it. */
function lockWords({ symbol, until, reason }: SymbolLock): string {
  return `${symbol} is locked by the trader until ${utcText(until)}: ${reason}`;
}
