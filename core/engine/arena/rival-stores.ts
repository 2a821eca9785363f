import { join } from 'node:path';
import {
  openDatabase,
  SqliteDecisionStore,
  SqliteEquityStore,
  SqliteOrderLedger,
  SqliteStateStore,
  SqliteVenueStore,
} from '../../storage/index.ts';
import type { Stores } from '../installation/stores.ts';

export type RivalStores = Omit<Stores, 'history' | 'alerts' | 'predictions'>;

/** Opens a rival's own database: its paper ledger outlives a restart and meets nobody else's. @throws StorageError */
export function openRivalStores(directory: string, owner: string, migrationsFolder?: string): RivalStores {
  const database = openDatabase({
    file: join(directory, `${owner}.sqlite`),
    owner,
    ...(migrationsFolder === undefined ? {} : { migrationsFolder }),
  });
  return {
    ledger: new SqliteOrderLedger(database),
    decisions: new SqliteDecisionStore(database),
    state: new SqliteStateStore(database),
    equity: new SqliteEquityStore(database),
    venue: new SqliteVenueStore(database),
    close: () => database.close(),
  };
}
