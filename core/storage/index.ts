/** Step 9 of the loop: what outlives the process. */
export { type DataDirectory, isHeld, LAYOUT_FILE, openDataDirectory, takeTurn } from './data-directory.ts';
export { MemoryLlmCallStore, MemorySpendingStore } from './memory/memory-llm-store.ts';
export { MemoryOrderLedger } from './memory/memory-order-ledger.ts';
export {
  MemoryDecisionStore,
  MemoryHindsightStore,
  MemoryHistoryStore,
  MemoryStateStore,
} from './memory/memory-stores.ts';
export { requireDatabase } from './native-part.ts';
export { RetriedLlmCallStore, RetriedSpendingStore } from './retried-llm-stores.ts';
export {
  RetriedAlertStore,
  RetriedDecisionStore,
  RetriedDeliveryStore,
  RetriedEquityStore,
  RetriedExcursionStore,
  RetriedHindsightStore,
  RetriedHistoryStore,
  RetriedPredictionStore,
  RetriedStateStore,
} from './retried-stores.ts';
export { RetriedVenueStore } from './retried-venue-store.ts';
export { RetriedWrites, type RetriedWritesOptions, type Write } from './retried-writes.ts';
export { SqliteAlertStore } from './sqlite/alert-store.ts';
export { type BooksCopyOptions, copyOfBooks } from './sqlite/books-copy.ts';
export { copyDatabase, damageOf, requireWhole } from './sqlite/copy.ts';
export { type DatabaseOptions, openDatabase } from './sqlite/database.ts';
export { SqliteDecisionStore } from './sqlite/decision-store.ts';
export { SqliteDeliveryStore } from './sqlite/delivery-store.ts';
export { SqliteEquityStore } from './sqlite/equity-store.ts';
export { SqliteExcursionStore } from './sqlite/excursion-store.ts';
export { SqliteExposureQueries } from './sqlite/exposure-queries.ts';
export { hiccupOf } from './sqlite/hiccup.ts';
export { SqliteHindsightStore } from './sqlite/hindsight-store.ts';
export { SqliteHistoryStore } from './sqlite/history-store.ts';
export { SqliteLlmCallStore, SqliteSpendingStore } from './sqlite/llm-store.ts';
export { migrationsFolder } from './sqlite/migrations.ts';
export { MIRRORED_TABLES } from './sqlite/mirrored-tables.ts';
export { SqliteOrderLedger } from './sqlite/order-ledger.ts';
export { SqliteOutbox } from './sqlite/outbox.ts';
export { SqlitePredictionStore } from './sqlite/prediction-store.ts';
export { type RestoreOptions, restoreDatabase } from './sqlite/restore.ts';
export { type Forgetting, SqliteRetention } from './sqlite/retention.ts';
export { SqliteStateStore } from './sqlite/state-store.ts';
export { asStorageError } from './sqlite/storage-fault.ts';
export type { TradeMarket } from './sqlite/trade-fold.ts';
export { SqliteTradeHistory, TRADE_COLUMNS } from './sqlite/trade-history.ts';
export { type ImportOutcome, type ImportSummary, SqliteTradeImports } from './sqlite/trade-imports.ts';
export { SqliteTradeNotes } from './sqlite/trade-notes.ts';
export { type FoundTrade, type Period, SqliteTradeQueries } from './sqlite/trade-queries.ts';
export type { TradeRow } from './sqlite/trade-rows.ts';
export { SqliteVenueStore } from './sqlite/venue-store.ts';
export { StorageError, type StorageFault } from './storage-error.ts';
export { Link } from './timescale/link.ts';
export type { MirrorSource } from './timescale/session.ts';
export { targetOf } from './timescale/target.ts';
export { type MirrorState, TimescaleSync } from './timescale/timescale-sync.ts';
export { tell } from './timescale/upsert.ts';
