import { describe, expect, test } from 'vitest';
import { intentOf, refTo } from '../../../../tests/contracts/builders.ts';
import {
  flat,
  instrumentOf,
  memoryVenueStore,
  SPOT,
  STEP_MS,
  testVenue,
} from '../../../../tests/contracts/simulated-venue.ts';
import { VenueError } from '../../../domain/index.ts';

const OLD = 'SOL/USDT';
const OLD_PERPETUAL = 'SOL/USDT:USDT';

/** A venue that traded symbols with a coin and an order in each, and the same one where none is listed any more. */
async function delisted(symbols: readonly string[] = [OLD, OLD_PERPETUAL]) {
  const store = memoryVenueStore();
  const first = testVenue({ store, instruments: symbols.map((symbol) => instrumentOf(symbol)) });
  for (const symbol of symbols) {
    first.step(symbol, flat(100));
    await first.exchange.submit(intentOf(`in ${symbol}`, { symbol }));
    first.step(symbol, flat(100));
    const expiresAt = first.clock.now() + 3 * STEP_MS;
    await first.exchange.submit(intentOf(`no ${symbol}`, { symbol, limitPrice: 90, expiresAt }));
  }
  return { first, second: testVenue({ store, instruments: [instrumentOf(SPOT)], start: first.clock.now() }) };
}

describe('symbols of old trades that are listed no longer', () => {
  test('do not keep the venue from opening and trading', async () => {
    const { second } = await delisted();
    expect(second.exchange.connection.state).toBe('connected');
    expect(second.exchange.instrument(OLD)).toBeUndefined();
    second.step(SPOT, flat(50));
    await second.exchange.submit(intentOf('b'));
    second.step(SPOT, flat(50));
    expect(second.fills()).toEqual(['buy 1@50 taker']);
  });

  test('keep their orders, which can be looked up and cancelled', async () => {
    const { first, second } = await delisted();
    expect(await second.exchange.openOrders()).toEqual(await first.exchange.openOrders());
    expect(await second.exchange.openOrders()).toHaveLength(2);
    const ref = refTo(`no ${OLD}`, { symbol: OLD, type: 'limit' });
    expect(await second.exchange.order(ref)).toMatchObject({ kind: 'found', order: { status: 'OPEN' } });
    expect(await second.exchange.cancel(ref)).toMatchObject({ symbol: OLD, status: 'CANCELED' });
    expect(second.events).toMatchObject([{ kind: 'order', order: { symbol: OLD, status: 'CANCELED' } }]);
    expect(await second.exchange.openOrders()).toHaveLength(1);
  });

  test('take no new order and no step', async () => {
    const { second } = await delisted();
    await expect(second.exchange.submit(intentOf('b', { symbol: OLD }))).rejects.toThrow('not listed');
    expect(() => second.step(OLD, flat(100))).toThrow(VenueError);
  });

  test('end their orders when their time is up', async () => {
    const { second } = await delisted();
    second.exchange.advanceTo(second.clock.now() + 3 * STEP_MS);
    expect(await second.exchange.openOrders()).toEqual([]);
    expect(second.events.map((event) => event.kind === 'order' && event.order.status)).toEqual([
      'EXPIRED',
      'EXPIRED',
    ]);
  });

  test('keep their coins and positions in the account, and the margins of these', async () => {
    const { first, second } = await delisted();
    const { assets, positions } = await second.exchange.account();
    const before = await first.exchange.account();
    expect(`${assets.get('SOL')?.total}`).toBe('1');
    expect(positions).toEqual(before.positions);
    expect(`${positions.get(OLD_PERPETUAL)}`).toBe('1');
    expect(`${assets.get('USDT')?.total}`).toBe('9900');
    // The orders can never fill, and hold nothing back.
    expect(`${assets.get('USDT')?.free}`).toBe('9800');
  });

  test('keep their fills, page by page', async () => {
    const { first, second } = await delisted();
    for (const symbol of [OLD, OLD_PERPETUAL]) {
      const all = { symbol, cursor: null, since: 0 };
      const { fills } = await second.exchange.fills(all);
      expect(fills).toHaveLength(1);
      expect(fills).toEqual((await first.exchange.fills(all)).fills);
    }
  });

  test('may have names that are no symbols', async () => {
    const { first } = await delisted();
    const { fills } = await first.exchange.fills({ symbol: OLD, cursor: null, since: 0 });
    const store = memoryVenueStore();
    store.save({
      orders: [],
      fills: fills.map((fill) => ({ ...fill, symbol: 'no symbol at all' })),
      balances: new Map(),
      appliedUntil: new Map(),
    });
    const { exchange } = testVenue({ store });
    expect((await exchange.account()).positions).toEqual(new Map());
    expect((await exchange.fills({ symbol: 'no symbol at all', cursor: null, since: 0 })).fills).toHaveLength(
      1,
    );
  });
});
