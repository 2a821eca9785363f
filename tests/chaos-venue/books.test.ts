import { describe, expect, test } from 'vitest';
import { assetAmount } from '../../core/domain/index.ts';
import { type Books, countFuturesTrade, countSpotTrade, differences, Flows } from './books.ts';

const BOOKS: Books = {
  trades: [
    { id: 'BTCUSDT 1', words: 'buy 0.1 at 60000 fee 6 USDT' },
    { id: 'BTCUSDT 2', words: 'sell 0.1 at 60100 fee 6.01 USDT' },
  ],
  orders: [
    { clientId: 'a', status: 'FILLED', filled: '0.1' },
    { clientId: 'b', status: 'CANCELED', filled: '0' },
  ],
  flows: new Map([['USDT', assetAmount('-2.01')]]),
  funding: ['-0.12', '0.03'],
};

const ledger = (change: Partial<Books>): readonly string[] => differences(BOOKS, { ...BOOKS, ...change });
const [first] = BOOKS.trades;
const [filled, canceled] = BOOKS.orders;

test('books that agree have no differences', () => {
  expect(ledger({})).toEqual([]);
});

describe('a ledger is found wrong that', () => {
  test.each<[string, Partial<Books>, string]>([
    ['lacks a trade', { trades: BOOKS.trades.slice(1) }, 'trade BTCUSDT 1 was'],
    ['has one that never was', { trades: [...BOOKS.trades, { id: 'x', words: '' }] }, 'never was'],
    ['has one twice', { trades: [first, ...BOOKS.trades].flatMap((one) => one ?? []) }, 'twice'],
    [
      'is wrong in the last digit of a fee',
      {
        trades: [first, { id: 'BTCUSDT 2', words: 'sell 0.1 at 60100 fee 6.011 USDT' }].flatMap(
          (one) => one ?? [],
        ),
      },
      'fee 6.011 USDT',
    ],
    ['lacks an order', { orders: BOOKS.orders.slice(1) }, 'the ledger says nothing'],
    [
      'takes an open order for ended',
      { orders: [{ clientId: 'a', status: 'OPEN', filled: '0.1' }, canceled].flatMap((one) => one ?? []) },
      'OPEN',
    ],
    [
      'has filled less of one',
      { orders: [{ clientId: 'a', status: 'FILLED', filled: '0.09' }, canceled].flatMap((one) => one ?? []) },
      '0.09',
    ],
    [
      'is in doubt about one',
      { orders: [...BOOKS.orders, { clientId: 'c', status: 'UNKNOWN', filled: '0' }] },
      'still in doubt',
    ],
    [
      'has one working that the venue never had',
      { orders: [...BOOKS.orders, { clientId: 'c', status: 'OPEN', filled: '0' }] },
      'never had it',
    ],
    [
      'has one filled that the venue never had',
      { orders: [...BOOKS.orders, { clientId: 'c', status: 'CANCELED', filled: '0.01' }] },
      'never had it',
    ],
    [
      'is a hundred-millionth off in money',
      { flows: new Map([['USDT', assetAmount('-2.01000001')]]) },
      'USDT changed by -2.01',
    ],
    [
      'has coins that are not there',
      { flows: new Map([...BOOKS.flows, ['BTC', assetAmount('0.1')]]) },
      'BTC changed by 0',
    ],
    ['lacks a funding payment', { funding: ['-0.12'] }, 'funding was'],
  ])('%s', (_what, change, words) => {
    const found = ledger(change);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(words);
  });
});

test('an order that was refused and never came to the venue is no difference', () => {
  const refused = { clientId: 'c', status: 'REJECTED', filled: '0' };
  expect(ledger({ orders: [filled, canceled, refused].flatMap((one) => one ?? []) })).toEqual([]);
});

test('both sides of a spot trade and its fee are counted, in whatever asset it was', () => {
  const flows = new Flows();
  const buy = { side: 'buy', price: '60000', amount: '0.1', fee: '0.0001', feeAsset: 'BTC' };
  countSpotTrade(flows, { base: 'BTC', quote: 'USDT', ...buy });
  expect([...flows.totals].map(([name, amount]) => [name, amount.toFixed()])).toEqual([
    ['BTC', '0.0999'],
    ['USDT', '-6000'],
  ]);
});

test('a short is contracts below zero and money above', () => {
  const flows = new Flows();
  countFuturesTrade(flows, 'BTCUSDT', {
    side: 'sell',
    price: '60000',
    amount: '0.1',
    fee: '3',
    feeAsset: 'USDT',
  });
  expect([...flows.totals].map(([name, amount]) => [name, amount.toFixed()])).toEqual([
    ['BTCUSDT', '-0.1'],
    ['USDT', '5997'],
  ]);
});
