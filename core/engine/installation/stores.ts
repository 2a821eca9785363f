import { basename, join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { Settings } from '../../contract/index.ts';
import type {
  AlertStore,
  DecisionStore,
  DeliveryStore,
  EquityStore,
  ExcursionStore,
  HindsightStore,
  HistoryStore,
  OrderLedger,
  PredictionStore,
  SimulatedVenueStore,
  StateStore,
} from '../../domain/index.ts';
import {
  type Forgetting,
  hiccupOf,
  openDatabase,
  RetriedAlertStore,
  RetriedDecisionStore,
  RetriedDeliveryStore,
  RetriedEquityStore,
  RetriedExcursionStore,
  RetriedHindsightStore,
  RetriedHistoryStore,
  RetriedPredictionStore,
  RetriedStateStore,
  RetriedVenueStore,
  RetriedWrites,
  type RetriedWritesOptions,
  SqliteAlertStore,
  SqliteDecisionStore,
  SqliteDeliveryStore,
  SqliteEquityStore,
  SqliteExcursionStore,
  SqliteExposureQueries,
  SqliteHindsightStore,
  SqliteHistoryStore,
  SqliteOrderLedger,
  SqliteOutbox,
  SqlitePredictionStore,
  SqliteRetention,
  SqliteStateStore,
  type SqliteTradeHistory,
  SqliteTradeImports,
  SqliteTradeNotes,
  SqliteTradeQueries,
  SqliteVenueStore,
} from '../../storage/index.ts';
import type { StoreNames } from './store-names.ts';

/** So long a decision or a point of the curve may be in memory only: a crash then decides on the bar again. */
const MOMENT_MS = 50;

/** Writes that may have to wait, seen from outside. */
export interface WaitingWrites {
  /** Tries again what could not be written. To be called every second or so while the engine runs. Never throws. */
  retry(): void;
  /** What of the stores cannot be written or read at present, a line for each; empty when all is well. */
  faults(): readonly string[];
}

/** Everything one mode keeps. Of the stores only the ledger tells its writer that it failed: see `faults`. */
export interface Stores extends WaitingWrites {
  readonly ledger: OrderLedger;
  readonly history: HistoryStore;
  readonly decisions: DecisionStore;
  readonly state: StateStore;
  readonly equity: EquityStore;
  /** What prices trades saw while they were open. */
  readonly excursions: ExcursionStore;
  readonly venue: SimulatedVenueStore;
  readonly alerts: AlertStore;
  /** What became of the messages about them. */
  readonly deliveries: DeliveryStore;
  readonly predictions: PredictionStore;
  /** Entries that were wanted, and what each came to. */
  readonly hindsight: HindsightStore;
  /** What a server that mirrors the books has not been told. */
  readonly outbox: SqliteOutbox;
  /** The same of the bars that were seen, where they have a database of their own; null: they are in the account's. */
  readonly historyOutbox: SqliteOutbox | null;
  /** Follows the ledger by itself. */
  readonly trades: SqliteTradeHistory;
  readonly tradeQueries: SqliteTradeQueries;
  readonly exposure: SqliteExposureQueries;
  /** Trades that were made elsewhere. */
  readonly tradeImports: SqliteTradeImports;
  /** What the trader writes to trades. */
  readonly tradeNotes: SqliteTradeNotes;
  /**
   * What is written to decisions, state, equity, alerts and predictions meanwhile is written in one transaction: a
   * crash leaves all of it or nothing. The ledger and the venue write for themselves.
   */
  together(writes: () => void): void;
  /** A write to the account's database that may be lost with a crash: it goes along with another one. */
  whenever(run: () => void): void;
  /** Forgets a little of what is old. @returns rows; 0 as well while the database cannot be written. */
  forget(what: Forgetting): number;
  /** The same to the database of the bars. */
  wheneverToHistory(run: () => void): void;
  /** Why something of the account, but for the simulated venue's own, is in memory only; null: it is written. */
  unwritten(): string | null;
  /** Tries once more what waits, then gives the files back. */
  close(): void;
}

/**
 * Opens the databases of a mode: one file a mode, so that paper never meets live, and one for real market history,
 * which the demo, whose market is made up, does not touch.
 *
 * @param names of the files, where they are not the mode's usual ones: see `storeNames`.
 * @throws StorageError with one clear line.
 */
export function openStores(
  directory: string,
  mode: Settings['mode'],
  migrationsFolder?: string,
  names: StoreNames = { account: mode, history: 'history' },
): Stores {
  const open = (owner: string, rebuildable = false) =>
    openDatabase({
      file: join(directory, `${owner}.sqlite`),
      ...{ owner, rebuildable },
      ...(migrationsFolder === undefined ? {} : { migrationsFolder }),
    });
  const database = open(names.account);
  const books = accountStores(database);
  if (mode === 'demo') {
    return {
      ...books,
      history: new RetriedHistoryStore(new SqliteHistoryStore(database), books.writes),
      historyOutbox: null,
      wheneverToHistory: books.whenever,
    };
  }
  try {
    const market = marketStores(open(names.history, true));
    return {
      ...books,
      history: market.history,
      historyOutbox: market.outbox,
      wheneverToHistory: market.whenever,
      retry() {
        books.retry();
        market.retry();
      },
      faults: () => [...books.faults(), ...market.faults()],
      close() {
        books.close();
        market.close();
      },
    };
  } catch (error) {
    books.close();
    throw error;
  }
}

/** What belongs to one account, in its own database. */
export type AccountStores = Omit<Stores, 'history' | 'historyOutbox' | 'wheneverToHistory'>;

export function accountStores(database: Database): AccountStores & { readonly writes: RetriedWrites } {
  const writes = writesTo(database, '', (run) => void setTimeout(run, MOMENT_MS));
  const venueWrites = writesTo(database, 'the simulated venue’s part of ');
  const retry = (): void => {
    venueWrites.retry();
    writes.retry();
  };
  const ledger = new SqliteOrderLedger(database, writes);
  return {
    ledger,
    trades: ledger.trades,
    tradeQueries: new SqliteTradeQueries(database),
    exposure: new SqliteExposureQueries(database),
    tradeImports: new SqliteTradeImports(database),
    tradeNotes: new SqliteTradeNotes(database),
    outbox: new SqliteOutbox(database),
    whenever: (run) => writes.write({ expendable: true, mayWait: true, run }),
    forget: forgetterOf(database),
    decisions: new RetriedDecisionStore(new SqliteDecisionStore(database), writes),
    state: new RetriedStateStore(new SqliteStateStore(database), writes),
    equity: new RetriedEquityStore(new SqliteEquityStore(database), writes),
    excursions: new RetriedExcursionStore(new SqliteExcursionStore(database), writes),
    alerts: new RetriedAlertStore(new SqliteAlertStore(database), writes),
    deliveries: new RetriedDeliveryStore(new SqliteDeliveryStore(database), writes),
    predictions: new RetriedPredictionStore(new SqlitePredictionStore(database), writes),
    hindsight: new RetriedHindsightStore(new SqliteHindsightStore(database), writes),
    venue: new RetriedVenueStore(new SqliteVenueStore(database), venueWrites),
    writes,
    together: (run) => writes.together(run),
    unwritten: () => (writes.pending > 0 ? writes.fault : null),
    retry,
    faults: () => [
      ...faultsOf(writes, venueWrites),
      ...(ledger.trades.fault === null ? [] : [ledger.trades.fault]),
    ],
    close() {
      retry();
      database.close();
    },
  };
}

/** A step waits for nobody, and what could not be forgotten is found by the next one. */
export function forgetterOf(database: Database): (what: Forgetting) => number {
  const retention = new SqliteRetention(database);
  const step = database.transaction((what: Forgetting) => retention.step(what));
  return (what) => {
    try {
      return step(what);
    } catch (error) {
      if (hiccupOf(error) === undefined) throw error;
      return 0;
    }
  };
}

function marketStores(
  database: Database,
): WaitingWrites & Pick<Stores, 'history' | 'close' | 'outbox' | 'whenever'> {
  const writes = writesTo(database);
  return {
    outbox: new SqliteOutbox(database),
    whenever: (run) => writes.write({ expendable: true, run }),
    history: new RetriedHistoryStore(new SqliteHistoryStore(database), writes),
    retry: () => writes.retry(),
    faults: () => faultsOf(writes),
    close() {
      writes.retry();
      database.close();
    },
  };
}

/**
 * Writes to a database that wait when they must.
 *
 * @param later calls back when those that may wait have waited long enough.
 */
export function writesTo(
  database: Database,
  part = '',
  later?: RetriedWritesOptions['later'],
): RetriedWrites {
  const transaction = database.transaction((writes: () => void) => writes());
  return new RetriedWrites({
    name: `${part}${basename(database.name)}`,
    transact: (writes) => transaction.immediate(writes),
    ...(later === undefined ? {} : { later }),
  });
}

export function faultsOf(...writes: readonly RetriedWrites[]): readonly string[] {
  return writes.flatMap(({ fault }) => fault ?? []);
}
