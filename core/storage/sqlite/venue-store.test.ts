import { describe, expect, test } from 'vitest';
import { fillOf } from '../../../tests/contracts/builders.ts';
import {
  accountEventId,
  assetAmount,
  baseAmount,
  clientOrderId,
  price,
  quoteAmount,
  type SimulatedVenueState,
  text,
  tradeId,
  type VenueOrder,
  venueOrderId,
} from '../../domain/index.ts';
import { storeOverRestarts, temporaryDatabases } from '../testing/temporary-databases.ts';
import { SqliteVenueStore } from './venue-store.ts';

const { make, reopen } = storeOverRestarts((database) => new SqliteVenueStore(database));
const { open } = temporaryDatabases();

const NOTHING: Required<SimulatedVenueState> = {
  orders: [],
  fills: [],
  balances: new Map(),
  appliedUntil: new Map(),
  activeAt: new Map(),
  expiresAt: new Map(),
  accountEvents: [],
};

function venueOrderOf(id: string, given: Partial<VenueOrder> = {}): VenueOrder {
  return {
    clientOrderId: clientOrderId(id),
    venueOrderId: venueOrderId(`v-${id}`),
    parentVenueOrderId: null,
    symbol: 'BTC/USDT',
    side: 'sell',
    type: 'stop',
    amount: baseAmount('0.000000000000000001'),
    filledAmount: baseAmount(0),
    limitPrice: null,
    stopPrice: price('64000.000000001'),
    reduceOnly: true,
    status: 'OPEN',
    reason: null,
    updatedAt: 5,
    ...given,
  };
}

describe('SqliteVenueStore', () => {
  test('a new venue has nothing', () => {
    expect(make().load()).toEqual(NOTHING);
  });

  test('everything is read back exactly, in the order in which it came', () => {
    const store = make();
    const { purpose: _purpose, ...fill } = fillOf('t1', 'b', {
      price: '0.00000001',
      amount: '123456789.123456789',
    });
    const state: SimulatedVenueState = {
      orders: [
        venueOrderOf('b'),
        venueOrderOf('a', { limitPrice: price('1e-8'), stopPrice: null, type: 'limit' }),
        venueOrderOf('child', { clientOrderId: null, parentVenueOrderId: venueOrderId('v-b') }),
        venueOrderOf('another', { clientOrderId: null }),
      ],
      fills: [
        { ...fill, venueOrderId: venueOrderId('v-b') },
        { ...fill, tradeId: tradeId('t2'), clientOrderId: null, venueOrderId: null, fee: null },
      ],
      balances: new Map([['USDT', assetAmount('-0.000000000000000001')]]),
      appliedUntil: new Map([['BTC/USDT', 1_700_000_000_000]]),
      activeAt: new Map([[venueOrderId('v-a'), 1_700_000_000_250]]),
      expiresAt: new Map([[venueOrderId('v-b'), 1_700_003_600_000]]),
      accountEvents: [
        {
          id: accountEventId('w1'),
          kind: 'withdrawal',
          asset: 'USDT',
          amount: assetAmount('-0.000000000000000001'),
          quoteValue: quoteAmount('-0.000000000000000001'),
          symbol: null,
          tradeId: null,
          time: 3,
          note: 'by the trader',
        },
      ],
    };
    store.save(state);
    const read = reopen(store).load();
    expect(read).toEqual(state);
    expect(new Set(read.orders.map((order) => text(order.amount)))).toEqual(
      new Set(['0.000000000000000001']),
    );
    expect(read.fills.map((each) => text(each.amount))).toEqual([
      '123456789.123456789',
      '123456789.123456789',
    ]);
  });

  test('a later save changes what it names and keeps the rest', () => {
    const store = make();
    store.save({
      ...NOTHING,
      orders: [venueOrderOf('a'), venueOrderOf('b')],
      activeAt: new Map([
        [venueOrderId('v-a'), 1],
        [venueOrderId('v-b'), 2],
      ]),
      balances: new Map([['USDT', assetAmount(1)]]),
    });
    store.save({
      ...NOTHING,
      orders: [venueOrderOf('a', { status: 'CANCELED', reason: 'by the trader' })],
      balances: new Map([['BTC', assetAmount(2)]]),
      appliedUntil: new Map([['BTC/USDT', 7]]),
    });
    const { orders, balances, appliedUntil, activeAt } = reopen(store).load();
    expect(orders.map((order) => [order.clientOrderId, order.status])).toEqual([
      ['a', 'CANCELED'],
      ['b', 'OPEN'],
    ]);
    expect([...balances.keys()].sort()).toEqual(['BTC', 'USDT']);
    expect(appliedUntil.get('BTC/USDT')).toBe(7);
    expect([...(activeAt ?? [])]).toEqual([
      ['v-a', 1],
      ['v-b', 2],
    ]);
  });

  test('a fill saved twice is there once', () => {
    const store = make();
    const { purpose: _purpose, ...fill } = fillOf('t1', 'a');
    store.save({ ...NOTHING, fills: [fill] });
    store.save({ ...NOTHING, fills: [fill] });
    expect(store.load().fills).toHaveLength(1);
  });

  test('a save that fails half-way saves nothing', () => {
    const database = open();
    const store = new SqliteVenueStore(database);
    database.exec(
      "CREATE TRIGGER fault BEFORE INSERT ON venue_applied BEGIN SELECT RAISE(ABORT, 'fault'); END",
    );
    const change = { ...NOTHING, orders: [venueOrderOf('a')], appliedUntil: new Map([['BTC/USDT', 7]]) };
    expect(() => store.save(change)).toThrow('fault');
    expect(store.load()).toEqual(NOTHING);
  });
});
