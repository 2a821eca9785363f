import type { OrderIntent } from './order.ts';

/**
 * Asked synchronously right before an order leaves the machine. The kill switch is one: while its latch is set
 * nothing leaves but what reduces a position in an emergency.
 */
export interface OrderGate {
  mayLeave(intent: OrderIntent): GateAnswer;
}

export type GateAnswer =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly code: string; readonly message: string };
