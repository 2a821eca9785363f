import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BaseAmount, type Fill, text, tradeId, ZERO_BASE } from '../domain/index.ts';
import { RealisedAtVenue } from './realised-at-venue.ts';
import { external, fill, MONDAY, portfolioOf } from './testing/account.ts';

const symbol = 'BTC/USDT:USDT';

function pnlOf(fills: readonly Fill[], lotSize: BaseAmount = ZERO_BASE): string {
  const realised = new RealisedAtVenue(symbol, lotSize);
  for (const each of fills) realised.add(each);
  return text(realised.pnl);
}

describe('what a derivative has brought', () => {
  const bought = fill('buy', '1', '100', { symbol, time: MONDAY });
  const theirs = external(fill('buy', '1', '120', { symbol, time: MONDAY + 1 }));
  const sold = fill('sell', '1', '130', { symbol, time: MONDAY + 2 });

  test('is counted in the order in which it was traded, whatever is told first', () => {
    // Sold out of two that cost 110 on average, though only one of them was known.
    expect(pnlOf([bought, theirs, sold])).toBe('20');
    expect(pnlOf([bought, sold, theirs])).toBe('20');
    expect(pnlOf([sold, theirs, bought])).toBe('20');
  });

  test('is what the account is compared by, before and after a restart', () => {
    const fills = [bought, sold, theirs];
    const running = portfolioOf();
    for (const each of fills) running.apply(each);
    for (const portfolio of [running, portfolioOf({ fills })]) {
      expect(portfolio.assets().get('USDT')?.toFixed()).toBe('10020');
      expect(text(portfolio.position(symbol).quantity)).toBe('1');
    }
  });

  test('within a millisecond goes by the venue’s numbers, which grow longer', () => {
    const at = (each: Fill, id: string): Fill => ({ ...each, time: MONDAY, tradeId: tradeId(id) });
    expect(pnlOf([at(sold, '100'), at(theirs, '99'), at(bought, '98')])).toBe('20');
    expect(pnlOf([at(sold, '99'), at(theirs, '98'), at(bought, '97')])).toBe('20');
  });

  test('of a trade of the account with itself begins with the side that had been waiting', () => {
    const at = (each: Fill, liquidity: Fill['liquidity']): Fill => ({
      ...each,
      ...{ time: MONDAY + 1, tradeId: tradeId('7'), liquidity },
    });
    const [waiting, taking] = [at(theirs, 'maker'), at(sold, 'taker')];
    expect(pnlOf([bought, taking, waiting])).toBe('20');
    expect(pnlOf([bought, waiting, taking])).toBe('20');
  });

  test('of a trade told after more than five hundred newer ones is counted before the oldest of those', () => {
    const later = Array.from({ length: 998 }, (_, index) =>
      fill('buy', '1', '150', { symbol, time: MONDAY + 10 + index }),
    );
    expect(pnlOf([bought, sold, ...later, theirs])).toBe('30');
    expect(pnlOf([bought, sold, ...later.slice(1), theirs])).toBe('20');
  });

  test('does not depend on the order of telling', () => {
    const some = fc.array(
      fc.record({
        side: fc.constantFrom('buy' as const, 'sell' as const),
        amount: fc.integer({ min: 1, max: 9 }),
        at: fc.integer({ min: 90, max: 110 }),
      }),
      { minLength: 1, maxLength: 12 },
    );
    const property = fc.property(some, fc.infiniteStream(fc.double({ min: 0, max: 1 })), (orders, order) => {
      const fills = orders.map(({ side, amount, at }, index) =>
        fill(side, String(amount), String(at), { symbol, time: MONDAY + index }),
      );
      const shuffled = fills
        .map((each) => ({ each, place: order.next().value }))
        .sort((a, b) => a.place - b.place);
      expect(pnlOf(shuffled.map(({ each }) => each))).toBe(pnlOf(fills));
    });
    fc.assert(property, { numRuns: 200, seed: 1 });
  });
});
