import { join } from 'node:path';
import type { Settings } from '../../contract/index.ts';
import type {
  AlertStore,
  DecisionStore,
  EquityStore,
  HistoryStore,
  OrderLedger,
  PredictionStore,
  SimulatedVenueStore,
  StateStore,
} from '../../domain/index.ts';
import {
  openDatabase,
  SqliteAlertStore,
  SqliteDecisionStore,
  SqliteEquityStore,
  SqliteHistoryStore,
  SqliteOrderLedger,
  SqlitePredictionStore,
  SqliteStateStore,
  SqliteVenueStore,
} from '../../storage/index.ts';

/** Everything one mode keeps. */
export interface Stores {
  readonly ledger: OrderLedger;
  readonly history: HistoryStore;
  readonly decisions: DecisionStore;
  readonly state: StateStore;
  readonly equity: EquityStore;
  readonly venue: SimulatedVenueStore;
  readonly alerts: AlertStore;
  readonly predictions: PredictionStore;
  close(): void;
}

/**
 * Opens the databases of a mode: one file a mode, so that paper never meets live, and one for real market history,
 * which the demo, whose market is made up, does not touch.
 *
 * @throws StorageError with one clear line.
 */
export function openStores(directory: string, mode: Settings['mode'], migrationsFolder?: string): Stores {
  const open = (owner: string) =>
    openDatabase({
      file: join(directory, `${owner}.sqlite`),
      owner,
      ...(migrationsFolder === undefined ? {} : { migrationsFolder }),
    });
  const database = open(mode);
  let history = database;
  try {
    if (mode !== 'demo') history = open('history');
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    ledger: new SqliteOrderLedger(database),
    history: new SqliteHistoryStore(history),
    decisions: new SqliteDecisionStore(database),
    state: new SqliteStateStore(database),
    equity: new SqliteEquityStore(database),
    venue: new SqliteVenueStore(database),
    alerts: new SqliteAlertStore(database),
    predictions: new SqlitePredictionStore(database),
    close() {
      database.close();
      if (history !== database) history.close();
    },
  };
}
