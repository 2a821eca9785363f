import { describe, expect, test } from 'vitest';
import { fillOf } from '../../../../tests/contracts/builders.ts';
import type { VenueFill } from '../../../domain/index.ts';
import { fillPage } from './fill-page.ts';

const fillsAt = (...times: readonly number[]): VenueFill[] =>
  times.map((time, index) => fillOf(`t${index}`, 'a', { time }));
const timesOn = ({ fills }: { readonly fills: readonly VenueFill[] }) => fills.map(({ time }) => time);
const ask = (cursor: string | null, since = 0) => ({ symbol: 'BTC/USDT', cursor, since });

describe('a page of fills', () => {
  test('begins at a moment or at a cursor, and says whether there is more', () => {
    const fills = fillsAt(1, 2, 2, 3, 4);
    const first = fillPage(fills, ask(null, 2), 2);
    expect(first).toEqual({ fills: fills.slice(1, 3), cursor: first.cursor, more: true });
    const second = fillPage(fills, ask(first.cursor), 2);
    expect(second).toEqual({ fills: fills.slice(3), cursor: second.cursor, more: false });
    const none = { fills: [], cursor: second.cursor, more: false };
    expect(fillPage(fills, ask(second.cursor), 2)).toEqual(none);
  });

  test('goes on where it ended, whatever has come since', () => {
    const fills = fillsAt(1, 1, 1);
    const { cursor } = fillPage(fills, ask(null), 2);
    fills.push(...fillsAt(1, 1));
    expect(timesOn(fillPage(fills, ask(cursor), 9))).toHaveLength(3);
  });

  test.each(['12', '-1', '1.5', 'elsewhere'])(
    'begins at the moment when the cursor %s is none of its own',
    (cursor) => {
      expect(timesOn(fillPage(fillsAt(1, 2, 3), ask(cursor, 2), 9))).toEqual([2, 3]);
    },
  );

  test('costs what is new, however much is old', () => {
    let looks = 0;
    const fills = new Proxy(fillsAt(...Array.from({ length: 10_000 }, (_, time) => time)), {
      get: (target, key, receiver) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) looks += 1;
        return Reflect.get(target, key, receiver);
      },
    });
    expect(fillPage(fills, ask('9998'), 500).fills).toHaveLength(2);
    expect(fillPage(fills, ask(null, 9_998), 500).fills).toHaveLength(2);
    expect(looks).toBeLessThan(20);
  });
});
