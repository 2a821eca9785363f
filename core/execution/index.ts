/** Step 7 of the loop: nothing lost, nothing twice. */
export { ClientOrderIds, type OrderIdParts } from './client-order-id.ts';
export { Flattener, type FlattenerOptions, type FlattenResult } from './flattener.ts';
export { MemoryOrderLedger } from './memory-order-ledger.ts';
export {
  type CancelOutcome,
  OrderManager,
  type OrderManagerOptions,
  type PlaceRequest,
  type PlaceResult,
} from './order-manager.ts';
export { Reconciler, type ReconcilerOptions } from './reconciler.ts';
export { compare, type Difference, describe } from './reconciliation.ts';
export * from './simulated-exchange/index.ts';
export { type Protection, StopKeeper, type StopKeeperOptions } from './stop-keeper.ts';
export type { PositionReader } from './venue-inquiry.ts';
