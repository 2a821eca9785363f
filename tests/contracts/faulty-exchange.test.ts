import { describe, expect, test } from 'vitest';
import { VenueError } from '../../core/domain/index.ts';
import { intentOf, refTo } from './builders.ts';
import { exchangeContract } from './exchange-contract.ts';
import { FaultyExchange } from './faulty-exchange.ts';
import { flat, SPOT, STEP_MS, testVenue } from './simulated-venue.ts';

/** A venue on a line that works until told otherwise. */
function faulty() {
  const venue = testVenue({ fillsPageSize: 2 });
  venue.step(SPOT, flat(100));
  return { venue, exchange: new FaultyExchange(venue.exchange, venue.clock) };
}

/** Buys at the market, three orders of 1. */
async function buyThree({ venue, exchange }: ReturnType<typeof faulty>) {
  for (const id of ['a', 'b', 'c']) {
    await exchange.submit(intentOf(id));
    venue.step(SPOT, flat(100));
  }
}

exchangeContract('a faulty exchange without a fault', () => {
  const { exchange, step, clock } = testVenue({ isOpened: false, takerFeeBps: 10, latencyMs: 250 });
  let last = 100;
  step(SPOT, flat(last));
  const moveTo = (to: number): void => {
    step(SPOT, [last, Math.max(last, to), Math.min(last, to), to]);
    last = to;
  };
  return { exchange: new FaultyExchange(exchange), symbol: SPOT, moveTo, now: () => clock.now() };
});

describe('a call', () => {
  test('fails before the venue got it, or after', async () => {
    const { venue, exchange } = faulty();
    exchange.fail('submit', 'before');
    exchange.fail('submit', 'after', 'unavailable');
    await expect(exchange.submit(intentOf('a'))).rejects.toMatchObject({ fault: 'uncertain' });
    expect(await venue.exchange.openOrders()).toEqual([]);
    await expect(exchange.submit(intentOf('b'))).rejects.toMatchObject({ fault: 'unavailable' });
    expect(await venue.exchange.openOrders()).toMatchObject([{ clientOrderId: 'b' }]);
    expect(await exchange.submit(intentOf('c'))).toMatchObject({ clientOrderId: 'c' });
    expect(exchange.calls).toEqual(['submit a', 'submit b', 'submit c']);
  });

  test.each(['before', 'after'] as const)('is interrupted once, %s the venue acts', async (when) => {
    const { venue, exchange } = faulty();
    await exchange.submit(intentOf('a'));
    exchange.during('openOrders', () => venue.step(SPOT, flat(100)), when);
    expect(await exchange.openOrders()).toHaveLength(when === 'before' ? 0 : 1);
    expect(venue.fills()).toHaveLength(1);
    expect(await exchange.openOrders()).toEqual([]);
  });

  test('is interrupted and fails as well', async () => {
    const { venue, exchange } = faulty();
    exchange.during('submit', async () => venue.step(SPOT, flat(100)));
    exchange.fail('submit');
    await expect(exchange.submit(intentOf('a'))).rejects.toThrow(VenueError);
    expect(venue.fills()).toHaveLength(1);
  });

  test('may have an answer put in the place of its own', async () => {
    const { exchange } = faulty();
    exchange.instead.order = async () => ({ kind: 'cannot-tell', reason: 'too old' });
    expect(await exchange.order(refTo('a'))).toMatchObject({ kind: 'cannot-tell' });
  });
});

