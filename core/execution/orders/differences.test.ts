import { describe, expect, test } from 'vitest';
import { intentOf } from '../../../tests/contracts/builders.ts';
import {
  assetAmount,
  baseAmount,
  newOrder,
  type Order,
  type VenueOrder,
  venueOrderId,
} from '../../domain/index.ts';
import {
  type Comparison,
  compare,
  describe as inWords,
  type LocalView,
  type VenueView,
} from './differences.ts';

const SYMBOL = 'BTC/USDT';
const OURS: Comparison = { account: 'ours', lotSize: () => baseAmount('0.001') };
const SHARED: Comparison = { ...OURS, account: 'shared' };

function here(given: Partial<Order> = {}): Order {
  const intent = intentOf('x', { limitPrice: 95 });
  return { ...newOrder(intent), status: 'OPEN', venueOrderId: venueOrderId('v'), ...given };
}

function there(given: Partial<VenueOrder> = {}): VenueOrder {
  const { clientOrderId, symbol, side, type, amount, limitPrice, stopPrice, reduceOnly } = here();
  return {
    ...{ clientOrderId, symbol, side, type, amount, limitPrice, stopPrice, reduceOnly },
    venueOrderId: venueOrderId('v'),
    parentVenueOrderId: null,
    filledAmount: baseAmount(0),
    status: 'OPEN',
    reason: null,
    updatedAt: 1,
    ...given,
  };
}

function differing(
  local: Partial<LocalView>,
  venue: { readonly openOrders?: VenueView['openOrders']; readonly account?: Partial<VenueView['account']> },
  comparison = OURS,
) {
  const nothing = {
    unfinished: [],
    ownerOf: () => undefined,
    isReplaced: () => false,
    positions: new Map(),
    coins: new Map(),
    assets: new Map(),
  };
  const account = { time: 1, assets: new Map(), positions: new Map(), ...venue.account };
  return compare({ ...nothing, ...local }, { openOrders: venue.openOrders ?? [], account }, comparison);
}

const kinds = (...given: Parameters<typeof differing>) => differing(...given).map(({ kind }) => kind);
const asset = (total: number) => ({ total: assetAmount(total), free: assetAmount(total) });

describe('orders', () => {
  const known = (order: Order): Partial<LocalView> => ({ unfinished: [order], ownerOf: () => order });

  test('that are the same here and there do not differ', () => {
    expect(kinds(known(here()), { openOrders: [there()] })).toEqual([]);
  });

  test.each([
    ['missing-at-venue', known(here()), []],
    ['unknown-here', {}, [there()]],
    ['ended-here', { ownerOf: () => here({ status: 'CANCELED' }) }, [there()]],
    ['order-differs', known(here()), [there({ status: 'PARTIALLY_FILLED' })]],
    ['order-differs', known(here()), [there({ filledAmount: baseAmount('0.5') })]],
    ['order-differs', known(here({ venueOrderId: null })), [there()]],
  ] as const)('%s', (kind, local, openOrders) => {
    expect(kinds(local, { openOrders })).toEqual([kind]);
  });

  test('that the venue has replaced by another are judged by that one', () => {
    const parentVenueOrderId = venueOrderId('v');
    const child = there({ venueOrderId: venueOrderId('child'), parentVenueOrderId, clientOrderId: null });
    const order = here({ venueOrderId: venueOrderId('child') });
    const local = { ...known(order), isReplaced: (_: Order, told: VenueOrder) => told !== child };
    expect(kinds(local, { openOrders: [child, there({ status: 'PARTIALLY_FILLED' })] })).toEqual([]);
    expect(kinds(known(here()), { openOrders: [child] })).toEqual(['order-differs']);
  });
});

