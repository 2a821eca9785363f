import { llmCallStoreContract, spendingStoreContract } from '../../../tests/contracts/llm-store-contract.ts';
import {
  MemoryLlmCallStore,
  MemorySpendingStore,
  SqliteLlmCallStore,
  SqliteSpendingStore,
} from '../index.ts';
import { storeOverRestarts } from '../testing/temporary-databases.ts';

llmCallStoreContract('calls in memory', () => new MemoryLlmCallStore());
spendingStoreContract('spending in memory', () => new MemorySpendingStore());

const calls = storeOverRestarts((database) => new SqliteLlmCallStore(database));
llmCallStoreContract('calls in SQLite', calls.make, calls.reopen);

const spending = storeOverRestarts((database) => new SqliteSpendingStore(database));
spendingStoreContract('spending in SQLite', spending.make, spending.reopen);
