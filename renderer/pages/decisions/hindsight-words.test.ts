import { describe, expect, it } from 'vitest';
import type { EntryHindsight } from '../../../core/contract/index.ts';
import { hindsightSentence, stanceWords } from './hindsight-words.ts';

const ENTRY: EntryHindsight = {
  resultPct: -1.234,
  due: Date.UTC(2026, 0, 8),
  price: 100,
  stopPrice: 90,
  costPct: 0.26,
  left: 1,
  traded: true,
  refusedBy: [],
  stances: [
    { voter: 'bull', source: 'rules', stance: 0.5 },
    { voter: 'bear', source: 'rules', stance: -0.25 },
    { voter: 'ensemble', source: 'models', stance: 0 },
  ],
};

describe('what a decision came to, in words', () => {
  it.each<[string, Partial<EntryHindsight>, RegExp]>([
    [
      'made',
      {},
      /^The entry was made\. It came to -1\.23 % from 100.*, with a stop at 90.*, after costs of 0\.26/,
    ],
    ['not known yet', { resultPct: null }, /^The entry was made\. What it comes to is known on .*2026/],
    [
      'shrunk',
      { left: 0.25 },
      /^The entry was made to 25.* of what was wanted\. All of it would have come to/,
    ],
    [
      'stopped',
      { traded: false, left: 0 },
      /^The entry was stopped by the voters\. All of it would have come to/,
    ],
    [
      'refused',
      { traded: false, refusedBy: ['cost-gate', 'churn-throttle'] },
      /refused by the cost gate and the churn throttle\./,
    ],
    [
      'held up',
      { traded: false, stopPrice: null },
      /^The entry was not made\. .* from 100[^,]*, after costs/,
    ],
  ])('%s', (_, given, words) => expect(hindsightSentence({ ...ENTRY, ...given })).toMatch(words));

  it('and who had been for it and against it', () => {
    expect(stanceWords(ENTRY)).toBe(
      'Bull was for it (0.50), Bear was against it (0.25), Ensemble was neither for nor against it',
    );
  });
});