describe('positions', () => {
  const positions = (quantity: number | string, symbol = SYMBOL) => new Map([[symbol, baseAmount(quantity)]]);

  test('differ from a lot on', () => {
    expect(kinds({ positions: positions(1) }, { account: { positions: positions('1.0009') } })).toEqual([]);
    expect(kinds({ positions: positions(1) }, { account: { positions: positions('1.001') } })).toEqual([
      'position-differs',
    ]);
    expect(kinds({ positions: positions(1) }, {})).toEqual(['position-differs']);
  });

  test('are compared exactly where the lot is not known', () => {
    const comparison = { ...OURS, lotSize: () => baseAmount(0) };
    expect(kinds({ positions: positions(1) }, { account: { positions: positions(1) } }, comparison)).toEqual(
      [],
    );
    expect(
      kinds({ positions: positions(1) }, { account: { positions: positions('1.00001') } }, comparison),
    ).toEqual(['position-differs']);
  });

  test('in a symbol that we do not trade are a difference in an account of ours only', () => {
    const account = { positions: positions(2, 'ETH/USDT:USDT') };
    expect(kinds({}, { account })).toEqual(['position-differs']);
    expect(kinds({}, { account }, SHARED)).toEqual([]);
  });
});

describe('coins', () => {
  test.each([
    ['1', []],
    ['-0.0009', []],
    ['-0.001', ['sold-too-much']],
  ])('of which %s are ours', (amount, expected) => {
    expect(kinds({ coins: new Map([[SYMBOL, baseAmount(amount)]]) }, {}, SHARED)).toEqual(expected);
  });
});

describe('balances', () => {
  const assets = new Map([['BTC', assetAmount(1)]]);

  test.each([
    [OURS, asset(1), []],
    [OURS, asset(2), ['balance-differs']],
    [OURS, asset(0), ['balance-differs']],
    [SHARED, asset(1), []],
    [SHARED, asset(2), []],
    [SHARED, asset(0), ['balance-differs']],
  ] as const)('%o with %o', (comparison, balance, expected) => {
    expect(kinds({ assets }, { account: { assets: new Map([['BTC', balance]]) } }, comparison)).toEqual(
      expected,
    );
  });

  test('of what is not there, or not ours', () => {
    expect(kinds({ assets }, {})).toEqual(['balance-differs']);
    expect(kinds({}, { account: { assets: new Map([['ETH', asset(1)]]) } })).toEqual(['balance-differs']);
    expect(kinds({}, { account: { assets: new Map([['ETH', asset(1)]]) } }, SHARED)).toEqual([]);
  });
});

test('each kind of difference has its words', () => {
  const base = { symbol: SYMBOL, order: here(), venue: there({ status: 'PARTIALLY_FILLED' }) };
  const words = [
    inWords({ ...base, kind: 'missing-at-venue' }),
    inWords({ ...base, kind: 'unknown-here' }),
    inWords({ ...base, kind: 'unknown-here', venue: there({ clientOrderId: null }) }),
    inWords({ ...base, kind: 'ended-here', order: here({ status: 'CANCELED' }) }),
    inWords({ ...base, kind: 'order-differs' }),
    inWords({ symbol: SYMBOL, kind: 'position-differs', local: baseAmount(1), venue: baseAmount(2) }),
    inWords({ symbol: SYMBOL, kind: 'sold-too-much', amount: baseAmount(1) }),
    inWords({ asset: 'BTC', kind: 'balance-differs', local: assetAmount(1), venue: assetAmount(2) }),
  ];
  expect(words).toEqual([
    "BTC/USDT: order x is not among the venue's open orders",
    'BTC/USDT: the venue works an order that is not ours, x',
    'BTC/USDT: the venue works an order that is not ours, v',
    'BTC/USDT: order x is CANCELED here but works at the venue',
    'BTC/USDT: order x is OPEN here, PARTIALLY_FILLED at the venue',
    'BTC/USDT: the position is 1 here, 2 at the venue',
    'BTC/USDT: 1 more were sold than were ours',
    'BTC: 1 should be there, the venue has 2',
  ]);
});
