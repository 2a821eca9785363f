import { describe, expect, test } from 'vitest';
import { intentOf, refTo } from '../../../../tests/contracts/builders.ts';
import {
  flat,
  instrumentOf,
  PERPETUAL,
  SPOT,
  START,
  STEP_MS,
  testVenue,
} from '../../../../tests/contracts/simulated-venue.ts';
import {
  type AssetAmount,
  type Exchange,
  type OrderIntent,
  quoteAmount,
  type VenueEvent,
} from '../../../domain/index.ts';

const ETH = 'ETH/USDT';

const buy = (id: string, given: Parameters<typeof intentOf>[1] = {}): OrderIntent => intentOf(id, given);
const sell = (id: string, given: Parameters<typeof intentOf>[1] = {}): OrderIntent =>
  intentOf(id, { side: 'sell', purpose: 'exit', ...given });
const stopOf = (id: string, stopPrice: number, given: Parameters<typeof intentOf>[1] = {}): OrderIntent =>
  sell(id, { stopPrice, reduceOnly: true, purpose: 'protection', ...given });

/** Everything the account has, by asset. */
async function totals(exchange: Exchange): Promise<ReadonlyMap<string, AssetAmount>> {
  const { assets } = await exchange.account();
  return new Map([...assets].map(([asset, { total }]) => [asset, total]));
}

/** A venue that has bought one coin at 100 and keeps listening. */
async function holding(given: Parameters<typeof testVenue>[0] & { symbol?: string } = {}) {
  const { symbol = SPOT, ...settings } = given;
  const venue = testVenue(settings);
  venue.step(symbol, flat(100));
  await venue.exchange.submit(buy('entry', { symbol }));
  venue.step(symbol, flat(100));
  venue.events.length = 0;
  return venue;
}

describe('market orders', () => {
  test.each([
    ['fill at the next open', {}, '101'],
    ['pay half the spread', { spreadBps: 20 }, '101.11'],
    ['pay slippage, to the next tick', { slippageBps: 5 }, '101.06'],
    ['move with the price while they travel, against the trader', { latencyMs: 10_000 }, '105.5'],
    ['do not gain from travelling', { latencyMs: 40_000 }, '101'],
  ])('%s', async (_name, settings, expected) => {
    const { exchange, step, fills } = testVenue(settings);
    step(SPOT, flat(100));
    await exchange.submit(buy('a'));
    expect(fills()).toEqual([]);
    step(SPOT, [101, 110, 99, 100]);
    expect(fills()).toEqual([`buy 1@${expected} taker`]);
  });

  test('sells are hurt in the other direction', async () => {
    const { exchange, step, fills } = await holding({ spreadBps: 20, slippageBps: 10, latencyMs: 10_000 });
    await exchange.submit(sell('x'));
    step(SPOT, [100, 105, 95, 101]);
    // 97.5 on the way from the open to the low, less half of 0.2 % and 0.1 %.
    expect(fills()).toEqual(['sell 1@97.3 taker']);
  });

  test('an order still on its way when a step ends waits for the next one', async () => {
    const { exchange, step, fills } = testVenue({ latencyMs: STEP_MS + 1 });
    step(SPOT, flat(100));
    await exchange.submit(buy('a'));
    step(SPOT, flat(100));
    expect(fills()).toEqual([]);
    step(SPOT, flat(102));
    expect(fills()).toEqual(['buy 1@102 taker']);
  });

  test('no price of a sale goes below one tick', async () => {
    const { exchange, step, fills } = testVenue({
      slippageBps: 1_000,
      instruments: [instrumentOf(SPOT, { minNotional: quoteAmount('0.001') })],
    });
    step(SPOT, flat(0.01));
    await exchange.submit(buy('a', { amount: 10 }));
    step(SPOT, flat(0.01));
    await exchange.submit(sell('b', { amount: 10 }));
    step(SPOT, flat(0.01));
    expect(fills()).toEqual(['buy 10@0.02 taker', 'sell 10@0.01 taker']);
  });
});

