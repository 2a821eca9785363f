import { expect, test } from 'vitest';
import { wholePercents } from './shares.ts';

test.each([
  [
    [0.175, 0.51, 0.315],
    [18, 51, 31],
  ],
  [
    [0.256, 0.256, 0.256, 0.232],
    [26, 26, 25, 23],
  ],
  [
    [1, 1, 1],
    [34, 33, 33],
  ],
  [
    [2, 0],
    [100, 0],
  ],
  [
    [0, 0],
    [0, 0],
  ],
  [[], []],
])('%j of a whole are %j percent', (parts, percents) => {
  expect(wholePercents(parts)).toEqual(percents);
});
