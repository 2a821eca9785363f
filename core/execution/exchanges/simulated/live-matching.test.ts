import { describe, expect, test } from 'vitest';
import { intentOf, refTo } from '../../../../tests/contracts/builders.ts';
import { memoryVenueStore, PERPETUAL, SPOT, testVenue } from '../../../../tests/contracts/simulated-venue.ts';
import { VenueError } from '../../../domain/index.ts';
import { liveVenue } from './testing/live-venue.ts';

const buy = (id: string, given: Parameters<typeof intentOf>[1] = {}) =>
  intentOf(id, { symbol: SPOT, type: 'market', side: 'buy', amount: 1, ...given });
const limit = (id: string, limitPrice: number, given: Parameters<typeof intentOf>[1] = {}) =>
  buy(id, { type: 'limit', limitPrice, ...given });

const statusOf = async (venue: ReturnType<typeof liveVenue>) =>
  (await venue.exchange.openOrders()).map(
    ({ clientOrderId, filledAmount }) => `${clientOrderId} ${filledAmount.toFixed()}`,
  );

describe('a market that the venue has closed', () => {
  test.each(['halted', 'delisted'] as const)(
    '%s fills nothing, says so, and takes no order',
    async (status) => {
      const venue = liveVenue({ latencyMs: 100 });
      venue.book(SPOT, [[99, 5]], [[100, 5]]);
      await venue.exchange.submit(buy('a'));
      venue.exchange.showStatus(SPOT, status);
      expect(venue.exchange.instrument(SPOT)?.status).toBe(status);
      venue.pass(100);
      venue.book(SPOT, [[99, 5]], [[100, 5]]);
      expect(venue.fills()).toEqual([]);
      await expect(venue.exchange.submit(buy('b'))).rejects.toThrow(`${SPOT} is ${status} at the venue`);
      venue.exchange.showStatus(SPOT, 'trading');
      venue.pass(0);
      expect(venue.fills()).toEqual(['buy 1@100 taker']);
    },
  );

  test('that is not listed has none', () => {
    expect(() => liveVenue().exchange.showStatus('SOL/USDT', 'halted')).toThrow(VenueError);
  });
});

describe('a taker on paper', () => {
  test('V17 walks the book: each level at its own price, and nothing better', async () => {
    const venue = liveVenue();
    venue.book(
      SPOT,
      [[99, 5]],
      [
        [100, 0.3],
        [101, 0.4],
        [103, 9],
      ],
    );
    await venue.exchange.submit(buy('a'));
    venue.pass(0);
    expect(venue.fills()).toEqual(['buy 0.3@100 taker', 'buy 0.4@101 taker', 'buy 0.3@103 taker']);
  });

  test('V17 gets to the venue after the latency, and takes what is there then', async () => {
    const venue = liveVenue({ latencyMs: 200 });
    venue.book(SPOT, [[99, 5]], [[100, 5]]);
    await venue.exchange.submit(buy('a'));
    venue.pass(199);
    expect(venue.fills()).toEqual([]);
    venue.book(SPOT, [[101, 5]], [[102, 5]]);
    venue.pass(1);
    expect(venue.fills()).toEqual(['buy 1@102 taker']);
  });

  test('waits for more where the book ends', async () => {
    const venue = liveVenue();
    venue.book(SPOT, [[99, 5]], [[100, 0.4]]);
    await venue.exchange.submit(buy('a'));
    venue.pass(0);
    expect(await statusOf(venue)).toEqual(['a 0.4']);
    venue.book(SPOT, [[100, 5]], [[101, 5]]);
    expect(venue.fills()).toEqual(['buy 0.4@100 taker', 'buy 0.6@101 taker']);
  });

  test('does not take the same coins twice: they are back when the venue has shown that level without them', async () => {
    const venue = liveVenue();
    const show = () =>
      venue.book(
        SPOT,
        [[99, 5]],
        [
          [100, 1],
          [101, 5],
        ],
      );
    show();
    await venue.exchange.submit(buy('a'));
    venue.pass(0);
    show();
    await venue.exchange.submit(buy('b'));
    venue.pass(0);
    venue.book(SPOT, [[99, 5]], [[101, 5]]);
    show();
    await venue.exchange.submit(buy('c'));
    venue.pass(0);
    expect(venue.fills()).toEqual(['buy 1@100 taker', 'buy 1@101 taker', 'buy 1@100 taker']);
  });

  test('finds to the last digit what it left of a level', async () => {
    const venue = liveVenue();
    venue.book(
      SPOT,
      [[99, 5]],
      [
        [100, 0.6],
        [101, 5],
      ],
    );
    await venue.exchange.submit(buy('a', { amount: 0.4 }));
    venue.pass(0);
    await venue.exchange.submit(buy('b', { amount: 0.2 }));
    venue.pass(0);
    expect(venue.fills()).toEqual(['buy 0.4@100 taker', 'buy 0.2@100 taker']);
  });

  test('leaves what is less than a lot', async () => {
    const venue = liveVenue();
    venue.book(
      SPOT,
      [[99, 5]],
      [
        [100, 0.0004],
        [101, 5],
      ],
    );
    await venue.exchange.submit(buy('a'));
    venue.pass(0);
    expect(venue.fills()).toEqual(['buy 1@101 taker']);
  });

  test('waits for a book that was seen lately, that has two sides and that does not cross', async () => {
    const venue = liveVenue();
    venue.book(SPOT, [[99, 5]], [[100, 5]]);
    venue.pass(10_001);
    await venue.exchange.submit(buy('a'));
    venue.pass(0);
    venue.book(SPOT, [], [[100, 5]]);
    venue.book(SPOT, [[99, 5]], []);
    venue.book(SPOT, [[100, 5]], [[100, 5]]);
    expect(venue.fills()).toEqual([]);
    venue.book(SPOT, [[99, 5]], [[101, 5]]);
    expect(venue.fills()).toEqual(['buy 1@101 taker']);
  });

  test('that is ended by whoever is told of its first fill takes no more', async () => {
    const venue = liveVenue();
    venue.exchange.onEvent((event) => {
      if (event.kind === 'fill') void venue.exchange.cancel(refTo('a', { symbol: SPOT }));
    });
    venue.book(
      SPOT,
      [[99, 5]],
      [
        [100, 0.3],
        [101, 5],
      ],
    );
    await venue.exchange.submit(buy('a'));
    venue.pass(0);
    expect(venue.fills()).toEqual(['buy 0.3@100 taker']);
    expect(await statusOf(venue)).toEqual([]);
  });
});

