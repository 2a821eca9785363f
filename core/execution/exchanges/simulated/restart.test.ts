import { describe, expect, test } from 'vitest';
import { intentOf } from '../../../../tests/contracts/builders.ts';
import {
  flat,
  instrumentOf,
  PERPETUAL,
  SPOT,
  STEP_MS,
  testVenue,
} from '../../../../tests/contracts/simulated-venue.ts';
import { clientOrderId, type SimulatedVenueState, type SimulatedVenueStore } from '../../../domain/index.ts';

/** A store that keeps what it is given, as a database would. */
function memoryStore(): SimulatedVenueStore {
  const orders = new Map<string, SimulatedVenueState['orders'][number]>();
  const fills: SimulatedVenueState['fills'][number][] = [];
  const balances = new Map<string, never>();
  const appliedUntil = new Map<string, number>();
  return {
    load: () => ({ orders: [...orders.values()], fills: [...fills], balances, appliedUntil }),
    save: (change) => {
      for (const order of change.orders) orders.set(order.clientOrderId, order);
      fills.push(...change.fills);
      // The map holds what it is given and nothing reads its values here.
      for (const [asset, amount] of change.balances) balances.set(asset, amount as never);
      for (const [symbol, until] of change.appliedUntil) appliedUntil.set(symbol, until);
    },
  };
}

const sell = (id: string, given: Parameters<typeof intentOf>[1] = {}) =>
  intentOf(id, { side: 'sell', reduceOnly: true, purpose: 'exit', ...given });

/** A venue with one coin bought at 100, restarted. */
async function restarted(
  symbol: string,
  before: (venue: ReturnType<typeof testVenue>) => void | Promise<void>,
) {
  const store = memoryStore();
  const first = testVenue({ store });
  first.step(symbol, flat(100));
  await first.exchange.submit(intentOf('entry', { symbol }));
  first.step(symbol, flat(100));
  await before(first);
  return { first, second: testVenue({ store, start: first.clock.now() }) };
}

describe('over a restart the simulated venue', () => {
  test.each([SPOT, PERPETUAL])('keeps balances and positions of %s', async (symbol) => {
    const { first, second } = await restarted(symbol, () => undefined);
    expect(await second.exchange.balances()).toEqual(await first.exchange.balances());
    expect(await second.exchange.positions()).toEqual(await first.exchange.positions());
    expect(await second.exchange.fillsSince(0)).toEqual(await first.exchange.fillsSince(0));
    expect(await second.exchange.order(symbol, clientOrderId('entry'))).toMatchObject({ status: 'FILLED' });
  });

  test('#14 drops no working order, and each does what it would have done', async () => {
    const { first, second } = await restarted(PERPETUAL, async ({ exchange, step }) => {
      await exchange.submit(sell('market', { symbol: PERPETUAL, amount: '0.2' }));
      step(PERPETUAL, flat(100), 0.1);
      await exchange.submit(
        sell('stop', { symbol: PERPETUAL, amount: '0.3', stopPrice: 95, purpose: 'protection' }),
      );
      await exchange.submit(sell('limit', { symbol: PERPETUAL, amount: '0.3', limitPrice: 105 }));
    });
    expect(await second.exchange.openOrders()).toEqual(await first.exchange.openOrders());
    expect(await second.exchange.openOrders()).toHaveLength(3);
    for (const venue of [first, second]) {
      venue.events.length = 0;
      venue.step(PERPETUAL, flat(101));
      venue.step(PERPETUAL, [101, 106, 90, 100]);
      expect(venue.fills()).toEqual(['sell 0.1@101 taker', 'sell 0.3@95 taker', 'sell 0.3@105 maker']);
    }
  });

  test.each([
    ['that triggered and found no volume', 0],
    ['that filled in part', 0.4],
  ])('a stop %s is not waiting again', async (_name, volume) => {
    const { first, second } = await restarted(SPOT, async ({ exchange, step }) => {
      await exchange.submit(sell('s', { stopPrice: 95, purpose: 'protection' }));
      step(SPOT, [100, 100, 94, 100], volume);
    });
    expect(first.fills()).toHaveLength(volume === 0 ? 1 : 2);
    second.step(SPOT, flat(99));
    expect(second.fills()).toEqual([`sell ${1 - volume}@99 taker`]);
  });

  test('ignores steps that it had applied, so that nothing fills twice', async () => {
    const { first, second } = await restarted(SPOT, () => undefined);
    await second.exchange.submit(sell('s', { stopPrice: 95, purpose: 'protection' }));
    const replayed = {
      openTime: first.clock.now() - STEP_MS,
      open: 90,
      high: 90,
      low: 90,
      close: 90,
      volume: 9,
    };
    second.exchange.advance(SPOT, replayed, STEP_MS);
    expect(second.fills()).toEqual([]);
  });

  test('takes the entry price for the market price until the next step', async () => {
    const { second } = await restarted(PERPETUAL, () => undefined);
    await second.exchange.submit(sell('x', { symbol: PERPETUAL }));
    second.step(PERPETUAL, flat(97));
    expect(second.fills()).toEqual(['sell 1@97 taker']);
  });

  test('holds no cash back for a market order whose price it cannot know yet', async () => {
    const store = memoryStore();
    const first = testVenue({ store });
    first.step(SPOT, flat(100));
    await first.exchange.submit(intentOf('a'));
    const second = testVenue({ store, start: first.clock.now() });
    await second.exchange.submit(intentOf('b', { limitPrice: 90, amount: 111 }));
    second.step(SPOT, flat(100));
    expect(second.fills()).toEqual(['buy 0.1@100 taker']);
    expect(await second.exchange.order(SPOT, clientOrderId('a'))).toMatchObject({ status: 'EXPIRED' });
  });

  test('gives new ids to new orders and trades, and keeps fills of a symbol it no longer lists', async () => {
    const store = memoryStore();
    const first = testVenue({ store });
    first.step(SPOT, flat(100));
    await first.exchange.submit(intentOf('a'));
    first.step(SPOT, flat(100));
    const second = testVenue({ store, instruments: [instrumentOf('ETH/USDT')], start: first.clock.now() });
    expect(await second.exchange.positions()).toEqual(new Map());
    second.step('ETH/USDT', flat(50));
    await second.exchange.submit(intentOf('b', { symbol: 'ETH/USDT' }));
    second.step('ETH/USDT', flat(50));
    const fills = await second.exchange.fillsSince(0);
    expect(new Set(fills.map((fill) => fill.tradeId)).size).toBe(2);
  });
});
