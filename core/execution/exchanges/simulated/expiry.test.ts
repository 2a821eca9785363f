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

const ETH = 'ETH/USDT';
const HOURS = 3_600_000;

/** A venue that traded at 100, with an order sent at `sentAt` that ends `lifeMs` later. */
async function waiting(
  lifeMs: number,
  given: Parameters<typeof intentOf>[1] = {},
  settings: Parameters<typeof testVenue>[0] = {},
) {
  const venue = testVenue(settings);
  venue.step(SPOT, flat(100));
  const sentAt = venue.clock.now();
  await venue.exchange.submit(intentOf('a', { expiresAt: sentAt + lifeMs, ...given }));
  venue.events.length = 0;
  const ended = () =>
    venue.events.flatMap((event) => {
      if (event.kind !== 'order') return [];
      const { status, reason, updatedAt } = event.order;
      return status === 'EXPIRED' ? [`${reason} @${updatedAt - sentAt}`] : [];
    });
  const lookUp = async () => {
    const lookup = await venue.exchange.order(refTo('a'));
    return lookup.kind === 'found' ? lookup.order.status : lookup.kind;
  };
  return {
    ...venue,
    sentAt,
    ended,
    lookUp,
    reason: `not filled by ${new Date(sentAt + lifeMs).toISOString()}`,
  };
}

describe('an order that ends at a moment', () => {
  test.each([
    ['a market order', {}],
    ['a limit', { limitPrice: 150 }],
    ['a limit far away', { limitPrice: 90 }],
    ['a stop', { stopPrice: 120, side: 'sell', symbol: PERPETUAL }],
  ] as const)('does not fill after weeks without data: %s', async (_name, given) => {
    const { exchange, clock, step, fills, ended, lookUp, sentAt, reason } = await waiting(HOURS);
    step(PERPETUAL, flat(100));
    await exchange.submit(intentOf('held', { symbol: PERPETUAL }));
    step(PERPETUAL, flat(100));
    await exchange.submit(intentOf('b', { ...given, expiresAt: sentAt + HOURS }));
    // 500 hours are missing, and the market is 44 % higher.
    clock.advanceTo(sentAt + 500 * HOURS);
    step(SPOT, flat(144));
    step(PERPETUAL, [144, 160, 80, 144]);
    expect(fills()).toEqual(['buy 1@100 taker']);
    expect(ended()).toEqual([`${reason} @${HOURS}`, `${reason} @${HOURS}`]);
    expect(await lookUp()).toBe('EXPIRED');
    expect(await exchange.openOrders()).toEqual([]);
  });

  test('keeps the venue from being idle until it has ended', async () => {
    const { exchange, step } = await waiting(2 * STEP_MS, { limitPrice: 50 });
    expect(exchange.isIdle).toBe(false);
    for (const price of [100, 100]) step(SPOT, flat(price));
    expect(exchange.isIdle).toBe(true);
  });

  test('does not fill after weeks without volume', async () => {
    const { step, fills, ended, lookUp, reason } = await waiting(3 * STEP_MS);
    for (const price of [100, 110, 120]) {
      expect(await lookUp()).toBe('OPEN');
      step(SPOT, flat(price), 0);
    }
    expect(await lookUp()).toBe('EXPIRED');
    for (const price of [130, 144]) step(SPOT, flat(price));
    expect(fills()).toEqual([]);
    expect(ended()).toEqual([`${reason} @${3 * STEP_MS}`]);
  });

  test.each([
    ['before that moment', 0.5, ['buy 1@95 maker'], []],
    // The price comes to 95 after five ninths of the step: to 110, to 90, to 100 in thirds.
    ['not after it', 5 / 9, [], ['EXPIRED']],
    ['not long after it', 0.1, [], ['EXPIRED']],
  ])('fills in a step that spans its end only %s', async (name, share, filled, statuses) => {
    const life = name === 'before that moment' ? STEP_MS * (share + 0.1) : Math.floor(STEP_MS * share);
    const { step, fills, ended, lookUp } = await waiting(life, { limitPrice: 95 });
    step(SPOT, [100, 110, 90, 100]);
    expect(fills()).toEqual(filled);
    expect(ended()).toHaveLength(statuses.length);
    expect(await lookUp()).toBe(statuses[0] ?? 'FILLED');
  });

  test.each([
    ['fills when it arrives just before', 501, ['buy 1@100 taker']],
    ['does not fill when it arrives at that very moment', 500, []],
  ])('%s', async (_name, life, filled) => {
    const { step, fills, ended } = await waiting(life, {}, { latencyMs: 500 });
    step(SPOT, flat(100));
    expect(fills()).toEqual(filled);
    expect(ended()).toHaveLength(1 - filled.length);
  });

  test('fills in the step before a gap, and what is left of it does not fill after', async () => {
    const { clock, step, fills, events, sentAt } = await waiting(HOURS, {}, { maxVolumeShare: 0.5 });
    step(SPOT, flat(101), 0.8);
    clock.advanceTo(sentAt + 500 * HOURS);
    step(SPOT, flat(144));
    expect(fills()).toEqual(['buy 0.4@101 taker']);
    const last = events.findLast((event) => event.kind === 'order')?.order;
    expect(last).toMatchObject({ status: 'EXPIRED', updatedAt: sentAt + HOURS });
    expect(last?.reason).toBe(`not filled in full by ${new Date(sentAt + HOURS).toISOString()}`);
    expect(`${last?.filledAmount}`).toBe('0.4');
  });

  test('that has triggered without volume ends as well', async () => {
    const { exchange, step, fills, ended, sentAt } = await waiting(STEP_MS);
    step(SPOT, flat(100));
    const expiresAt = sentAt + 2 * STEP_MS;
    await exchange.submit(intentOf('s', { side: 'sell', stopPrice: 95, reduceOnly: true, expiresAt }));
    step(SPOT, flat(90), 0);
    step(SPOT, flat(80));
    expect(fills()).toEqual(['buy 1@100 taker']);
    expect(ended()).toHaveLength(1);
  });

  test('is not ended by a stamp before its last fill', async () => {
    const { exchange, clock, sentAt, events } = await waiting(STEP_MS / 2, {}, { maxVolumeShare: 0.5 });
    // Another symbol was first, and the clock is ahead of this one's step.
    clock.advanceTo(sentAt + STEP_MS);
    const step = { openTime: sentAt, open: 100, high: 100, low: 100, close: 100, volume: 1 };
    exchange.advance(SPOT, step, STEP_MS);
    expect(events.map((event) => event.kind === 'order' && event.order)).toMatchObject([
      false,
      { status: 'PARTIALLY_FILLED', updatedAt: sentAt + STEP_MS },
      { status: 'EXPIRED', updatedAt: sentAt + STEP_MS },
    ]);
  });
});