test.each(['halted', 'delisted'] as const)('no order is taken of a symbol that is %s', async (status) => {
  const { exchange, step } = testVenue({ instruments: [instrumentOf(SPOT, { status })] });
  step(SPOT, flat(100));
  await expect(exchange.submit(buy('a'))).rejects.toThrow(`BTC/USDT is ${status} at the venue`);
});

describe('limit orders', () => {
  test('fill as maker at the limit, and only when the price trades through it', async () => {
    const { exchange, step, fills } = testVenue({ makerFeeBps: 1, takerFeeBps: 9 });
    step(SPOT, flat(100));
    await exchange.submit(buy('a', { limitPrice: 95 }));
    step(SPOT, [100, 101, 95, 99]);
    expect(fills()).toEqual([]);
    step(SPOT, [99, 101, 94.99, 99]);
    expect(fills()).toEqual(['buy 1@95 maker']);
  });

  test.each([
    ['a buy does not fill half a tick below its limit', 'buy', 95, [100, 101, 94.995, 99], []],
    ['a buy fills a tick below it', 'buy', 95, [100, 101, 94.99, 99], ['buy 1@95 maker']],
    ['a sell does not fill half a tick above its limit', 'sell', 105, [100, 105.005, 99, 99], []],
    ['a sell fills a tick above it', 'sell', 105, [100, 105.01, 99, 99], ['sell 1@105 maker']],
  ] as const)('%s', async (_name, side, limitPrice, corners, expected) => {
    const { exchange, step, fills } = testVenue();
    step(PERPETUAL, flat(100));
    await exchange.submit(intentOf('a', { symbol: PERPETUAL, side, limitPrice }));
    step(PERPETUAL, corners);
    expect(fills()).toEqual(expected);
  });

  test.each([
    ['ends unfilled where it would take on arrival', 101.2, 'REJECTED', []],
    ['makes where it would not', 101, 'FILLED', ['buy 1@101 maker']],
  ])('a post-only order %s', async (_name, limitPrice, status, expected) => {
    const { exchange, step, fills } = testVenue({ spreadBps: 20 });
    step(SPOT, flat(100));
    await exchange.submit(buy('a', { limitPrice, postOnly: true }));
    step(SPOT, [101, 101.2, 99, 101]);
    const lookup = await exchange.order(refTo('a'));
    expect(lookup.kind === 'found' && lookup.order.status).toBe(status);
    expect(fills()).toEqual(expected);
    expect(await exchange.openOrders()).toEqual([]);
  });

  test('a gap through the limit is no present', async () => {
    const { exchange, step, fills } = testVenue();
    step(SPOT, flat(100));
    await exchange.submit(buy('a', { limitPrice: 95 }));
    step(SPOT, flat(100));
    step(SPOT, flat(80));
    expect(fills()).toEqual(['buy 1@95 maker']);
  });

  test.each([
    ['takes what is there when marketable on arrival', 105, '101.21 taker'],
    ['never pays more than its limit', 101.15, '101.15 taker'],
  ])('a limit %s', async (_name, limitPrice, expected) => {
    const { exchange, step, fills } = testVenue({ spreadBps: 20, slippageBps: 10 });
    step(SPOT, flat(100));
    await exchange.submit(buy('a', { limitPrice }));
    step(SPOT, flat(101));
    expect(fills()).toEqual([`buy 1@${expected}`]);
  });

  test('a limit inside the spread does not take: it makes', async () => {
    const { exchange, step, fills } = testVenue({ spreadBps: 20 });
    step(SPOT, flat(100));
    await exchange.submit(buy('a', { limitPrice: 101.05 }));
    step(SPOT, [101, 101.2, 101, 101.1]);
    expect(fills()).toEqual(['buy 1@101.05 maker']);
  });

  test('a sell limit rests above, and takes when below the market', async () => {
    const { exchange, step, fills } = await holding({ spreadBps: 20 });
    await exchange.submit(sell('x', { limitPrice: 105, amount: '0.5' }));
    await exchange.submit(sell('y', { limitPrice: 95, amount: '0.5' }));
    step(SPOT, [100, 106, 100, 100]);
    expect(fills()).toEqual(['sell 0.5@99.9 taker', 'sell 0.5@105 maker']);
  });

  test('what a marketable limit finds no volume for rests at its price', async () => {
    const { exchange, step, fills } = testVenue({ maxVolumeShare: 0.1 });
    step(SPOT, flat(100));
    await exchange.submit(buy('a', { limitPrice: 102, amount: 3 }));
    step(SPOT, flat(101), 10);
    step(SPOT, flat(103), 10);
    step(SPOT, flat(101.5), 10);
    expect(fills()).toEqual(['buy 1@101 taker', 'buy 1@102 maker']);
  });
});

