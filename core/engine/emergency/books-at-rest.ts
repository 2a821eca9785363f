import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Mode } from '../../contract/index.ts';
import {
  type AssetAmount,
  absolute,
  add,
  type BaseAmount,
  type ClientOrderId,
  type Fill,
  flatPosition,
  type Instrument,
  negate,
  type OrderLedger,
  type Position,
  quoteAmount,
  SILENT_LOGGER,
  type StateStore,
  type UtcMs,
  ZERO_BASE,
} from '../../domain/index.ts';
import type { FillNotes, Holdings } from '../../execution/index.ts';
import { type OwnedRecord, readOwned } from '../../safety/index.ts';
import {
  copyOfBooks,
  MemoryOrderLedger,
  MemoryStateStore,
  SqliteOrderLedger,
  SqliteStateStore,
} from '../../storage/index.ts';
import { type FoldedBooks, foldBooks } from '../assembly/folded-books.ts';
import { Instruments } from '../assembly/instruments.ts';
import { accountQuote } from '../assembly/open-account.ts';

/** What is held of ours, and changes with what fills. */
export interface HeldThings extends Holdings {
  /** Everything that is ours to close, by symbol, signed. */
  owned(): ReadonlyMap<string, BaseAmount>;
  apply(fill: Fill): void;
}

/** What an account's books say, for a process that is not the one that writes them. */
export interface BooksAtRest {
  readonly ledger: OrderLedger;
  readonly state: StateStore;
  /** What is to be known of the ledger's fills; undefined: it has few. */
  readonly recorded?: FillNotes;
  /** From when on the venue is to be asked for what these do not have; undefined: the ledger says it. */
  readonly fillsFrom?: UtcMs;
  /** Symbols of which something is held or working. */
  readonly symbols: readonly string[];
  /** Everything that is ours to close, by symbol, as the books have it. */
  readonly held: ReadonlyMap<string, BaseAmount>;
  /** What is held; to be asked for when the venue can tell of its markets. */
  readonly holdings: (instruments: (symbol: string) => Instrument | undefined) => HeldThings;
  /** Why what is ours is not known as well as it could be; null: it is known. */
  readonly fault: string | null;
  close(): void;
}

export interface BooksPlace {
  readonly directory: string;
  readonly mode: Mode;
  readonly migrationsFolder?: string | undefined;
}

/** Whether a mode has ever had an account in a directory. */
export function hasBooks({ directory, mode }: BooksPlace): boolean {
  return existsSync(join(directory, `${mode}.sqlite`)) || readOwned(directory, mode).ok;
}

/** Whether a mode has other accounts there: on paper each venue after the first has books of its own. */
export function hasOtherBooks({ directory, mode }: BooksPlace): boolean {
  const isOther = (name: string): boolean =>
    name.startsWith(`${mode}-`) && name.endsWith('.sqlite') && !name.endsWith('-history.sqlite');
  return readdirSync(directory).some(isOther);
}

/**
 * What is ours, from the best witness that can be read: the ledger, also while the program that hangs holds it; else, or
 * where that was set back, the small file beside the latch; else nothing but the ids of our orders, by which those are
 * found at the venue. Never throws.
 */
export function booksAtRest(place: BooksPlace): BooksAtRest {
  const file = join(place.directory, `${place.mode}.sqlite`);
  const reading = readOwned(place.directory, place.mode);
  let why: string;
  try {
    const books = fromLedger(place);
    if (!reading.ok || !isSetBack(books, reading.record)) return books;
    books.close();
    why = `${file} is older than what was written last beside it`;
  } catch (error) {
    why = `${file} cannot be read (${String(error)})`;
  }
  if (!reading.ok) return fromIds(`${why}, and ${reading.fault}: only orders are found, by their ids`);
  const { owned, at } = reading.record;
  const fault = `${why}: what is ours is as the file beside it has it`;
  // What was closed since then, also by another kill, is not ours any more.
  return { ...fromOwned(owned, at, fault), fillsFrom: at };
}

/**
 * Whether a ledger does not have what the program owned later than its last fill: a copy was put in its place, or its
 * write-ahead log is gone. By it a position would be found "flat", and its stop taken back.
 */
