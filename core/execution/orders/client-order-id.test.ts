import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ORDER_PURPOSES } from '../../contract/index.ts';
import { ClientOrderIds, isOfOneHand, type OrderIdParts } from './client-order-id.ts';

const ids = new ClientOrderIds('d0a1');
const parts: OrderIdParts = { symbol: 'BTC/USDT', time: 1_700_000_000_000, purpose: 'entry', ordinal: 0 };

const anyParts = fc.record({
  symbol: fc.constantFrom(
    'BTC/USDT',
    'BTC/USDT:USDT',
    'BTC/USD',
    'B/TCUSDT',
    'ETH/USDT',
    'A/B',
    '1000PEPE/USDT',
    'kPEPE/USDC:USDC',
    '币安人生/USDT',
  ),
  time: fc.integer({ min: 0, max: 2_000_000_000 }).map((seconds) => seconds * 1000),
  purpose: fc.constantFrom(...ORDER_PURPOSES),
  ordinal: fc.integer({ min: 0, max: 1_295 }),
});

describe('client order ids', () => {
  test('deciding the same bar again gives the same id, in another process too', () => {
    expect(ids.make(parts)).toBe(new ClientOrderIds('d0a1').make(parts));
    expect(ids.make(parts)).toBe(ids.make(parts));
  });

  test('V19 every id has 18 lower-case letters and digits, which the strictest venue takes', () => {
    fc.assert(
      fc.property(anyParts, (given) => {
        expect(ids.make(given)).toMatch(/^[a-z0-9]{18}$/);
      }),
    );
  });

  test('another symbol, bar, purpose or ordinal gives another id', () => {
    const key = (given: OrderIdParts): string => JSON.stringify(given);
    fc.assert(
      fc.property(anyParts, anyParts, (a, b) => {
        expect(ids.make(a) === ids.make(b)).toBe(key(a) === key(b));
      }),
    );
  });

  test('an id tells the second that it was made for', () => {
    fc.assert(
      fc.property(anyParts, (given) => {
        expect(ids.timeOf(ids.make(given))).toBe(given.time);
      }),
    );
  });

  test('ids of one mode of one installation are told from all others by themselves', () => {
    const [one, other] = [ids.make(parts), ids.make({ ...parts, purpose: 'exit', ordinal: 7 })];
    expect(isOfOneHand(one, other)).toBe(true);
    expect(isOfOneHand(one, new ClientOrderIds('d0a2').make(parts))).toBe(false);
    expect([isOfOneHand(one, 'd0a1'), isOfOneHand('theirs', 'theirs')]).toEqual([false, false]);
  });

  test('#25 V19 an id says its mode and its installation: no other prefix reads it', () => {
    fc.assert(
      fc.property(anyParts, (given) => {
        expect(ids.purposeOf(ids.make(given))).toBe(given.purpose);
        for (const other of ['l0a1', 'd0a2', 'd000']) {
          expect(new ClientOrderIds(other).purposeOf(ids.make(given))).toBeUndefined();
        }
      }),
    );
    expect(ids.purposeOf('web_1234')).toBeUndefined();
    expect(ids.purposeOf(null)).toBeUndefined();
  });

  test('the first free id is the first that nobody has taken', () => {
    const taken = new Set([0, 1, 2].map((ordinal) => ids.make({ ...parts, ordinal })));
    expect(ids.firstFree(parts, (id) => taken.has(id))).toBe(ids.make({ ...parts, ordinal: 3 }));
    expect(ids.firstFree(parts, () => false)).toBe(ids.make(parts));
  });

  test.each(['', 'Demo', 'demos', 'a-bc', '1abc', 'a1'])('the prefix "%s" is refused', (prefix) => {
    expect(() => new ClientOrderIds(prefix)).toThrow(
      'must be a lower-case letter and three letters or digits',
    );
  });

  test.each([
    { time: -1 },
    { time: 1.5 },
    { time: 36 ** 6 * 1000 },
    { ordinal: -1 },
    { ordinal: 0.5 },
    { ordinal: 36 ** 2 },
  ])('%j cannot be carried', (change) => {
    expect(() => ids.make({ ...parts, ...change })).toThrow(RangeError);
  });
});
