import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillOf } from '../../tests/contracts/builders.ts';
import {
  addEntryCosts,
  baseAmount,
  costOfFill,
  type EntryCost,
  entryCostRates,
  flatPosition,
  foldFill,
  NO_ENTRY_COST,
  type Position,
  price,
  quoteAmount,
  type RoundTrip,
  text,
} from './index.ts';

/** Decided at 100, and expected to cost a fifth of a percent. */
const expected = { price: price(100), cost: 0.002 };
const inText = (cost: EntryCost | undefined) =>
  cost && Object.fromEntries(Object.entries(cost).map(([name, sum]) => [name, text(sum)]));

describe('what a fill of an entry has cost', () => {
  test.each([
    ['a buy above the price of its decision', 'buy', 101, 'taker', { slippage: '2', made: '0' }],
    ['a buy below it', 'buy', 99.5, 'maker', { slippage: '-1', made: '200' }],
    ['a sale below it', 'sell', 99, 'taker', { slippage: '2', made: '0' }],
    ['a sale above it', 'sell', 100.5, 'maker', { slippage: '-1', made: '200' }],
  ] as const)('is what %s was worse by, and its fees', (_name, side, at, liquidity, parts) => {
    const fill = fillOf('t', 'a', { side, price: at, amount: 2, liquidity, expected });
    const cost = costOfFill(fill, baseAmount(2), quoteAmount('0.1'));
    expect(inText(cost)).toEqual({ notional: '200', expected: '0.4', fees: '0.1', ...parts });
  });

  test('is not known where nothing had been expected', () => {
    expect(costOfFill(fillOf('t', 'a'), baseAmount(1), quoteAmount(0))).toBeUndefined();
  });

  test('in basis points is measured by what was decided to be paid; of nothing there is none', () => {
    const fill = fillOf('t', 'a', { price: 101, amount: 2, liquidity: 'maker', expected });
    const made = costOfFill(fill, baseAmount(2), quoteAmount('0.1')) ?? NO_ENTRY_COST;
    const taken = costOfFill(
      { ...fill, price: price(100), liquidity: 'taker' },
      baseAmount(2),
      quoteAmount('0.3'),
    );
    expect(entryCostRates(addEntryCosts(made, taken ?? NO_ENTRY_COST))).toEqual({
      expectedBps: 20,
      actualBps: 60,
      feeBps: 10,
      slippageBps: 50,
      madeShare: 0.5,
    });
    expect(entryCostRates(NO_ENTRY_COST)).toBeNull();
  });
});

describe('a round trip', () => {
  const fold = (fills: readonly ReturnType<typeof fillOf>[]) => {
    let position: Position = flatPosition('BTC/USDT');
    const trips: RoundTrip[] = [];
    for (const fill of fills) {
      const folded = foldFill(position, fill, null);
      position = folded.position;
      if (folded.closed !== undefined) trips.push(folded.closed);
    }
    return { position, trips };
  };
  const entry = (id: string, at: number) => fillOf(id, 'n', { price: at, amount: 1, expected });
  const exit = (id: string, amount: number) =>
    fillOf(id, 'x', { side: 'sell', purpose: 'exit', price: 105, amount });

  test('carries what its entries have cost, and nothing of its exits', () => {
    const { trips, position } = fold([entry('1', 100), entry('2', 101), exit('3', 0.5), exit('4', 1.5)]);
    expect(inText(trips[0]?.entryCost)).toEqual({
      notional: '200',
      expected: '0.4',
      fees: '0.2',
      slippage: '1',
      made: '0',
    });
    expect(position.entryCost).toBeUndefined();
  });

  test('begins anew after it was closed', () => {
    const { trips } = fold([entry('1', 101), exit('2', 1), entry('3', 100), exit('4', 1)]);
    expect(trips.map(({ entryCost }) => entryCost && text(entryCost.slippage))).toEqual(['1', '0']);
  });

  test('of which nothing was expected has none', () => {
    const { trips } = fold([fillOf('1', 'n', { amount: 1 }), exit('2', 1)]);
    expect(trips[0]).not.toHaveProperty('entryCost');
  });

  test('adds up to fees and slippage of its entries, however they were split', () => {
    const piece = fc.record({ at: fc.integer({ min: 90, max: 110 }), lots: fc.integer({ min: 1, max: 50 }) });
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), (pieces) => {
        const fills = pieces.map(({ at, lots }, index) =>
          fillOf(`${index}`, 'n', { price: at, amount: lots / 100, expected }),
        );
        const { entryCost } = fold(fills).position;
        const slippage = pieces.reduce((sum, { at, lots }) => sum + ((at - 100) * lots) / 100, 0);
        expect(entryCost?.slippage.toNumber()).toBeCloseTo(slippage, 9);
        expect(entryCost?.fees.toNumber()).toBeCloseTo(0.1 * pieces.length, 9);
      }),
    );
  });
});
