import { describe, expect, test } from 'vitest';
import { intentOf, refTo } from '../../../../tests/contracts/builders.ts';
import {
  flat,
  memoryVenueStore,
  PERPETUAL,
  SPOT,
  START,
  STEP_MS,
  testVenue,
} from '../../../../tests/contracts/simulated-venue.ts';
import { assetAmount, type SimulatedVenueStore } from '../../../domain/index.ts';

type Venue = ReturnType<typeof testVenue>;

const sell = (id: string, given: Parameters<typeof intentOf>[1] = {}) =>
  intentOf(id, { side: 'sell', reduceOnly: true, purpose: 'exit', ...given });

/** A venue with one coin bought at 100, restarted. */
async function restarted(symbol: string, before: (venue: Venue) => void | Promise<void>) {
  const store = memoryVenueStore();
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
    expect(await second.exchange.account()).toEqual(await first.exchange.account());
    const all = { symbol, cursor: null, since: 0 };
    expect(await second.exchange.fills(all)).toEqual(await first.exchange.fills(all));
    expect((await second.exchange.fills(all)).fills).toHaveLength(1);
    expect(await second.exchange.order(refTo('entry', { symbol }))).toMatchObject({
      order: { status: 'FILLED' },
    });
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

  test('knows of an order on its way that it must not take', async () => {
    const store = memoryVenueStore();
    const first = testVenue({ store, latencyMs: 500 });
    first.step(SPOT, flat(100));
    await first.exchange.submit(intentOf('a', { limitPrice: 105, postOnly: true }));
    const second = testVenue({ store, latencyMs: 500, start: first.clock.now() });
    second.step(SPOT, flat(100));
    expect(second.fills()).toEqual([]);
    const lookup = await second.exchange.order(refTo('a'));
    expect(lookup.kind === 'found' && lookup.order.status).toBe('REJECTED');
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

  test('asks for nothing of what has ended, and knows its position without the fills that made it', async () => {
    const store = memoryVenueStore();
    const first = testVenue({ store });
    for (const [id, side] of [
      ['in', 'buy'],
      ['more', 'buy'],
      ['out', 'sell'],
    ] as const) {
      first.step(PERPETUAL, flat(100));
      await first.exchange.submit(intentOf(id, { symbol: PERPETUAL, side }));
    }
    first.step(PERPETUAL, flat(100));
    await first.exchange.submit(sell('stop', { symbol: PERPETUAL, stopPrice: 90 }));
    const asked: string[] = [];
    const watched: SimulatedVenueStore = {
      load: () => store.load(),
      save: (change) => store.save(change),
      order: (key) => {
        asked.push(Object.values(key).join());
        return store.order(key);
      },
      fills: (symbol, from, count) => {
        asked.push(`${symbol} ${from} ${count}`);
        return store.fills(symbol, from, count);
      },
      fillsBefore: (symbol, time) => store.fillsBefore(symbol, time),
    };
    const second = testVenue({ store: watched, start: first.clock.now() });
    // The last price of its market alone.
    expect(asked).toEqual([`${PERPETUAL} 2 1`]);
    expect(store.load().orders.map(({ clientOrderId }) => clientOrderId)).toEqual(['stop']);
    expect((await second.exchange.account()).positions).toEqual((await first.exchange.account()).positions);
    expect(await second.exchange.order(refTo('out', { symbol: PERPETUAL }))).toMatchObject({
      order: { status: 'FILLED' },
    });
    await expect(second.exchange.submit(intentOf('in', { symbol: PERPETUAL }))).rejects.toThrow('is in use');
  });

  test('makes a position anew from its fills where older books do not say it, and then has it said', async () => {
    const { first } = await restarted(PERPETUAL, () => undefined);
    const { fills } = await first.exchange.fills({ symbol: PERPETUAL, cursor: null, since: 0 });
    const old = memoryVenueStore();
    const balances = new Map([['USDT', assetAmount(9_000)]]);
    old.save({ orders: [], fills, balances, appliedUntil: new Map() });
    const { exchange } = testVenue({ store: old, start: first.clock.now() });
    expect((await exchange.account()).positions).toEqual((await first.exchange.account()).positions);
    expect(`${old.load().positions.get(PERPETUAL)?.quantity}`).toBe('1');
  });

  test('takes the entry price for the market price until the next step', async () => {
    const { second } = await restarted(PERPETUAL, () => undefined);
    await second.exchange.submit(sell('x', { symbol: PERPETUAL }));
    second.step(PERPETUAL, flat(97));
    expect(second.fills()).toEqual(['sell 1@97 taker']);
  });

  test('holds no cash back for a market order whose price it cannot know yet', async () => {
    const store = memoryVenueStore();
    const first = testVenue({ store });
    first.step(SPOT, flat(100));
    await first.exchange.submit(intentOf('a'));
    const second = testVenue({ store, start: first.clock.now() });
    await second.exchange.submit(intentOf('b', { limitPrice: 90, amount: 111 }));
    second.step(SPOT, flat(100));
    expect(second.fills()).toEqual(['buy 0.1@100 taker']);
    expect(await second.exchange.order(refTo('a'))).toMatchObject({ order: { status: 'EXPIRED' } });
  });

  test('gives new ids to new orders, trades and transfers', async () => {
    const { first, second } = await restarted(SPOT, ({ exchange }) => {
      exchange.transfer('USDT', assetAmount(5), 'pocket money');
    });
    await second.exchange.submit(sell('b'));
    second.step(SPOT, flat(50));
    second.exchange.transfer('USDT', assetAmount(5), 'pocket money');
    const ids = new Set(
      [...first.events, ...second.events].map((event) => {
        if (event.kind === 'order') return event.order.venueOrderId;
        if (event.kind === 'fill') return event.fill.tradeId;
        return event.kind === 'account' ? event.event.id : event.kind;
      }),
    );
    // Two orders, two trades and two transfers.
    expect(ids.size).toBe(6);
  });

  test('goes on from a cursor of before', async () => {
    const { first, second } = await restarted(SPOT, () => undefined);
    const { cursor } = await first.exchange.fills({ symbol: SPOT, cursor: null, since: 0 });
    const next = () => second.exchange.fills({ symbol: SPOT, cursor, since: 0 });
    expect((await next()).fills).toEqual([]);
    await second.exchange.submit(sell('x'));
    second.step(SPOT, flat(100));
    expect((await next()).fills).toMatchObject([{ clientOrderId: 'x' }]);
  });

  test('never dates a fill before an earlier one of its symbol, though the clock was set back', async () => {
    const store = memoryVenueStore();
    const first = testVenue({ store });
    first.step(SPOT, flat(100));
    await first.exchange.submit(intentOf('a'));
    first.clock.advanceTo(START + 9 * STEP_MS);
    const step = { open: 100, high: 100, low: 100, close: 100, volume: 9 };
    first.exchange.advance(SPOT, { ...step, openTime: START + STEP_MS }, STEP_MS);
    const second = testVenue({ store, start: START + 2 * STEP_MS });
    await second.exchange.submit(sell('x'));
    second.step(SPOT, flat(100));
    const since = START + 9 * STEP_MS;
    const { fills } = await second.exchange.fills({ symbol: SPOT, cursor: null, since });
    expect(fills.map(({ time }) => time)).toEqual([since, since]);
  });

  test('tells of earlier transfers', async () => {
    const { first, second } = await restarted(SPOT, ({ exchange }) => {
      exchange.transfer('USDT', assetAmount(-5), 'spent');
    });
    expect(await second.exchange.accountEvents(0)).toHaveLength(1);
    expect(await second.exchange.accountEvents(0)).toEqual(await first.exchange.accountEvents(0));
  });

  test.each([
    ['with nothing traded yet', () => undefined],
    [
      'with everything taken out',
      ({ exchange }: Venue) => void exchange.transfer('USDT', assetAmount(-10_000), 'gone'),
    ],
  ])('keeps its account %s, whatever capital it is given', async (_name, before) => {
    const store = memoryVenueStore();
    const first = testVenue({ store, capital: 10_000 });
    before(first);
    const second = testVenue({ store, capital: 77 });
    expect((await second.exchange.account()).assets).toEqual((await first.exchange.account()).assets);
  });

  test.each([
    ['a market order', {}, 'sell 1@95 taker'],
    ['a limit that takes when it arrives', { limitPrice: 90 }, 'sell 1@95 taker'],
    ['a limit that rests when it has arrived', { limitPrice: 104 }, 'sell 1@104 maker'],
    ['a stop', { stopPrice: 99 }, 'sell 1@95 taker'],
  ])('lets %s be on its way as long as it would have been', async (_name, given, expected) => {
    const store = memoryVenueStore();
    const first = testVenue({ store, latencyMs: 1.5 * STEP_MS });
    first.step(SPOT, flat(100));
    await first.exchange.submit(intentOf('entry'));
    for (let step = 0; step < 2; step += 1) first.step(SPOT, flat(100));
    await first.exchange.submit(sell('x', given));
    const second = testVenue({ store, latencyMs: 1.5 * STEP_MS, start: first.clock.now() });
    for (const venue of [first, second]) {
      venue.events.length = 0;
      venue.step(SPOT, [100, 110, 80, 100]);
      expect(venue.fills()).toEqual([]);
      venue.step(SPOT, flat(95));
      venue.step(SPOT, [95, 105, 95, 95]);
      expect(venue.fills()).toEqual([expected]);
    }
  });

  test('takes an order whose beginning was not kept to have worked since it last changed', async () => {
    const first = testVenue();
    first.step(SPOT, flat(100));
    const order = await first.exchange.submit(intentOf('a', { limitPrice: 95 }));
    const appliedUntil = new Map([[SPOT, first.clock.now() + STEP_MS]]);
    const store = memoryVenueStore();
    store.save({ orders: [order], fills: [], balances: new Map(), appliedUntil });
    const second = testVenue({ store, start: first.clock.now() + STEP_MS });
    second.step(SPOT, flat(80));
    // It rests: a gap through its price is no present.
    expect(second.fills()).toEqual(['buy 1@95 maker']);
  });
});