describe('a limit on paper', () => {
  test('takes up to its price, and what is left rests', async () => {
    const venue = liveVenue();
    venue.book(
      SPOT,
      [[99, 5]],
      [
        [100, 0.3],
        [101, 5],
      ],
    );
    await venue.exchange.submit(limit('a', 100));
    venue.pass(0);
    expect(venue.fills()).toEqual(['buy 0.3@100 taker']);
    expect(await statusOf(venue)).toEqual(['a 0.3']);
  });

  test('that is filled in full when it comes does not rest', async () => {
    const venue = liveVenue();
    venue.book(
      SPOT,
      [[99, 5]],
      [
        [100, 0.3],
        [101, 5],
      ],
    );
    await venue.exchange.submit(limit('a', 102));
    venue.pass(0);
    expect(venue.fills()).toEqual(['buy 0.3@100 taker', 'buy 0.7@101 taker']);
    expect(await statusOf(venue)).toEqual([]);
  });

  test('V17 waits behind what stood at its price, and fills with what trades beyond that', async () => {
    const venue = liveVenue();
    venue.book(
      SPOT,
      [
        [99, 2],
        [98, 5],
      ],
      [[100, 5]],
    );
    await venue.exchange.submit(limit('a', 99));
    venue.pass(0);
    venue.trade(SPOT, 99, 1.5, 'sell');
    expect(venue.fills()).toEqual([]);
    // Buyers who take at 99 take from others than the buyers who rest there.
    venue.trade(SPOT, 99, 5, 'buy');
    expect(venue.fills()).toEqual([]);
    venue.trade(SPOT, 99, 0.7, 'sell');
    expect(venue.fills()).toEqual(['buy 0.2@99 maker']);
    venue.trade(SPOT, 99, 0.3);
    venue.trade(SPOT, 99, 0.0001);
    venue.trade(SPOT, 99, 3, 'sell');
    expect(venue.fills()).toEqual(['buy 0.2@99 maker', 'buy 0.3@99 maker', 'buy 0.5@99 maker']);
  });

  test('moves forward when those before it go away, and never back', async () => {
    const venue = liveVenue();
    venue.book(SPOT, [[99, 2]], [[100, 5]]);
    await venue.exchange.submit(limit('a', 99));
    venue.pass(0);
    venue.book(SPOT, [[99, 0.5]], [[100, 5]]);
    venue.book(SPOT, [[99, 9]], [[100, 5]]);
    venue.trade(SPOT, 99, 1, 'sell');
    expect(venue.fills()).toEqual(['buy 0.5@99 maker']);
  });

  test('beyond what the book shows is not filled at its price before the book has reached there', async () => {
    const venue = liveVenue({ capital: 100_000 });
    venue.book(SPOT, [[99, 2]], [[100, 5]]);
    await venue.exchange.submit(limit('a', 95));
    await venue.exchange.submit(limit('b', 120, { side: 'sell', symbol: PERPETUAL }));
    venue.book(PERPETUAL, [[99, 2]], [[100, 5]]);
    venue.pass(0);
    venue.trade(SPOT, 95, 100, 'sell');
    expect(venue.fills()).toEqual([]);
    venue.book(
      SPOT,
      [
        [96, 1],
        [94, 3],
      ],
      [[97, 5]],
    );
    venue.trade(SPOT, 95, 0.2, 'sell');
    venue.book(
      PERPETUAL,
      [[118, 1]],
      [
        [119, 1],
        [120, 3],
        [121, 1],
      ],
    );
    venue.trade(PERPETUAL, 120, 3.25, 'buy');
    expect(venue.fills()).toEqual(['buy 0.2@95 maker', 'sell 0.25@120 maker']);
  });

  test.each([
    ['buy', 100, 'REJECTED'],
    ['buy', 99.5, 'OPEN'],
    ['sell', 99, 'REJECTED'],
    ['sell', 99.5, 'OPEN'],
  ] as const)(
    'that is post-only, a %s at %d within 99 and 100, is %s when it arrives',
    async (side, at, status) => {
      const venue = liveVenue();
      venue.book(PERPETUAL, [[99, 5]], [[100, 5]]);
      await venue.exchange.submit(limit('a', at, { symbol: PERPETUAL, side, postOnly: true }));
      venue.pass(0);
      const lookup = await venue.exchange.order(refTo('a', { symbol: PERPETUAL }));
      expect(lookup.kind === 'found' && lookup.order.status).toBe(status);
      expect(venue.fills()).toEqual([]);
    },
  );

  test('fills in full, at its own price, when the market trades through it', async () => {
    const venue = liveVenue({ makerFeeBps: 10 });
    venue.book(SPOT, [[99, 200]], [[100, 5]]);
    await venue.exchange.submit(limit('a', 99));
    venue.pass(0);
    venue.trade(SPOT, 98.99, 0.001, 'sell');
    expect(venue.fills()).toEqual(['buy 1@99 maker']);
    const { assets } = await venue.exchange.account();
    expect(assets.get('USDT')?.total.toFixed()).toBe('9900.901');
  });

  test('meets what others offer at its price or below, whatever trades were missed', async () => {
    const venue = liveVenue();
    venue.book(SPOT, [[99, 200]], [[100, 5]]);
    await venue.exchange.submit(limit('a', 99));
    venue.pass(0);
    venue.book(
      SPOT,
      [[97, 5]],
      [
        [98, 0.4],
        [99, 0.1],
        [99.5, 9],
      ],
    );
    expect(venue.fills()).toEqual(['buy 0.4@99 maker', 'buy 0.1@99 maker']);
    expect(await statusOf(venue)).toEqual(['a 0.5']);
    venue.book(SPOT, [[97, 5]], [[98, 5]]);
    expect(venue.fills().at(-1)).toBe('buy 0.5@99 maker');
  });

  test('does not fill by what traded before it was there, however late that is told', async () => {
    const venue = liveVenue();
    venue.book(SPOT, [[99, 2]], [[100, 5]]);
    venue.pass(500);
    await venue.exchange.submit(limit('a', 99));
    venue.pass(0);
    const told = { amount: 5, takerSide: 'sell' } as const;
    const before = venue.clock.now() - 1;
    venue.exchange.showTrade(SPOT, { ...told, price: 99, time: before });
    venue.exchange.showTrade(SPOT, { ...told, price: 98, time: before });
    expect(venue.fills()).toEqual([]);
    venue.exchange.showTrade(SPOT, { ...told, price: 98, time: before + 1 });
    expect(venue.fills()).toEqual(['buy 1@99 maker']);
  });

  test('ends when its time is up, and has none before it arrived', async () => {
    const venue = liveVenue({ latencyMs: 100 });
    venue.book(SPOT, [[99, 2]], [[100, 5]]);
    await venue.exchange.submit(limit('a', 99, { expiresAt: venue.clock.now() + 1_000 }));
    venue.trade(SPOT, 90, 100, 'sell');
    venue.pass(999);
    expect(await statusOf(venue)).toEqual(['a 0']);
    venue.clock.advanceTo(venue.clock.now() + 1);
    venue.trade(SPOT, 90, 100, 'sell');
    venue.pass(0);
    expect([venue.fills(), await statusOf(venue)]).toEqual([[], []]);
  });

  test('is behind everybody again after a restart', async () => {
    const store = memoryVenueStore();
    const before = liveVenue({ store });
    before.book(SPOT, [[99, 2]], [[100, 5]]);
    await before.exchange.submit(limit('a', 99));
    before.pass(0);
    before.trade(SPOT, 99, 1.5, 'sell');
    const after = liveVenue({ store, start: before.clock.now() });
    after.book(SPOT, [[99, 4]], [[100, 5]]);
    after.trade(SPOT, 99, 3.5, 'sell');
    expect(after.fills()).toEqual([]);
    after.trade(SPOT, 99, 1, 'sell');
    expect(after.fills()).toEqual(['buy 0.5@99 maker']);
  });
});