describe('an old answer', () => {
  test('about an order is as it was, or that it is not there yet', async () => {
    const { venue, exchange } = faulty();
    await exchange.submit(intentOf('a', { limitPrice: 95 }));
    exchange.freeze('order');
    await exchange.submit(intentOf('b'));
    venue.step(SPOT, flat(90));
    expect(await exchange.order(refTo('a'))).toMatchObject({ order: { status: 'OPEN' } });
    expect(await exchange.order(refTo('b'))).toEqual({ kind: 'absent' });
    expect(await exchange.order(refTo('c'))).toEqual({ kind: 'absent' });
    exchange.catchUp('order');
    expect(await exchange.order(refTo('a'))).toMatchObject({ order: { status: 'FILLED' } });
    expect(await exchange.order(refTo('b'))).toMatchObject({ order: { status: 'FILLED' } });
  });

  test('about an order from before the line was there is the venue’s own', async () => {
    const { venue } = faulty();
    await venue.exchange.submit(intentOf('a', { limitPrice: 95 }));
    const exchange = new FaultyExchange(venue.exchange);
    exchange.freeze('order');
    exchange.freeze('openOrders');
    expect(await exchange.order(refTo('a'))).toMatchObject({ order: { status: 'OPEN' } });
    expect(await exchange.openOrders()).toMatchObject([{ clientOrderId: 'a' }]);
  });

  test('about open orders is by so many changes, or so much time, behind', async () => {
    const { venue, exchange } = faulty();
    const openIds = async () => (await exchange.openOrders()).map(({ clientOrderId: id }) => id);
    await exchange.submit(intentOf('a', { limitPrice: 95 }));
    venue.clock.advanceTo(venue.clock.now() + 1_000);
    await exchange.submit(intentOf('b', { limitPrice: 95 }));
    exchange.lag('openOrders', { changes: 1 });
    expect(await openIds()).toEqual(['a']);
    exchange.lag('openOrders', { changes: 9 });
    expect(await openIds()).toEqual([]);
    exchange.lag('openOrders', { ms: 1 });
    expect(await openIds()).toEqual(['a']);
    exchange.lag('openOrders', { ms: 0 });
    expect(await openIds()).toEqual(['a', 'b']);
    venue.clock.advanceTo(venue.clock.now() + 1_000);
    venue.step(SPOT, flat(90));
    expect(await openIds()).toEqual([]);
    exchange.lag('openOrders', { ms: STEP_MS + 1 });
    expect(await openIds()).toEqual(['a', 'b']);
  });

  test('about fills leaves out the new ones, and its cursor loses none of them', async () => {
    const line = faulty();
    const { exchange } = line;
    const ids: (string | null)[] = [];
    let cursor: string | null = null;
    const read = async () => {
      const page = await exchange.fills({ symbol: SPOT, cursor, since: 0 });
      ids.push(...page.fills.map(({ clientOrderId: id }) => id));
      cursor = page.cursor;
      return page.more;
    };
    await exchange.submit(intentOf('first'));
    line.venue.step(SPOT, flat(100));
    exchange.freeze('fills');
    await buyThree(line);
    expect(await read()).toBe(false);
    expect(await read()).toBe(false);
    expect(ids).toEqual(['first']);
    exchange.catchUp('fills');
    while (await read());
    expect(ids).toEqual(['first', 'a', 'b', 'c']);
  });

  test('about the account is as it stood', async () => {
    const line = faulty();
    const coins = async () => `${(await line.exchange.account()).assets.get('BTC')?.total}`;
    await buyThree(line);
    // The last changes are a fill and what it made of its order.
    line.exchange.lag('account', { changes: 1 });
    expect(await coins()).toBe('3');
    line.exchange.lag('account', { changes: 2 });
    expect(await coins()).toBe('2');
    line.exchange.lag('account', { changes: 99 });
    expect(await coins()).toBe('undefined');
  });
});

describe('the line', () => {
  test('withholds events while it is mute, and tells others', async () => {
    const { exchange } = faulty();
    const heard: string[] = [];
    const stop = exchange.onEvent((event) => heard.push(event.kind));
    exchange.mute = true;
    await exchange.submit(intentOf('a', { limitPrice: 95 }));
    exchange.connect('disconnected');
    expect(exchange.connection).toEqual({ state: 'disconnected', message: 'the line is disconnected' });
    exchange.mute = false;
    exchange.connect('connected');
    expect(exchange.connection).toEqual({ state: 'connected', message: '' });
    await exchange.cancel(refTo('a'));
    expect(heard).toEqual(['connection', 'connection', 'order']);
    stop();
    exchange.connect('closed');
    expect(heard).toHaveLength(3);
  });

  test('passes on what the venue says of itself', () => {
    const { venue, exchange } = faulty();
    expect(exchange.instrument(SPOT)).toBe(venue.exchange.instrument(SPOT));
    expect(exchange.costs(SPOT)).toEqual(venue.exchange.costs(SPOT));
    exchange.profile = { ...exchange.profile, account: 'shared' };
    expect(exchange.profile).toMatchObject({ account: 'shared', maxStops: 5 });
  });
});

test('a lag in time needs a clock', async () => {
  const { venue } = faulty();
  const exchange = new FaultyExchange(venue.exchange);
  exchange.lag('openOrders', { ms: 1 });
  await expect(exchange.openOrders()).rejects.toThrow('needs a clock');
});