describe('stops', () => {
  test.each([
    ['at its trigger when the price comes to it', [100, 101, 94, 100], '95'],
    ['at the open when the market opens beyond it', [90, 92, 89, 91], '90'],
    ['not at all when the price stays away', [100, 101, 95.01, 100], null],
  ] as const)('a sell stop fills %s', async (_name, corners, expected) => {
    const { exchange, step, fills } = await holding();
    await exchange.submit(stopOf('s', 95));
    step(SPOT, corners);
    expect(fills()).toEqual(expected === null ? [] : [`sell 1@${expected} taker`]);
  });

  test('a stop pays spread and slippage as every taker does', async () => {
    const { exchange, step, fills } = await holding({ spreadBps: 10, slippageBps: 5 });
    await exchange.submit(stopOf('s', 95));
    step(SPOT, [100, 101, 94, 100]);
    expect(fills()).toEqual(['sell 1@94.9 taker']);
  });

  test('a buy stop protects a short', async () => {
    const { exchange, step, fills } = testVenue();
    step(PERPETUAL, flat(100));
    await exchange.submit(sell('short', { symbol: PERPETUAL, purpose: 'entry' }));
    const early = stopOf('early', 110, { symbol: PERPETUAL, side: 'buy' });
    await expect(exchange.submit(early)).rejects.toMatchObject({ fault: 'rejected' });
    step(PERPETUAL, flat(100));
    await exchange.submit(stopOf('s', 110, { symbol: PERPETUAL, side: 'buy' }));
    step(PERPETUAL, [100, 112, 80, 90]);
    expect(fills()).toEqual(['sell 1@100 taker', 'buy 1@110 taker']);
  });

  test('with room for stop and target in one step, the stop is hit first', async () => {
    const { exchange, step, fills } = testVenue();
    step(PERPETUAL, flat(100));
    await exchange.submit(buy('entry', { symbol: PERPETUAL }));
    step(PERPETUAL, flat(100));
    await exchange.submit(sell('target', { symbol: PERPETUAL, limitPrice: 105, reduceOnly: true }));
    await exchange.submit(stopOf('s', 95, { symbol: PERPETUAL }));
    step(PERPETUAL, [100, 106, 94, 100]);
    expect(fills()).toEqual(['buy 1@100 taker', 'sell 1@95 taker']);
  });

  test('a stop and a limit at the same price: the stop comes first', async () => {
    const { exchange, step, fills } = testVenue();
    step(PERPETUAL, flat(100));
    await exchange.submit(buy('entry', { symbol: PERPETUAL }));
    step(PERPETUAL, flat(100));
    await exchange.submit(buy('more', { symbol: PERPETUAL, limitPrice: 95 }));
    await exchange.submit(stopOf('s', 95, { symbol: PERPETUAL }));
    await exchange.submit(buy('again', { symbol: PERPETUAL, limitPrice: 95 }));
    step(PERPETUAL, [100, 100, 94, 100]);
    expect(fills().map((fill) => fill.split(' ')[0])).toEqual(['buy', 'sell', 'buy', 'buy']);
  });

  test('a stop that triggers without volume sells at the next open', async () => {
    const { exchange, step, fills, events } = await holding();
    await exchange.submit(stopOf('s', 95));
    step(SPOT, [100, 101, 94, 100], 0);
    expect(fills()).toEqual([]);
    expect(events.at(-1)).toMatchObject({ kind: 'order', order: { status: 'OPEN', reason: 'triggered' } });
    step(SPOT, flat(99));
    expect(fills()).toEqual(['sell 1@99 taker']);
  });
});

