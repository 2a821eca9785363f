import { describe, expect, test } from 'vitest';
import { VenueError } from '../../../domain/index.ts';
import {
  childOf,
  feeAssetOf,
  listOf,
  type ReadingContext,
  readAssets,
  readFill,
  readOrder,
  readPosition,
  refOfRow,
} from './reading.ts';
import { contextOf, knownDialect, orderRow, tradeRow } from './testing/fake-ccxt.ts';

const SPOT = knownDialect('binance');
const FUTURES = knownDialect('binanceusdm');
const context = (changes: Partial<ReadingContext> = {}): ReadingContext => ({
  ...contextOf(SPOT),
  ...changes,
});

const ORDER = orderRow({ reduceOnly: null, lastUpdateTimestamp: 2_000 });

describe('an order', () => {
  test('is read whole', () => {
    const { amount, filledAmount, limitPrice, ...rest } = readOrder(ORDER, context());
    expect([amount, filledAmount, limitPrice].map((each) => each?.toFixed())).toEqual(['0.5', '0', '100.1']);
    expect(rest).toEqual({
      clientOrderId: 'sAbC',
      venueOrderId: '17',
      parentVenueOrderId: null,
      symbol: 'BTC/USDT',
      side: 'buy',
      type: 'limit',
      stopPrice: null,
      reduceOnly: false,
      status: 'OPEN',
      reason: null,
      updatedAt: 2_000,
    });
  });

  test.each([
    ['open', '0', 'OPEN'],
    ['open', '0.2', 'PARTIALLY_FILLED'],
    ['canceling', '0', 'OPEN'],
    ['closed', '0.5', 'FILLED'],
    ['closed', '0', 'EXPIRED'],
    ['canceled', '0.2', 'CANCELED'],
    ['expired', '0', 'EXPIRED'],
    ['rejected', '0', 'REJECTED'],
  ])('told as %s with %s filled is %s', (status, filled, expected) => {
    expect(readOrder({ ...ORDER, status, filled }, context()).status).toBe(expected);
  });

  test.each([
    ['a market order', { type: 'market', price: undefined }, 'market', null, null],
    ['a stop told as a market order', { type: 'market', triggerPrice: '90' }, 'stop', null, '90'],
    [
      'an order streamed with a stop of nothing',
      { triggerPrice: '0.00', stopLossPrice: '0' },
      'limit',
      '100.1',
      null,
    ],
    ['a stop told by its other name', { type: undefined, stopLossPrice: '91' }, 'stop', null, '91'],
    ['a stop with a limit', { type: 'limit', triggerPrice: '90' }, 'stop', null, '90'],
    ['a limit that does not tell its price', { price: undefined }, 'limit', null, null],
  ])('C31 %s', (_name, changes, type, limit, stop) => {
    const read = readOrder({ ...ORDER, ...changes }, context());
    expect(read.type).toBe(type);
    expect(read.limitPrice?.toFixed() ?? null).toBe(limit);
    expect(read.stopPrice?.toFixed() ?? null).toBe(stop);
  });

  test('C8 has the id that we gave it, not the one that the reply to a cancel has', () => {
    const info = { origClientOrderId: 'sMine' };
    expect(readOrder({ ...ORDER, clientOrderId: 'random', info }, context()).clientOrderId).toBe('sMine');
    const byHand = { ...ORDER, clientOrderId: undefined, info: { origClientOrderId: '' } };
    expect(readOrder(byHand, context()).clientOrderId).toBeNull();
    const ofFutures = readOrder({ ...ORDER, info }, context({ dialect: FUTURES }));
    expect(ofFutures.clientOrderId).toBe('sAbC');
  });

  test.each([
    ['binance', 'sell', undefined, true],
    ['binance', 'buy', undefined, false],
    ['binanceusdm', 'sell', undefined, false],
    ['binanceusdm', 'buy', true, true],
  ])('at %s to %s, told as reduce-only %s, may only reduce: %s', (id, side, reduceOnly, expected) => {
    const dialect = knownDialect(id);
    expect(readOrder({ ...ORDER, side, reduceOnly }, context({ dialect })).reduceOnly).toBe(expected);
  });

  test('is counted in coins where the venue counts in contracts, and in what it counts where we do not know', () => {
    const amounts = ['BTC/USDT:USDT', 'NEW/USDT'].map((symbol) =>
      readOrder({ ...ORDER, symbol, amount: '50' }, context()).amount.toFixed(),
    );
    expect(amounts).toEqual(['0.5', '50']);
  });

  test('is as old as the reply says, or as new as it is here', () => {
    const undated = { ...ORDER, lastUpdateTimestamp: undefined };
    expect(readOrder(undated, context()).updatedAt).toBe(1_000);
    expect(readOrder({ ...undated, timestamp: undefined }, context()).updatedAt).toBe(9_000);
    expect(
      readOrder({ ...ORDER, filled: undefined, info: undefined }, context()).filledAmount.toFixed(),
    ).toBe('0');
  });

  test.each<[string, unknown]>([
    ['without an id', { ...ORDER, id: undefined }],
    ['without a status', { ...ORDER, status: undefined }],
    ['with an amount that is no number', { ...ORDER, amount: 'NaN' }],
    ['that is nothing', undefined],
  ])('%s leaves the matter open', (_name, reply) => {
    expect(() => readOrder(reply, context())).toThrow(VenueError);
    expect(() => readOrder(reply, context())).toThrow('the venue’s order cannot be read');
  });
});

