import { join } from 'node:path';
import type { Settings } from '../contract/index.ts';
import type {
  DecisionStore,
  EquityStore,
  HistoryStore,
  OrderLedger,
  SimulatedVenueStore,
  StateStore,
} from '../domain/index.ts';
import {
  openDatabase,
  SqliteDecisionStore,
  SqliteEquityStore,
  SqliteHistoryStore,
  SqliteOrderLedger,
  SqliteStateStore,
  SqliteVenueStore,
} from '../storage/index.ts';

/** Everything one mode keeps. */
export interface Stores {
  readonly ledger: OrderLedger;
  readonly history: HistoryStore;
  readonly decisions: DecisionStore;
  readonly state: StateStore;
  readonly equity: EquityStore;
  readonly venue: SimulatedVenueStore;
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
  const history = mode === 'demo' ? database : open('history');
  return {
    ledger: new SqliteOrderLedger(database),
    history: new SqliteHistoryStore(history),
    decisions: new SqliteDecisionStore(database),
    state: new SqliteStateStore(database),
    equity: new SqliteEquityStore(database),
    venue: new SqliteVenueStore(database),
    close() {
      database.close();
      if (history !== database) history.close();
    },
  };
}
