/** Step 7 of the loop: nothing lost, nothing twice. */

export * from './exchanges/simulated/index.ts';
export { Flattener, type FlattenerOptions, type FlattenResult } from './flattener.ts';
export { ClientOrderIds, type OrderIdParts } from './orders/client-order-id.ts';
export { compare, type Difference, describe } from './orders/differences.ts';
export {
  type CancelOutcome,
  OrderManager,
  type OrderManagerOptions,
  type PlaceRequest,
  type PlaceResult,
} from './orders/order-manager.ts';
export type { PositionReader } from './orders/venue-inquiry.ts';
export { Reconciler, type ReconcilerOptions } from './reconciler.ts';
export { type Protection, StopKeeper, type StopKeeperOptions } from './stop-keeper.ts';