test('a list is a list, also of nothing, and nothing else is', () => {
  expect(listOf([1, 2], Number)).toEqual([1, 2]);
  expect(listOf([], Number)).toEqual([]);
  expect(() => listOf({}, Number)).toThrow(VenueError);
});

test.each<[unknown, string | null]>([
  ['88', '88'],
  [88, '88'],
  ['', null],
  ['0', null],
  [0, null],
  [undefined, null],
])('a stop that says it became %s has become %s', (actualOrderId, child) => {
  expect(childOf({ info: { actualOrderId } }, FUTURES)).toBe(child);
  expect(childOf({ info: { actualOrderId } }, SPOT)).toBeNull();
});

test('a row tells how its order is asked about', () => {
  expect(refOfRow(ORDER, context())).toEqual({
    symbol: 'BTC/USDT',
    venueOrderId: '17',
    clientOrderId: 'sAbC',
    type: 'market',
  });
  expect(refOfRow({ ...ORDER, triggerPrice: '90' }, context()).type).toBe('stop');
  expect(refOfRow({ ...ORDER, stopLossPrice: '90' }, context()).type).toBe('stop');
});

const TRADE = tradeRow();

describe('a trade', () => {
  test('is read whole', () => {
    const { price: at, amount, fee, ...rest } = readFill(TRADE, context());
    expect([at, amount, fee?.amount, fee?.quoteValue].map((each) => each?.toFixed())).toEqual([
      '100',
      '0.5',
      '0.05',
      '0.05',
    ]);
    expect(rest).toEqual({
      tradeId: '5',
      clientOrderId: null,
      venueOrderId: '17',
      symbol: 'BTC/USDT',
      side: 'sell',
      liquidity: 'maker',
      time: 3_000,
    });
  });

  test.each<[string, unknown, string | null]>([
    ['in coins', { currency: 'BTC', cost: '0.001' }, '0.1'],
    ['in a third asset', { currency: 'BNB', cost: '0.001' }, '0.6'],
    ['in an asset of unknown worth', { currency: 'XYZ', cost: '1' }, null],
    ['that is not told', undefined, null],
    ['without an amount', { currency: 'USDT' }, null],
    ['without an asset', { cost: '1' }, null],
  ])('with a fee %s', (_name, fee, worth) => {
    expect(readFill({ ...TRADE, fee }, context()).fee?.quoteValue.toFixed() ?? null).toBe(worth);
  });

  test.each([
    ['BNB', 'BNB'],
    ['', 'BTC'],
    [undefined, 'BTC'],
  ])('B17 with a fee of BTC by ccxt’s word and of %j by the venue’s is of %s', (feeCurrency, asset) => {
    const told = { ...TRADE, fee: { currency: 'BTC', cost: '0.001' }, info: { feeCurrency } };
    expect(readFill(told, contextOf(knownDialect('bybit'))).fee?.asset).toBe(asset);
  });

  test.each([1_700_000_000_123_456, 1_700_000_000_123])(
    'at %d was made at that time in milliseconds',
    (timestamp) => {
      expect(readFill({ ...TRADE, timestamp }, context()).time).toBe(1_700_000_000_123);
    },
  );

  test('of an order of ours is told as that', () => {
    expect(readFill({ ...TRADE, order: '99' }, context()).clientOrderId).toBe('sOurs');
  });

  test('of nobody’s order, by a taker', () => {
    const { venueOrderId, liquidity } = readFill({ ...TRADE, order: null, takerOrMaker: null }, context());
    expect([venueOrderId, liquidity]).toEqual([null, 'taker']);
  });

  test.each<[unknown, string | null]>([
    [{ currency: 'BNB', cost: '1' }, 'BNB'],
    [{ currency: 'BTC', cost: '1' }, null],
    [{ currency: 'USDT', cost: '1' }, null],
    [undefined, null],
  ])('whose fee is %o asks for the worth of %s', (fee, asset) => {
    expect(feeAssetOf({ ...TRADE, fee }, context())).toBe(asset);
  });
});

