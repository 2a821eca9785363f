import { describe, expect, test } from 'vitest';
import { VenueError } from '../../../domain/index.ts';
import { readBook, readTrades } from './live-rows.ts';

describe('a book', () => {
  test('is read from text and numbers, best levels first, and in coins', () => {
    const reply = {
      bids: [
        ['99.5', '2'],
        [99, 1, 7],
      ],
      asks: [
        ['100', '3'],
        ['101', '4'],
      ],
    };
    expect(readBook(reply, 5, 1, 0.1)).toEqual({ time: 5, bids: [[99.5, 0.2]], asks: [[100, 3 * 0.1]] });
    expect(readBook(reply, 5, 9, 1).bids).toEqual([
      [99.5, 2],
      [99, 1],
    ]);
  });

  test('has no levels that nothing is left of', () => {
    expect(readBook({ bids: [['99', '0']], asks: [] }, 5, 9, 1)).toEqual({ time: 5, bids: [], asks: [] });
  });

  test.each([
    ['nothing', undefined],
    ['an error', { error: 'busy' }],
    ['no amounts', { bids: [['99']], asks: [] }],
    ['bids that reach the asks', { bids: [['99', '1']], asks: [['99', '1']] }],
    ['no numbers', { bids: [['99', 'much']], asks: [] }],
    [
      'bids that rise',
      {
        bids: [
          ['99', '1'],
          ['100', '1'],
        ],
        asks: [],
      },
    ],
    [
      'asks that fall',
      {
        bids: [],
        asks: [
          ['99', '1'],
          ['98', '1'],
        ],
      },
    ],
    [
      'a price twice',
      {
        bids: [],
        asks: [
          ['99', '1'],
          ['99', '1'],
        ],
      },
    ],
    ['a price of nothing', { bids: [['0', '1']], asks: [] }],
  ])('of %s is none', (_, reply) => {
    expect(() => readBook(reply, 5, 9, 1)).toThrow(VenueError);
  });
});

describe('trades', () => {
  const trade = { id: '7', timestamp: 5, price: '100', amount: '2', side: 'sell' };

  test('come oldest first, in coins, with the side that took', () => {
    const rows = [trade, { ...trade, id: null, timestamp: 4, side: undefined }];
    expect(readTrades(rows, 0.5)).toEqual([
      { id: '4 100 2', time: 4, price: 100, amount: 1, takerSide: null },
      { id: '7', time: 5, price: 100, amount: 1, takerSide: 'sell' },
    ]);
  });

  test.each([
    ['no time', { timestamp: undefined }],
    ['no price', { price: '0' }],
    ['no amount', { amount: '-1' }],
    ['no number', { price: 'high' }],
  ])('with %s are left out', (_, lie) => {
    expect(readTrades([{ ...trade, ...lie }, trade], 1)).toHaveLength(1);
  });

  test('that are no list are an error', () => {
    expect(() => readTrades({ error: 'busy' }, 1)).toThrow(VenueError);
  });
});
