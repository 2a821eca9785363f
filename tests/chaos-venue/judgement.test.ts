import { describe, expect, test } from 'vitest';
import { baseAmount } from '../../core/domain/index.ts';
import type { OrderRecord } from '../venue/index.ts';
import { sentOnce } from './judgement.ts';

const BAR = 's8phb6qycspegr0';
/** When an entry was taken and when it ended; null while it works. */
type Entry = readonly [from: number, to: number | null, amount: string, filled: string];

/** Orders of one bar. */
function judged(makesFirst: boolean, entries: readonly Entry[]): number {
  const orders = entries.map(([createdAt, to, amount, filled], index) => {
    const states = [
      { at: to ?? createdAt, status: to === null ? 'NEW' : 'CANCELED', filled: baseAmount(filled) },
    ];
    const order = { createdAt, states, clientId: `${BAR}n0${index}`, amount: baseAmount(amount) };
    // What is judged of an order is here; the rest of it is not looked at.
    return order as unknown as OrderRecord;
  });
  return sentOnce({ taken: () => orders }, makesFirst).length;
}

describe('a bar is entered twice', () => {
  test('by a taker that sends a second order', () => {
    expect(judged(false, [[1, 2, '1', '0']])).toBe(0);
    expect(
      judged(false, [
        [1, 2, '1', '0'],
        [3, 4, '1', '0'],
      ]),
    ).toBe(1);
  });

  test('by one that makes first, when an order is sent beside another', () => {
    expect(
      judged(true, [
        [1, 2, '1', '0'],
        [2, 4, '1', '0'],
      ]),
    ).toBe(0);
    expect(
      judged(true, [
        [1, 3, '1', '0'],
        [2, 4, '1', '0'],
      ]),
    ).toBe(1);
    expect(
      judged(true, [
        [1, null, '1', '0'],
        [2, 4, '1', '0'],
      ]),
    ).toBe(1);
  });

  test('by one that makes first, when all of them fill more than the first was for', () => {
    expect(
      judged(true, [
        [1, 2, '1', '0.4'],
        [2, 4, '0.6', '0.6'],
      ]),
    ).toBe(0);
    expect(
      judged(true, [
        [1, 2, '1', '0.5'],
        [2, 4, '0.6', '0.6'],
      ]),
    ).toBe(1);
  });
});
