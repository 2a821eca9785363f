/** Step 7 of the loop: nothing lost, nothing twice. */
export {
  ExecutionDesk,
  type ExecutionDeskOptions,
  type Protection,
  type ProtectionTrouble,
} from './desk.ts';
export * from './exchanges/ccxt/index.ts';
export * from './exchanges/simulated/index.ts';
export type { Flattener, FlattenResult } from './flattener.ts';
export type { MakerRules, WantedEntry } from './maker-entries.ts';
export type { PositionReader } from './orders/admission.ts';
export { ClientOrderIds, type OrderIdParts } from './orders/client-order-id.ts';
export { FillNotes, type FillsSoFar } from './orders/fill-notes.ts';
export type { CancelOutcome } from './orders/order-canceller.ts';
export type { OrderManager, PlaceRequest } from './orders/order-manager.ts';
export type { PlaceResult } from './orders/order-sender.ts';
export type { Holdings, ReconcileResult } from './reconciler.ts';
export type { StopPlans } from './stop-keeper.ts';
