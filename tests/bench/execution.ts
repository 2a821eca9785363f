import { benchCloseToOrder, type CloseToOrderBench } from './close-to-order.ts';
import { benchDurableIntents, type DurableIntentsBench } from './durable-intents.ts';

export interface ExecutionBench extends CloseToOrderBench {
  readonly durableIntents: DurableIntentsBench;
}

/** Measures the way of an order out of the program, at the local venue and on this machine's disk. Takes some three minutes. */
export async function benchExecution(): Promise<ExecutionBench> {
  return { ...(await benchCloseToOrder()), durableIntents: benchDurableIntents() };
}
