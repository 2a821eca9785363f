import type { UtcMs } from '../../../core/domain/index.ts';
import type { OrderRequest } from '../orders/order-record.ts';

/**
 * NEW: waits for its price. TRIGGERING: the price was there, no order yet. TRIGGERED: its order is working.
 * FINISHED: its order has ended, filled or not.
 */
export type AlgoStatus =
  | 'NEW'
  | 'TRIGGERING'
  | 'TRIGGERED'
  | 'FINISHED'
  | 'CANCELED'
  | 'EXPIRED'
  | 'REJECTED';

export interface AlgoState {
  readonly at: UtcMs;
  readonly status: AlgoStatus;
  /** The venue's id of the order that it became. */
  readonly orderId: number | null;
  readonly triggeredAt: UtcMs | null;
  readonly failure: string;
}

/** A conditional order of futures: it has an id and calls of its own, and becomes another order when it triggers. */
export interface AlgoOrder {
  readonly id: number;
  readonly account: string;
  readonly request: OrderRequest;
  readonly closePosition: boolean;
  readonly workingType: 'CONTRACT_PRICE' | 'MARK_PRICE';
  readonly createdAt: UtcMs;
  readonly states: AlgoState[];
}

export function algoStateOf(algo: AlgoOrder): AlgoState {
  const state = algo.states.at(-1);
  if (state === undefined) throw new Error(`algo order ${algo.id} has no state`);
  return state;
}
