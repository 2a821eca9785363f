import { expect, test } from 'vitest';
import { roundTripCostOf } from './index.ts';

test('a round trip costs the taker fee and the slippage twice, and the spread once', () => {
  const costs = { makerFeeBps: 1, takerFeeBps: 10, spreadBps: 4, slippageBps: 3, source: 'venue' } as const;
  expect(roundTripCostOf(costs)).toBeCloseTo(0.003, 12);
});
