import { describe, expect, test } from 'vitest';
import { fillOf } from '../../../tests/contracts/builders.ts';
import {
  assetAmount,
  baseAmount,
  clientOrderId,
  price,
  type SimulatedVenueState,
  text,
  type VenueOrder,
  venueOrderId,
} from '../../domain/index.ts';
import { storeOverRestarts, temporaryDatabases } from '../testing/temporary-databases.ts';
import { SqliteVenueStore } from './venue-store.ts';

const { make, reopen } = storeOverRestarts((database) => new SqliteVenueStore(database));
const { open } = temporaryDatabases();

const NOTHING: SimulatedVenueState = { orders: [], fills: [], balances: new Map(), appliedUntil: new Map() };

function venueOrderOf(id: string, given: Partial<VenueOrder> = {}): VenueOrder {
  return {
    clientOrderId: clientOrderId(id),
    venueOrderId: venueOrderId(`v-${id}`),
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
      ],
      fills: [fill],
      balances: new Map([['USDT', assetAmount('-0.000000000000000001')]]),
      appliedUntil: new Map([['BTC/USDT', 1_700_000_000_000]]),
    };
    store.save(state);
    const read = reopen(store).load();
    expect(read).toEqual(state);
    expect(read.orders.map((order) => text(order.amount))).toEqual([
      '0.000000000000000001',
      '0.000000000000000001',
    ]);
    expect(read.fills.map((each) => text(each.amount))).toEqual(['123456789.123456789']);
  });

  test('a later save changes what it names and keeps the rest', () => {
    const store = make();
    store.save({
      ...NOTHING,
      orders: [venueOrderOf('a'), venueOrderOf('b')],
      balances: new Map([['USDT', assetAmount(1)]]),
    });
    store.save({
      ...NOTHING,
      orders: [venueOrderOf('a', { status: 'CANCELED', reason: 'by the trader' })],
      balances: new Map([['BTC', assetAmount(2)]]),
      appliedUntil: new Map([['BTC/USDT', 7]]),
    });
    const { orders, balances, appliedUntil } = reopen(store).load();
    expect(orders.map((order) => [order.clientOrderId, order.status])).toEqual([
      ['a', 'CANCELED'],
      ['b', 'OPEN'],
    ]);
    expect([...balances.keys()].sort()).toEqual(['BTC', 'USDT']);
    expect(appliedUntil.get('BTC/USDT')).toBe(7);
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
