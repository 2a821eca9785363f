import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baseAmount, price, quoteAmount, text } from '../../../core/domain/index.ts';
import { type Match, MatchingEngine } from './matching-engine.ts';
import type { Side } from './order-book.ts';

function engineWith(resting: readonly (readonly [id: number, side: Side, at: string, amount: string])[]) {
  const matches: Match[] = [];
  const levels: string[] = [];
  const engine = new MatchingEngine(
    baseAmount('0.001'),
    (match) => matches.push(match),
    (side, at, amount) => levels.push(`${side} ${text(at)} ${text(amount)}`),
  );
  for (const [id, side, at, amount] of resting)
    engine.book.add({ id, owner: 'maker', side, price: price(at), remaining: baseAmount(amount) });
  const take = (side: Side, limit: string | null, amount: string, budget?: string) =>
    engine.take({
      ...{ id: 99, owner: 'taker', side, limit: limit === null ? null : price(limit) },
      amount: baseAmount(amount),
      ...(budget === undefined ? {} : { budget: quoteAmount(budget) }),
    });
  const told = () =>
    matches.map(({ maker, price: at, amount }) => `${maker.id}: ${text(amount)} at ${text(at)}`);
  return { engine, take, told, levels };
}

describe('the matching engine', () => {
  it('fills the best price first, whoever came first', () => {
    const { take, told } = engineWith([
      [1, 'sell', '101', '1'],
      [2, 'sell', '100', '1'],
    ]);
    take('buy', null, '2');
    expect(told()).toEqual(['2: 1 at 100', '1: 1 at 101']);
  });

  it('fills who waited longest first at one price', () => {
    const { take, told } = engineWith([
      [1, 'buy', '100', '1'],
      [2, 'buy', '100', '1'],
      [3, 'buy', '100', '1'],
    ]);
    take('sell', '100', '1.5');
    expect(told()).toEqual(['1: 1 at 100', '2: 0.5 at 100']);
  });

  it('gives the taker the maker’s price, and nothing beyond its limit', () => {
    const { take, told } = engineWith([
      [1, 'sell', '100', '1'],
      [2, 'sell', '103', '1'],
    ]);
    expect(text(take('buy', '102', '2'))).toBe('1');
    expect(told()).toEqual(['1: 1 at 100']);
  });

  it('keeps the place in the queue of an order that is partly filled or made smaller', () => {
    const { engine, take, told } = engineWith([
      [1, 'sell', '100', '2'],
      [2, 'sell', '100', '1'],
    ]);
    take('buy', null, '0.5');
    const first = engine.book.find('maker', 1);
    if (first !== undefined) engine.book.reduce(first, baseAmount('0.5'));
    take('buy', null, '2');
    expect(told()).toEqual(['1: 0.5 at 100', '1: 1 at 100', '2: 1 at 100']);
  });

  it('spends at most the sum that an order names, in whole lots', () => {
    const { take, told } = engineWith([
      [1, 'sell', '100', '0.5'],
      [2, 'sell', '300', '1'],
    ]);
    take('buy', null, '1000', '100');
    expect(told()).toEqual(['1: 0.5 at 100', '2: 0.166 at 300']);
  });

  it('tells each level as it is afterwards, and 0 for one that is gone', () => {
    const { take, levels } = engineWith([
      [1, 'sell', '100', '1'],
      [2, 'sell', '100', '2'],
    ]);
    take('buy', null, '3');
    expect(levels).toEqual(['sell 100 1', 'sell 100 3', 'sell 100 2', 'sell 100 0']);
  });

  it('never leaves a crossed book, nor makes or loses an amount, whatever comes', () => {
    const order = fc.record({
      side: fc.constantFrom<Side>('buy', 'sell'),
      ticks: fc.integer({ min: 95, max: 105 }),
      lots: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(order, { maxLength: 60 }), (orders) => {
        let traded = baseAmount(0);
        const engine = new MatchingEngine(baseAmount(1), ({ amount }) => {
          traded = baseAmount(traded.plus(amount).toFixed());
        });
        let entered = baseAmount(0);
        for (const [id, { side, ticks, lots }] of orders.entries()) {
          const limit = price(ticks);
          const amount = baseAmount(lots);
          entered = baseAmount(entered.plus(amount).toFixed());
          const left = engine.take({ id, owner: null, side, limit, amount });
          if (left.gt(0)) engine.book.add({ id, owner: null, side, price: limit, remaining: left });
          const [bid, ask] = [engine.book.bestPrice('buy'), engine.book.bestPrice('sell')];
          expect(bid === undefined || ask === undefined || bid.lt(ask)).toBe(true);
        }
        const rests = [...engine.book.levels('buy'), ...engine.book.levels('sell')];
        const resting = rests.reduce((sum, { amount }) => sum.plus(amount), baseAmount(0).plus(0));
        expect(resting.plus(traded.times(2)).toFixed()).toBe(entered.toFixed());
      }),
      { numRuns: 200 },
    );
  });
});
