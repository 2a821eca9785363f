import type { EntryCostView } from '../../core/contract/index.ts';
import { fixed, NOTHING, percent } from '../format/index.ts';

/** What getting in has cost, beside what had been expected: `12.4 of 14.0 bps`. */
export function entryCostText(cost: EntryCostView | null): string {
  return cost === null ? NOTHING : `${fixed(cost.actualBps, 1)} of ${fixed(cost.expectedBps, 1)} bps`;
}

/** What it is made of, in a sentence. */
export function entryCostNote({ feeBps, slippageBps, madeShare }: EntryCostView): string {
  const moved = `${fixed(Math.abs(slippageBps), 1)} bps ${slippageBps < 0 ? 'better' : 'worse'} than the price of the decision`;
  return `fees ${fixed(feeBps, 1)} bps, ${moved}, ${percent(madeShare * 100, 0)} filled as maker`;
}
