import { describe, expect, test } from 'vitest';
import type { ProposalView } from '../../../core/contract/index.ts';
import { proposalLines, wouldTrade } from './proposal-lines.ts';

const NUMBERS = {
  signal: 2 / 3,
  volatility: 0.6,
  scale: 2 / 3,
  sign7d: 1,
  sign14d: 1,
  sign28d: -1,
  band: 0.033,
  stopPrice: 54_000,
};

const proposal = (changes: Partial<ProposalView> = {}): ProposalView => ({
  targetShare: 0.148,
  allowedShare: 0.148,
  heldShare: 0,
  reason: 'two of three are up',
  numbers: NUMBERS,
  ...changes,
});

/** Numbers and their signs are held together by spaces that do not break. */
const plain = (text: string): string => text.replace(/\s/g, ' ');
const lines = (view: ProposalView): string[] =>
  proposalLines(view).map(({ label, value }) => plain(`${label}: ${value}`));

describe('what a proposal is made of', () => {
  test('reads as a sum: signs, signal, volatility, target, what the limits leave, what is held, the stop', () => {
    expect(lines(proposal())).toEqual([
      'Of 7 days: up',
      'Of 14 days: up',
      'Of 28 days: down',
      'Signal: 66.7 %',
      'Volatility a year: 60.0 %',
      'Left by volatility: 66.7 %',
      'Target: 14.8 %',
      'Within the limits: 14.8 %',
      'Held: 0.0 %',
      'Stop: 54,000.00',
    ]);
  });

  test('has no stop where nothing is held nor to be held', () => {
    expect(lines(proposal({ targetShare: 0, allowedShare: 0 })).at(-1)).toBe('Held: 0.0 %');
  });

  test("has another strategy's numbers by their names", () => {
    expect(lines(proposal({ numbers: { meanGap: 1.25 } }))[0]).toBe('mean gap: 1.2500');
  });
});

test.each([
  [{}, 'Buys for 14.8 % of the equity'],
  [{ heldShare: 0.2 }, 'Sells for 5.2 % of the equity'],
  [{ heldShare: 0.15 }, 'Nothing: within 3.3 % of the equity of its target'],
  [{ targetShare: 0, allowedShare: 0, heldShare: 0.2 }, 'Sells all that is held'],
  [{ targetShare: 0, allowedShare: 0 }, 'Nothing: none is to be held'],
] as const)('%j would trade: %s', (changes, words) => {
  expect(plain(wouldTrade(proposal(changes)))).toBe(words);
});
