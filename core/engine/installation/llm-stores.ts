import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LlmCallStore, SpendingStore } from '../../domain/index.ts';
import {
  type Forgetting,
  openDatabase,
  RetriedLlmCallStore,
  RetriedSpendingStore,
  SqliteLlmCallStore,
  SqliteSpendingStore,
} from '../../storage/index.ts';
import { faultsOf, forgetterOf, type WaitingWrites, writesTo } from './stores.ts';

/** Every call of a language model and what was spent, shared by all modes and backtests of a data directory. */
export interface LlmStores {
  readonly calls: LlmCallStore;
  readonly spending: SpendingStore;
  close(): void;
}

const OWNER = 'llm';
/** Calls hold what the trader's models were told: nobody else's business. */
const OWNER_ONLY = 0o700;

/**
 * Stores that outlive the process. Closing tries once more what waits.
 *
 * @throws StorageError with one clear line.
 */
export function openLlmStores(
  directory: string,
  migrationsFolder?: string,
): LlmStores & WaitingWrites & { readonly forget: (what: Forgetting) => number } {
  mkdirSync(directory, { recursive: true, mode: OWNER_ONLY });
  const database = openDatabase({
    file: join(directory, `${OWNER}.sqlite`),
    owner: OWNER,
    ...(migrationsFolder === undefined ? {} : { migrationsFolder }),
  });
  const writes = writesTo(database);
  return {
    calls: new RetriedLlmCallStore(new SqliteLlmCallStore(database), writes),
    spending: new RetriedSpendingStore(new SqliteSpendingStore(database), writes),
    forget: forgetterOf(database),
    retry: () => writes.retry(),
    faults: () => faultsOf(writes),
    close() {
      writes.retry();
      database.close();
    },
  };
}
