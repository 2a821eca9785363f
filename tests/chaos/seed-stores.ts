import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  MemoryDecisionStore,
  MemoryOrderLedger,
  MemoryStateStore,
  openDatabase,
  SqliteDecisionStore,
  SqliteEquityStore,
  SqliteOrderLedger,
  SqliteStateStore,
} from '../../core/storage/index.ts';
import { MemoryEquityStore } from '../contracts/memory-equity-store.ts';
import type { DurableStores } from './durable-stores.ts';
import type { Scenario } from './scenario.ts';

/** What stays on a seed's disk while its processes come and go. */
export interface SeedDisk {
  /** Where the latch file lives. */
  readonly directory: string;
  readonly stores: DurableStores;
  close(): void;
}

/** A disk in memory where the system has one: a run is to test order, not the patience of a real disk. */
const SHARED_MEMORY = '/dev/shm';

export function openSeedDisk({ durable }: Pick<Scenario, 'durable'>): SeedDisk {
  const directory = mkdtempSync(
    join(existsSync(SHARED_MEMORY) ? SHARED_MEMORY : tmpdir(), 'tradebot-chaos-'),
  );
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  if (durable === 'memory') {
    const stores = {
      ledger: new MemoryOrderLedger(),
      decisions: new MemoryDecisionStore(),
      state: new MemoryStateStore(),
      equity: new MemoryEquityStore(),
    };
    return { directory, stores, close: remove };
  }
  const database = openDatabase({ file: join(directory, 'sandbox.sqlite'), owner: 'sandbox' });
  const stores = {
    ledger: new SqliteOrderLedger(database),
    decisions: new SqliteDecisionStore(database),
    state: new SqliteStateStore(database),
    equity: new SqliteEquityStore(database),
  };
  return {
    directory,
    stores,
    close: () => {
      database.close();
      remove();
    },
  };
}
