import { expect, test } from 'vitest';
import { counted } from './counted.ts';

test.each([
  [0, 'trade', undefined, '0 trades'],
  [1, 'trade', undefined, '1 trade'],
  [2, 'trade', undefined, '2 trades'],
  [1, 'entry', 'entries', '1 entry'],
  [3, 'entry', 'entries', '3 entries'],
])('%i of %s is %s', (count, thing, things, words) => {
  expect(counted(count, thing, things)).toBe(words);
});
