import { expect, test } from 'vitest';
import { entryCostOf, roundTripCostOf, type WayIn } from './index.ts';

const costs = { makerFeeBps: 1, takerFeeBps: 10, spreadBps: 4, slippageBps: 3, source: 'venue' } as const;

test.each<[WayIn, typeof costs | { readonly makerFeeBps: number }, number, number]>([
  ['take', costs, 15, 30],
  ['make', costs, 1, 16],
  ['make-then-take', costs, 15, 30],
  ['make-then-take', { makerFeeBps: 20 }, 20, 35],
  ['make', { makerFeeBps: -1 }, -1, 14],
])(
  'getting in to %s costs the fee of it, and as a taker half the spread and slippage; out it takes',
  (way, given, entry, round) => {
    const terms = { ...costs, ...given };
    expect(entryCostOf(terms, way) * 10_000).toBeCloseTo(entry, 9);
    expect(roundTripCostOf(terms, way) * 10_000).toBeCloseTo(round, 9);
  },
);