describe('the order of the extremes', () => {
  test('a flat account with a resting buy sees the high first, so that it buys late', async () => {
    const { exchange, step, fills } = testVenue();
    step(SPOT, flat(100));
    exchange.onEvent((event) => {
      if (event.kind === 'fill' && event.fill.clientOrderId === 'a') {
        void exchange.submit(sell('target', { limitPrice: 109 }));
      }
    });
    await exchange.submit(buy('a', { limitPrice: 95 }));
    step(SPOT, [100, 110, 90, 100]);
    expect(fills()).toEqual(['buy 1@95 maker']);
  });

  test('a market entry sees its adverse extreme next', async () => {
    const { exchange, step, fills } = testVenue();
    step(SPOT, flat(100));
    exchange.onEvent((event) => {
      if (event.kind === 'fill' && event.fill.clientOrderId === 'a') void exchange.submit(stopOf('s', 95));
    });
    await exchange.submit(buy('a'));
    step(SPOT, [100, 110, 94, 108]);
    expect(fills()).toEqual(['buy 1@100 taker', 'sell 1@95 taker']);
  });
});

describe('orders sent by a listener while a step is walked', () => {
  test('a stop placed at the entry fill works in the rest of the step, after its latency', async () => {
    const { exchange, step, fills } = testVenue({ latencyMs: 10_000 });
    step(SPOT, flat(100));
    exchange.onEvent((event) => {
      if (event.kind === 'fill' && event.fill.side === 'buy') void exchange.submit(stopOf('s', 98));
    });
    await exchange.submit(buy('a'));
    step(SPOT, [100, 100, 91, 99]);
    // Bought after 10 s at 100 (no better than the open), protected after 20 s, when the price is down at 91.
    expect(fills()).toEqual(['buy 1@100 taker', 'sell 1@91 taker']);
  });

  test('a market order sent within a step gets no better price than when it was sent', async () => {
    const { exchange, step, fills } = await holding({ latencyMs: 20_000, maxVolumeShare: 0.5 });
    exchange.onEvent((event) => {
      if (event.kind === 'fill' && event.fill.clientOrderId === 's')
        void exchange.submit(sell('x', { amount: '0.5' }));
    });
    await exchange.submit(stopOf('s', 98, { amount: '0.5' }));
    step(SPOT, [100, 101, 98, 101]);
    expect(fills()).toEqual(['sell 0.5@98 taker', 'sell 0.5@98 taker']);
  });

  test('a listener that throws leaves the venue usable', async () => {
    const { exchange, step, fills } = testVenue();
    step(SPOT, flat(100));
    const stopListening = exchange.onEvent((event) => {
      if (event.kind === 'fill') throw new Error('a bug in a listener');
    });
    await exchange.submit(buy('a'));
    expect(() => step(SPOT, flat(100))).toThrow('a bug in a listener');
    stopListening();
    await exchange.submit(buy('b'));
    exchange.advance(
      SPOT,
      { openTime: START + 9 * STEP_MS, open: 101, high: 101, low: 101, close: 101, volume: 9 },
      STEP_MS,
    );
    expect(fills()).toEqual(['buy 1@100 taker', 'buy 1@101 taker']);
  });
});