function isSetBack({ ledger, held }: BooksAtRest, { owned, at }: OwnedRecord): boolean {
  const lacking = [...owned].filter(([symbol, amount]) => {
    const has = held.get(symbol) ?? ZERO_BASE;
    return absolute(amount).gt(absolute(has)) || amount.isPositive() !== has.isPositive();
  });
  if (lacking.length === 0) return false;
  const symbols = new Set(lacking.map(([symbol]) => symbol));
  return [...ledger.fills()].every(({ symbol, time }) => !symbols.has(symbol) || time < at);
}

function fromLedger({ directory, mode, migrationsFolder }: BooksPlace): BooksAtRest {
  const database = copyOfBooks({
    file: join(directory, `${mode}.sqlite`),
    owner: mode,
    ...(migrationsFolder === undefined ? {} : { migrationsFolder }),
  });
  const ledger = new SqliteOrderLedger(database);
  const state = new SqliteStateStore(database);
  const working = ledger.unfinishedOrders().map(({ symbol }) => symbol);
  const [traded] = ledger.fills();
  const first = traded?.symbol ?? working[0];
  // Books without a fill are of no currency yet.
  const quote = first === undefined ? '' : accountQuote([first]);
  const fold = (instruments: (symbol: string) => Instrument | undefined): FoldedBooks =>
    foldBooks({ ledger, state, quote, instruments, log: SILENT_LOGGER });
  // In the lots by which the program itself counted.
  const known = new Instruments({ instrument: () => undefined }, state, [], SILENT_LOGGER);
  const { portfolio, fillNotes } = fold((symbol) => known.of(symbol));
  const held = portfolio.owned();
  return {
    ledger,
    state,
    recorded: fillNotes,
    symbols: [...new Set([...held.keys(), ...working])],
    held,
    holdings: (instruments) => fold(instruments).portfolio,
    fault: null,
    close: () => database.close(),
  };
}

function fromOwned(owned: ReadonlyMap<string, BaseAmount>, at: UtcMs, fault: string): BooksAtRest {
  const ledger = new MemoryOrderLedger();
  const isSent = (id: ClientOrderId | null): boolean => {
    const order = id === null ? undefined : ledger.order(id);
    return order !== undefined && order.createdAt >= at;
  };
  // Whatever the clock was by which the file was written: a close that is not counted is followed by another.
  const isNewer = ({ time, clientOrderId, purpose }: Fill): boolean =>
    time > at || purpose === 'emergency' || isSent(clientOrderId);
  return {
    ledger,
    state: new MemoryStateStore(),
    symbols: [...owned.keys()],
    held: owned,
    holdings: () => new OwnedThings(owned, isNewer),
    fault,
    close: () => undefined,
  };
}

function fromIds(fault: string): BooksAtRest {
  return fromOwned(new Map(), 0, fault);
}

/** What it cost is not known: enough for no remainder to be given up as too cheap for the venue. */
const COST_OF_A_COIN = 1e12;

/** What the file beside the latch says, less what has been closed since. */
class OwnedThings implements HeldThings {
  readonly #owned: Map<string, BaseAmount>;
  readonly #isNewer: (fill: Fill) => boolean;

  /** @param isNewer whether a fill is not in what the file says. */
  constructor(owned: ReadonlyMap<string, BaseAmount>, isNewer: (fill: Fill) => boolean) {
    this.#owned = new Map(owned);
    this.#isNewer = isNewer;
  }

  owned(): ReadonlyMap<string, BaseAmount> {
    return new Map([...this.#owned].filter(([, quantity]) => !quantity.isZero()));
  }

  position(symbol: string): Position {
    const flat = flatPosition(symbol);
    const quantity = this.#owned.get(symbol) ?? flat.quantity;
    return { ...flat, quantity, cost: quoteAmount(quantity.times(COST_OF_A_COIN).toFixed()) };
  }

  positions(): readonly Position[] {
    return [...this.owned().keys()].map((symbol) => this.position(symbol));
  }

  /** Nothing is compared with the venue by these. */
  assets(): ReadonlyMap<string, AssetAmount> {
    return new Map();
  }

  apply(fill: Fill): void {
    const { symbol, side, amount, purpose } = fill;
    // What others traded is not ours.
    if (purpose === 'external' || !this.#isNewer(fill)) return;
    const before = this.position(symbol).quantity;
    this.#owned.set(symbol, add(before, side === 'buy' ? amount : negate(amount)));
  }
}
