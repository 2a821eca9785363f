import { expect, test } from 'vitest';
import { correlationOf, groupOf, type Moves } from './index.ts';

const days = (count: number, other: (move: number, day: number) => number) =>
  Array.from({ length: count }, (_, day): [number, number] => {
    const move = Math.sin(day * day);
    return [move, other(move, day)];
  });

test.each([
  ['the same', days(60, (move) => move), 1],
  ['the same, of another size', days(60, (move) => 3 * move + 0.1), 1],
  ['the opposite', days(60, (move) => -move), -1],
  ['one that never moves', days(60, () => 0), Number.NaN],
  ['days that are just enough', days(30, (move) => move), 1],
  ['a day too few', days(29, (move) => move), null],
])('the correlation with %s', (_, pairs, expected) => {
  const found = correlationOf(pairs);
  expect(found === null ? null : Number(found.toFixed(12))).toBe(expected);
});

test('a correlation by hand', () => {
  // Moves of 1 and -1, of which the other follows every second pair: half of the variance is common.
  const pairs = Array.from({ length: 60 }, (_, day): [number, number] => {
    const move = day % 2 === 0 ? 1 : -1;
    return [move, day % 4 < 2 ? move : -move / 3];
  });
  // Mean of the products 1/3, deviations 1 and the root of 5/9.
  expect(correlationOf(pairs)).toBeCloseTo(1 / 3 / Math.sqrt(5 / 9), 12);
});

/** Correlations by pair; what is not named moves by itself, and what begins with `?` is not known. */
function movesOf(correlations: Readonly<Record<string, number | null>>): Moves {
  const isKnown = (symbol: string) => !symbol.startsWith('?');
  const correlation = (a: string, b: string): number | null => {
    const [first = '', second = ''] = [a, b].sort();
    const found = correlations[first + second];
    return isKnown(a) && isKnown(b) ? (found === undefined ? 0 : found) : null;
  };
  return { isKnown, correlation };
}

test.each([
  ['nothing held', [], {}, ['A']],
  ['itself held', ['A'], {}, ['A']],
  ['one that moves together', ['A', 'B'], { AB: 0.71 }, ['A', 'B']],
  ['exactly the limit is not above it', ['B'], { AB: 0.7 }, ['A']],
  ['the opposite is no company', ['B'], { AB: -0.9 }, ['A']],
  ['one that never moves', ['B'], { AB: Number.NaN }, ['A']],
  ['one by way of another', ['B', 'C'], { AB: 0.1, BC: 0.8, AC: 0.8 }, ['A', 'C', 'B']],
  ['too few days in common', ['B'], { AB: null }, ['A', 'B']],
  ['one without history beside one with it', ['?B'], {}, ['A']],
])('the group of A with %s', (_, held, correlations, group) => {
  expect(groupOf('A', held, movesOf(correlations))).toEqual(group);
});

test('symbols without history are one group', () => {
  expect(groupOf('?A', ['?B', 'C', '?D'], movesOf({}))).toEqual(['?A', '?B', '?D']);
});