describe('volume', () => {
  test('a step fills its share of the volume in whole lots, the rest waits', async () => {
    const { exchange, step, fills, events } = testVenue({ maxVolumeShare: 0.1 });
    step(SPOT, flat(100));
    await exchange.submit(buy('a', { amount: 1 }));
    step(SPOT, flat(100), 6.005);
    step(SPOT, flat(101), 0.009);
    step(SPOT, flat(102), 100);
    expect(fills()).toEqual(['buy 0.6@100 taker', 'buy 0.4@102 taker']);
    const statuses = events.filter((event) => event.kind === 'order').map(({ order }) => order.status);
    expect(statuses).toEqual(['OPEN', 'PARTIALLY_FILLED', 'FILLED']);
  });

  test('orders of one symbol share its volume, the older first', async () => {
    const { exchange, step, fills } = testVenue();
    step(SPOT, flat(100));
    await exchange.submit(buy('a', { amount: 2 }));
    await exchange.submit(buy('b', { amount: 2 }));
    step(SPOT, flat(100), 3);
    expect(fills()).toEqual(['buy 2@100 taker', 'buy 1@100 taker']);
  });
});

describe('fees', () => {
  test('are taken in quote currency, by who makes and who takes', async () => {
    const { exchange, step, events } = testVenue({ makerFeeBps: 2, takerFeeBps: 7.5 });
    step(SPOT, flat(100));
    await exchange.submit(buy('a'));
    await exchange.submit(buy('b', { limitPrice: 90 }));
    step(SPOT, [100, 100, 89, 95]);
    const fees = events
      .filter((event) => event.kind === 'fill')
      .map(({ fill }) => [fill.fee?.asset, `${fill.fee?.amount}`]);
    expect(fees).toEqual([
      ['USDT', '0.075'],
      ['USDT', '0.018'],
    ]);
    expect(`${(await totals(exchange)).get('USDT')}`).toBe('9809.907');
  });

  test('#18 V14 can be taken in the coins received, and then there are fewer to sell', async () => {
    const { exchange, step, events } = await holding({ takerFeeBps: 100, feeAsset: 'received' });
    expect(`${(await totals(exchange)).get('BTC')}`).toBe('0.99');
    await expect(exchange.submit(sell('x'))).rejects.toThrow('insufficient balance: 1 BTC needed, 0.99 free');
    await exchange.submit(sell('y', { amount: '0.99' }));
    step(SPOT, flat(100));
    expect(events.find((event) => event.kind === 'fill')).toMatchObject({ fill: { fee: { asset: 'USDT' } } });
    expect(`${(await totals(exchange)).get('BTC')}`).toBe('0');
  });

  test('a perpetual takes its fee in quote currency whatever is set', async () => {
    const { exchange } = await holding({ symbol: PERPETUAL, takerFeeBps: 100, feeAsset: 'received' });
    expect(`${(await totals(exchange)).get('USDT')}`).toBe('9999');
  });
});

