import { expect, test } from 'vitest';
import type { GuardianView } from '../../../core/contract/index.ts';
import { guardianWords } from './guardian-line.tsx';

test.each<[GuardianView['state'] | null, number, string, string]>([
  [null, 0, 'plain', 'Nothing real is open'],
  ['starting', 0, 'warning', 'It is being started.'],
  ['watching', 0, 'plain', 'should this program say nothing for 15 s, it closes what is open.'],
  ['watching', 1, 'plain', 'it closes what is open. Started again once.'],
  ['missing', 2, 'danger', 'It has ended, and comes back in a moment. Started again 2 times.'],
  ['failed', 10, 'danger', 'nobody closes'],
])('a guardian that is %s after %d restarts is shown as %s', (state, restarts, tone, words) => {
  const guardian = state === null ? null : { state, restarts, lastBeat: null, since: 0 };
  expect(guardianWords(guardian).tone).toBe(tone);
  expect(guardianWords(guardian).line).toContain(words);
});
