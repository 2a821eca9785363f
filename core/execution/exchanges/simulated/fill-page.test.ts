import { describe, expect, test } from 'vitest';
import { fillOf } from '../../../../tests/contracts/builders.ts';
import type { VenueFill } from '../../../domain/index.ts';
import { fillPage } from './fill-page.ts';
import { UnkeptVenue } from './unkept-venue.ts';

const NOTHING = { orders: [], balances: new Map(), appliedUntil: new Map() };

const fillsAt = (...times: readonly number[]): VenueFill[] =>
  times.map((time, index) => fillOf(`t${index}`, 'a', { time }));
function pageOf(fills: readonly VenueFill[], query: ReturnType<typeof ask>, pageSize: number) {
  const store = new UnkeptVenue();
  store.save({ ...NOTHING, fills });
  return fillPage(store, fills.length, query, pageSize);
}
const timesOn = ({ fills }: { readonly fills: readonly VenueFill[] }) => fills.map(({ time }) => time);
const ask = (cursor: string | null, since = 0) => ({ symbol: 'BTC/USDT', cursor, since });

describe('a page of fills', () => {
  test('begins at a moment or at a cursor, and says whether there is more', () => {
    const fills = fillsAt(1, 2, 2, 3, 4);
    const first = pageOf(fills, ask(null, 2), 2);
    expect(first).toEqual({ fills: fills.slice(1, 3), cursor: first.cursor, more: true });
    const second = pageOf(fills, ask(first.cursor), 2);
    expect(second).toEqual({ fills: fills.slice(3), cursor: second.cursor, more: false });
    const none = { fills: [], cursor: second.cursor, more: false };
    expect(pageOf(fills, ask(second.cursor), 2)).toEqual(none);
  });

  test('goes on where it ended, whatever has come since', () => {
    const fills = fillsAt(1, 1, 1);
    const { cursor } = pageOf(fills, ask(null), 2);
    fills.push(...fillsAt(1, 1));
    expect(timesOn(pageOf(fills, ask(cursor), 9))).toHaveLength(3);
  });

  test.each(['12', '-1', '1.5', 'elsewhere'])(
    'begins at the moment when the cursor %s is none of its own',
    (cursor) => {
      expect(timesOn(pageOf(fillsAt(1, 2, 3), ask(cursor, 2), 9))).toEqual([2, 3]);
    },
  );

  test('asks for nothing but what is on it', () => {
    const asked: unknown[] = [];
    const fills = (...query: unknown[]): VenueFill[] => {
      asked.push(query);
      return [];
    };
    const store = { fills, fillsBefore: () => 9_998 };
    fillPage(store, 10_000, ask('9998'), 500);
    fillPage(store, 10_000, ask('10000'), 500);
    fillPage(store, 10_000, ask(null, 9_998), 1);
    expect(asked).toEqual([
      ['BTC/USDT', 9_998, 2],
      ['BTC/USDT', 9_998, 1],
    ]);
  });
});