describe('what the venue refuses', () => {
  test.each<[string, OrderIntent, string]>([
    ['an unknown symbol', buy('a', { symbol: 'NO/SUCH' }), 'not listed'],
    ['an amount below the minimum', buy('a', { amount: '0.0001' }), 'below the venue'],
    ['a worth below the minimum', buy('a', { amount: '0.05' }), 'below the venue'],
    ['an amount between lots', buy('a', { amount: '1.0005' }), 'not a whole number of lots'],
    ['a limit between ticks', buy('a', { limitPrice: '99.999' }), 'not on the tick'],
    ['a stop between ticks', stopOf('a', 95.001), 'not on the tick'],
    ['a limit without a price', buy('a', { type: 'limit' }), 'needs a price'],
    ['more than the cash can pay', buy('a', { amount: 101 }), 'insufficient balance'],
    ['coins that are not there', sell('a'), 'insufficient balance'],
    ['reducing what is not there', stopOf('a', 95), 'reduce-only'],
  ])('%s', async (_name, intent, message) => {
    const { exchange, step, events } = testVenue();
    step(SPOT, flat(100));
    await expect(exchange.submit(intent)).rejects.toMatchObject({
      fault: 'rejected',
      message: expect.stringContaining(message),
    });
    expect(events).toEqual([]);
  });

  test('a client order id that other venues would not take either', async () => {
    const { exchange, step } = testVenue();
    step(SPOT, flat(100));
    await exchange.submit(buy('a'.repeat(18)));
    await expect(exchange.submit(buy('b'.repeat(19)))).rejects.toThrow('longer than 18 characters');
  });

  test('more stops than its profile says a symbol may have', async () => {
    const { exchange } = await holding();
    const { maxStops } = exchange.profile;
    const stop = (id: string): OrderIntent => stopOf(id, 95, { amount: '0.15' });
    for (let count = 0; count < maxStops; count += 1) await exchange.submit(stop(`s${count}`));
    await expect(exchange.submit(stop('more'))).rejects.toThrow('5 stops already');
    await exchange.cancel(refTo('s0'));
    await exchange.submit(stop('more'));
  });

  test('a market order before the first price', async () => {
    const { exchange } = testVenue();
    await expect(exchange.submit(buy('a'))).rejects.toThrow('there has been no price of BTC/USDT yet');
  });

  test('a step of a symbol it does not list', () => {
    expect(() => testVenue().step('NO/SUCH', flat(1))).toThrow('not listed');
  });

  test('a venue without instruments is a mistake', () => {
    expect(() => testVenue({ instruments: [] })).toThrow('at least one instrument');
  });

  test('cash that working orders have a claim on, also on another symbol', async () => {
    const { exchange, step } = testVenue();
    step(SPOT, flat(100));
    step(ETH, flat(100));
    await exchange.submit(buy('a', { limitPrice: 90, amount: 60 }));
    await expect(exchange.submit(buy('b', { symbol: ETH, amount: 60 }))).rejects.toThrow(
      'insufficient balance',
    );
    await exchange.submit(buy('c', { symbol: ETH, amount: 46 }));
    await exchange.cancel(refTo('a'));
    await exchange.submit(buy('d', { symbol: ETH, amount: 54 }));
  });

  test('coins that a resting stop has a claim on, as on real spot venues', async () => {
    const { exchange } = await holding();
    await exchange.submit(stopOf('s', 95, { amount: '0.6' }));
    await expect(exchange.submit(sell('x', { amount: '0.5', reduceOnly: true }))).rejects.toThrow('0.4 free');
    await exchange.submit(sell('x', { amount: '0.4' }));
  });

  test('an order that would cost more than is left when its turn comes ends without breaking the account', async () => {
    const { exchange, step, fills, events } = testVenue({ capital: 1_000 });
    step(SPOT, flat(100));
    await exchange.submit(buy('a', { amount: 10 }));
    step(SPOT, flat(150));
    expect(fills()).toEqual(['buy 6.666@150 taker']);
    expect(events.at(-1)).toMatchObject({
      order: { status: 'EXPIRED', reason: 'insufficient balance of USDT' },
    });
    expect((await totals(exchange)).get('USDT')?.toNumber()).toBeGreaterThanOrEqual(0);
  });
});

describe('perpetuals', () => {
  test('a reduce-only order larger than the position is clipped and the rest expires', async () => {
    const { exchange, step, fills, events } = await holding({ symbol: PERPETUAL });
    await exchange.submit(sell('x', { symbol: PERPETUAL, amount: 3, reduceOnly: true }));
    step(PERPETUAL, flat(100));
    expect(fills()).toEqual(['sell 1@100 taker']);
    expect(events.at(-1)).toMatchObject({
      order: { status: 'EXPIRED', reason: 'nothing is left to reduce' },
    });
  });

  test('#27 a reduce-only stop left behind cannot open a position', async () => {
    const { exchange, step, fills, events } = await holding({ symbol: PERPETUAL });
    await exchange.submit(stopOf('s', 95, { symbol: PERPETUAL }));
    await exchange.submit(sell('x', { symbol: PERPETUAL, reduceOnly: true }));
    step(PERPETUAL, flat(100));
    step(PERPETUAL, flat(90));
    expect(fills()).toEqual(['sell 1@100 taker']);
    expect(events.at(-1)).toMatchObject({ order: { clientOrderId: 's', status: 'EXPIRED' } });
  });

  test('cash must cover the exposure: there is no leverage', async () => {
    const { exchange } = await holding({ symbol: PERPETUAL, capital: 1_000 });
    const short = (id: string, amount: number): OrderIntent =>
      sell(id, { symbol: PERPETUAL, purpose: 'entry', amount });
    await expect(exchange.submit(buy('a', { symbol: PERPETUAL, amount: 10 }))).rejects.toThrow(
      'insufficient',
    );
    await exchange.submit(buy('b', { symbol: PERPETUAL, amount: 5, limitPrice: 90 }));
    // Closing the one that is held costs nothing; four more do.
    await exchange.submit(short('c', 5));
    await expect(exchange.submit(short('d', 5))).rejects.toThrow('insufficient');
  });

  test('profit and loss reach the balance when they are realised', async () => {
    const { exchange, step } = await holding({ symbol: PERPETUAL });
    await exchange.submit(sell('flip', { symbol: PERPETUAL, amount: 2 }));
    step(PERPETUAL, flat(110));
    expect(`${(await totals(exchange)).get('USDT')}`).toBe('10010');
    expect(`${(await exchange.account()).positions.get(PERPETUAL)}`).toBe('-1');
    await exchange.submit(buy('half', { symbol: PERPETUAL, amount: '0.5', reduceOnly: true }));
    step(PERPETUAL, flat(100));
    expect(`${(await totals(exchange)).get('USDT')}`).toBe('10015');
  });
});