test('what is held is read by asset, and an account that is none is no empty one', () => {
  const held = readAssets({ free: { USDT: '7' }, total: { USDT: '9', BTC: '0', XYZ: undefined } }, null);
  expect([...held].map(([asset, { total, free }]) => [asset, `${total}`, `${free}`])).toEqual([
    ['USDT', '9', '7'],
    ['BTC', '0', '0'],
  ]);
  expect(() => readAssets({ free: {} }, null)).toThrow(VenueError);
});

test('an open loss takes no money out of an account, and an open profit brings none', () => {
  const { money } = knownDialect('binanceusdm');
  const told = { free: { USDT: '7' }, total: { USDT: '93.5', BTC: '0' } };
  const rows = [
    { asset: 'BTC', walletBalance: '0' },
    { asset: 'USDT', walletBalance: '100', marginBalance: '93.5' },
  ];
  const held = readAssets({ ...told, info: { assets: rows } }, money);
  expect([...held].map(([asset, { total, free }]) => [asset, `${total}`, `${free}`])).toEqual([
    ['USDT', '100', '7'],
    ['BTC', '0', '0'],
  ]);
  for (const assets of [undefined, [], [{ asset: 'USDT' }], ['USDT']])
    expect(() => readAssets({ ...told, info: { assets } }, money)).toThrow(VenueError);
});

test.each([
  ['long', '3', '0.03'],
  ['short', '3', '-0.03'],
  [undefined, undefined, '0'],
])('a %s position of %s contracts is %s coins', (side, contracts, coins) => {
  const [symbol, amount] = readPosition({ symbol: 'BTC/USDT:USDT', side, contracts }, context());
  expect([symbol, amount.toFixed()]).toEqual(['BTC/USDT:USDT', coins]);
});

test.each<[string, Readonly<Record<string, unknown>>, string, string | null]>([
  [
    'refused by the matching',
    { status: 'canceled', info: { rejectReason: 'EC_Take' } },
    'REJECTED',
    'EC_Take',
  ],
  [
    'filled in part before',
    { status: 'canceled', filled: '0.1', info: { rejectReason: 'EC_Take' } },
    'CANCELED',
    null,
  ],
  ['ended for another reason', { status: 'canceled', info: { rejectReason: 'EC_Asked' } }, 'CANCELED', null],
  ['ended without a word', { status: 'canceled' }, 'CANCELED', null],
])('B6 an order that was %s', (_name, row, status, reason) => {
  const refusals = { field: 'rejectReason', words: new Set(['EC_Take']) };
  const context = contextOf({ ...knownDialect('binance'), refusals });
  expect(readOrder(orderRow(row), context)).toMatchObject({ status, reason });
});
