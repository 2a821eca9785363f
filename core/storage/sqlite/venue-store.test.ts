import { describe, expect, test } from 'vitest';
import { fillOf } from '../../../tests/contracts/builders.ts';
import {
  accountEventId,
  assetAmount,
  baseAmount,
  clientOrderId,
  flatPosition,
  price,
  quoteAmount,
  type SimulatedVenueState,
  text,
  tradeId,
  type VenueBeginning,
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
  positions: new Map(),
  activeAt: new Map(),
  expiresAt: new Map(),
  accountEvents: [],
};

const { fills: _none, ...FIRST } = NOTHING;
const AT_FIRST: VenueBeginning = { ...FIRST, orderCount: 0, fillCounts: new Map() };

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
    expect(make().load()).toEqual(AT_FIRST);
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
      positions: new Map([
        [
          'BTC/USDT:USDT',
          { ...flatPosition('BTC/USDT:USDT'), quantity: baseAmount('-0.000000000000000001') },
        ],
      ]),
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
    const again = reopen(store);
    const read = again.load();
    const { fills, ...rest } = state;
    expect(read).toEqual({ ...rest, orderCount: 4, fillCounts: new Map([['BTC/USDT', 2]]) });
    expect(again.fills('BTC/USDT', 0, 9)).toEqual(fills);
    expect(new Set(read.orders.map((order) => text(order.amount)))).toEqual(
      new Set(['0.000000000000000001']),
    );
    expect(again.fills('BTC/USDT', 0, 9).map((each) => text(each.amount))).toEqual([
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
    const again = reopen(store);
    const { orders, orderCount, balances, appliedUntil, activeAt } = again.load();
    // What has ended is there for whoever asks, and not at the start.
    expect(orders.map((order) => [order.clientOrderId, order.status])).toEqual([['b', 'OPEN']]);
    expect(orderCount).toBe(2);
    expect(again.order({ clientOrderId: clientOrderId('a') })).toMatchObject({
      ...{ status: 'CANCELED', reason: 'by the trader' },
    });
    expect(again.order({ venueOrderId: venueOrderId('v-a') })?.status).toBe('CANCELED');
    expect(again.order({ clientOrderId: clientOrderId('x') })).toBeUndefined();
    expect([...balances.keys()].sort()).toEqual(['BTC', 'USDT']);
    expect(appliedUntil.get('BTC/USDT')).toBe(7);
    expect([...activeAt]).toEqual([['v-b', 2]]);
  });

  test('a fill saved twice is there once', () => {
    const store = make();
    const { purpose: _purpose, ...fill } = fillOf('t1', 'a');
    store.save({ ...NOTHING, fills: [fill] });
    store.save({ ...NOTHING, fills: [fill] });
    expect(store.fills('BTC/USDT', 0, 9)).toHaveLength(1);
  });

  test('fills are given from any place among those of their symbol, and counted up to a moment', () => {
    const store = make();
    const { purpose: _purpose, ...fill } = fillOf('t1', 'a');
    const fills = [1, 2, 2, 3, 4].map((time, index) => ({ ...fill, tradeId: tradeId(`t${index}`), time }));
    const other = { ...fill, tradeId: tradeId('x'), symbol: 'ETH/USDT', time: 2 };
    store.save({ ...NOTHING, fills: [...fills.slice(0, 2), other, ...fills.slice(2)] });
    const ids = (from: number, count: number): readonly string[] =>
      store.fills('BTC/USDT', from, count).map((each) => each.tradeId);
    expect([ids(0, 2), ids(2, 2), ids(4, 9), ids(5, 1)]).toEqual([['t0', 't1'], ['t2', 't3'], ['t4'], []]);
    expect([0, 2, 3, 9].map((time) => store.fillsBefore('BTC/USDT', time))).toEqual([0, 1, 3, 5]);
    expect(store.load().fillCounts).toEqual(
      new Map([
        ['BTC/USDT', 5],
        ['ETH/USDT', 1],
      ]),
    );
  });

  test('a start and a look-up go by an index, however much there is', () => {
    const database = open();
    const plans: string[] = [];
    const prepare = database.prepare.bind(database);
    const planOf = (sql: string, ...given: readonly unknown[]): void => {
      for (const { detail } of prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...given) as { detail: string }[])
        plans.push(detail);
    };
    planOf(`SELECT document FROM venue_orders WHERE json_extract(document, '$.status') NOT IN
      ('FILLED', 'CANCELED', 'REJECTED', 'EXPIRED') ORDER BY sequence`);
    planOf('SELECT document FROM venue_orders WHERE client_order_id = ? ORDER BY sequence DESC LIMIT 1', 'a');
    planOf(
      `SELECT document FROM venue_fills WHERE json_extract(document, '$.symbol') = ?
        ORDER BY json_extract(document, '$.time'), sequence LIMIT ? OFFSET ?`,
      ...['BTC/USDT', 1, 0],
    );
    expect(plans).toEqual([
      expect.stringContaining('venue_orders_working'),
      expect.stringContaining('venue_orders_by_client'),
      expect.stringContaining('venue_fills_by_time'),
    ]);
  });

  test('a save that fails half-way saves nothing', () => {
    const database = open();
    const store = new SqliteVenueStore(database);
    database.exec(
      "CREATE TRIGGER fault BEFORE INSERT ON venue_applied BEGIN SELECT RAISE(ABORT, 'fault'); END",
    );
    const change = { ...NOTHING, orders: [venueOrderOf('a')], appliedUntil: new Map([['BTC/USDT', 7]]) };
    expect(() => store.save(change)).toThrow('fault');
    expect(store.load()).toEqual(AT_FIRST);
  });
});