describe('time', () => {
  test('a step is applied once, and never one from before it', async () => {
    const { exchange, fills } = await holding();
    await exchange.submit(stopOf('s', 95));
    const old = { openTime: START + STEP_MS, open: 90, high: 90, low: 90, close: 90, volume: 9 };
    exchange.advance(SPOT, old, STEP_MS);
    expect(fills()).toEqual([]);
  });

  test('fills carry the moment within the step, or the clock where that is ahead', async () => {
    const { exchange, step, events, clock } = await holding();
    await exchange.submit(stopOf('s', 95));
    step(SPOT, [100, 100, 90, 100]);
    const time = (event: VenueEvent | undefined): number => (event?.kind === 'fill' ? event.fill.time : 0);
    expect(time(events.find((event) => event.kind === 'fill'))).toBe(START + 2.5 * STEP_MS - 20_000);
    await exchange.submit(buy('b'));
    const openTime = clock.now();
    clock.advanceTo(openTime + 3 * STEP_MS);
    exchange.advance(SPOT, { openTime, open: 1, high: 1, low: 1, close: 1, volume: 99 }, STEP_MS);
    expect(time(events.findLast((event) => event.kind === 'fill'))).toBe(openTime + 3 * STEP_MS);
  });
});

test('an order that a listener ends when it is told of its fill is told of once more: as ended', async () => {
  const { exchange, step, events } = testVenue();
  step(SPOT, flat(100));
  exchange.onEvent((event) => {
    if (event.kind === 'fill') void exchange.cancel(refTo('a'));
  });
  await exchange.submit(buy('a'));
  step(SPOT, flat(100), 0.4);
  const statuses = events.filter((event) => event.kind === 'order').map(({ order }) => order.status);
  expect(statuses).toEqual(['OPEN', 'CANCELED']);
});

test('a rest that a listener has cancelled is not ended again for want of money', async () => {
  const { exchange, step, events } = testVenue({ capital: 1_000 });
  step(SPOT, flat(100));
  exchange.onEvent((event) => {
    if (event.kind === 'fill') void exchange.cancel(refTo('a'));
  });
  await exchange.submit(buy('a', { amount: 10 }));
  step(SPOT, flat(150));
  const statuses = events.filter((event) => event.kind === 'order').map(({ order }) => order.status);
  expect(statuses).toEqual(['OPEN', 'CANCELED']);
});

test('cancelling twice, or after the fill, answers the order as it stands', async () => {
  const { exchange, step, events } = testVenue();
  step(SPOT, flat(100));
  await exchange.submit(buy('a', { limitPrice: 90 }));
  await exchange.cancel(refTo('a'));
  const told = events.length;
  expect((await exchange.cancel(refTo('a'))).status).toBe('CANCELED');
  expect(events).toHaveLength(told);
});