describe('a stop on paper', () => {
  const stop = { type: 'stop', side: 'sell', reduceOnly: true } as const;

  test('is not concerned by what traded before it was there, however late that is told', async () => {
    const venue = liveVenue({ latencyMs: 100 });
    venue.book(SPOT, [[99, 5]], [[100, 5]]);
    await venue.exchange.submit(buy('a'));
    venue.pass(100);
    const sentAt = venue.clock.now();
    await venue.exchange.submit(buy('s', { ...stop, stopPrice: 95 }));
    venue.pass(1_000);
    const told = { price: 94, amount: 1, takerSide: null };
    venue.exchange.showTrade(SPOT, { ...told, time: sentAt + 99 });
    expect(venue.fills()).toEqual(['buy 1@100 taker']);
    venue.exchange.showTrade(SPOT, { ...told, time: sentAt + 100 });
    expect(venue.fills()).toEqual(['buy 1@100 taker', 'sell 1@99 taker']);
  });

  test('waits for a trade at its trigger, and takes from the book then', async () => {
    const venue = liveVenue();
    venue.book(SPOT, [[99, 5]], [[100, 5]]);
    await venue.exchange.submit(buy('a'));
    venue.pass(0);
    await venue.exchange.submit(buy('s', { ...stop, stopPrice: 95 }));
    venue.book(
      SPOT,
      [
        [94, 0.4],
        [93, 9],
      ],
      [[96, 5]],
    );
    venue.trade(SPOT, 95.01, 1);
    expect(venue.fills()).toHaveLength(1);
    venue.trade(SPOT, 95, 1);
    expect(venue.fills().slice(1)).toEqual(['sell 0.4@94 taker', 'sell 0.6@93 taker']);
    expect(await statusOf(venue)).toEqual([]);
  });

  test('that has triggered takes when there is a book again', async () => {
    const venue = liveVenue();
    venue.book(PERPETUAL, [[99, 5]], [[100, 5]]);
    await venue.exchange.submit(buy('a', { symbol: PERPETUAL, side: 'sell' }));
    venue.pass(0);
    await venue.exchange.submit(buy('s', { ...stop, side: 'buy', symbol: PERPETUAL, stopPrice: 105 }));
    venue.pass(20_000);
    venue.trade(PERPETUAL, 106, 1);
    expect(venue.fills()).toEqual(['sell 1@99 taker']);
    venue.book(PERPETUAL, [[106, 5]], [[107, 5]]);
    expect(venue.fills()).toEqual(['sell 1@99 taker', 'buy 1@107 taker']);
  });
});

test('what trading costs has the spread of the book', () => {
  const venue = liveVenue({ spreadBps: 7, takerFeeBps: 5 });
  expect(venue.exchange.costs(SPOT)).toMatchObject({ spreadBps: 7, takerFeeBps: 5 });
  venue.book(SPOT, [[99.95, 5]], [[100.05, 5]]);
  expect(venue.exchange.costs(SPOT).spreadBps).toBeCloseTo(10, 9);
  expect(venue.exchange.costs('NO/SUCH').spreadBps).toBe(7);
});

test('a symbol that is not listed has neither book nor trades', () => {
  const { exchange } = testVenue();
  const book = { time: 0, bids: [], asks: [] };
  expect(() => exchange.showBook('NO/SUCH', book)).toThrow(VenueError);
  expect(() => exchange.showTrade('NO/SUCH', { time: 0, price: 1, amount: 1, takerSide: null })).toThrow(
    VenueError,
  );
});