describe('its end is told', () => {
  test('by the step of its own symbol at whose end it is', async () => {
    const { step, ended, reason } = await waiting(STEP_MS, { limitPrice: 90 });
    step(SPOT, flat(100));
    expect(ended()).toEqual([`${reason} @${STEP_MS}`]);
  });

  test('by a step of another symbol that begins then, and not by an earlier one', async () => {
    const { step, ended, lookUp, reason } = await waiting(STEP_MS, { limitPrice: 90 });
    step(ETH, flat(100));
    // Its own symbol's step up to that moment may be yet to come.
    expect(await lookUp()).toBe('OPEN');
    step(ETH, flat(100));
    expect(ended()).toEqual([`${reason} @${STEP_MS}`]);
    expect(await lookUp()).toBe('EXPIRED');
  });

  test('when market time is said to have come so far', async () => {
    const { exchange, ended, lookUp, sentAt, reason } = await waiting(STEP_MS);
    exchange.advanceTo(sentAt + STEP_MS - 1);
    expect(await lookUp()).toBe('OPEN');
    exchange.advanceTo(sentAt + STEP_MS);
    expect(ended()).toEqual([`${reason} @${STEP_MS}`]);
    expect(await lookUp()).toBe('EXPIRED');
    exchange.advanceTo(sentAt + 9 * STEP_MS);
    expect(ended()).toHaveLength(1);
  });

  test('once, also when a listener cancels another one that is due', async () => {
    const { exchange, ended, sentAt } = await waiting(STEP_MS);
    const given = { limitPrice: 90, expiresAt: sentAt + STEP_MS };
    for (const id of ['b', 'c']) await exchange.submit(intentOf(id, given));
    exchange.onEvent((event) => {
      if (event.kind === 'order' && event.order.clientOrderId === 'a') void exchange.cancel(refTo('b'));
    });
    exchange.advanceTo(sentAt + STEP_MS);
    expect(ended()).toHaveLength(2);
    expect(await exchange.order(refTo('b'))).toMatchObject({ order: { status: 'CANCELED' } });
  });

  test('of orders that come later, too', async () => {
    const { exchange, step, ended, sentAt } = await waiting(9 * STEP_MS, { limitPrice: 90 });
    await exchange.submit(intentOf('b', { limitPrice: 90, expiresAt: sentAt + 2 * STEP_MS }));
    for (let count = 0; count < 2; count += 1) step(SPOT, flat(100));
    expect(ended()).toHaveLength(1);
    for (let count = 0; count < 7; count += 1) step(SPOT, flat(100));
    expect(ended()).toHaveLength(2);
  });
});

test('cash that an ended order held back is free again', async () => {
  const { exchange, step } = await waiting(STEP_MS, { limitPrice: 90, amount: 100 });
  const free = async () => Number((await exchange.account()).assets.get('USDT')?.free);
  expect(await free()).toBe(1_000);
  step(SPOT, flat(100));
  expect(await free()).toBe(10_000);
});

test('an order without an end works on', async () => {
  const { clock, step, fills } = await waiting(0, { limitPrice: 95, expiresAt: null });
  step(SPOT, flat(100));
  clock.advanceTo(START + 500 * HOURS);
  step(SPOT, flat(90));
  expect(fills()).toEqual(['buy 1@95 maker']);
});

test.each([0, -1])('an order whose time is up when it is sent is refused (%d ms)', async (lifeMs) => {
  await expect(waiting(lifeMs)).rejects.toThrow('the time of the order is up already');
});

test('the end of an order survives a restart', async () => {
  const store = memoryVenueStore();
  const { clock, sentAt } = await waiting(HOURS, {}, { store });
  clock.advanceTo(sentAt + 500 * HOURS);
  const second = testVenue({ store, start: clock.now() });
  second.step(SPOT, flat(144));
  expect(second.fills()).toEqual([]);
  expect(await second.exchange.order(refTo('a'))).toMatchObject({ order: { status: 'EXPIRED' } });
});
