import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { executionDesk } from '../../tests/contracts/execution-desk.ts';
import { flat, PERPETUAL, SPOT, testVenue } from '../../tests/contracts/simulated-venue.ts';
import {
  baseAmount,
  type ClientOrderId,
  decisionId,
  type Order,
  price,
  sum,
  text,
  tradeId,
  VenueError,
  ZERO_BASE,
} from '../domain/index.ts';
import type { MakerRules, WantedEntry } from './maker-entries.ts';

const RULES: MakerRules = { bandBps: 100, repriceMs: 5_000, timeoutMs: 60_000, afterTimeout: 'taker' };
const MINUTE = 60_000;

/** A venue where everything has traded at 100, with a spread of 0.2 %, and an engine that enters as a maker. */
function making(
  given: {
    readonly wanted?: Partial<WantedEntry>;
    readonly rules?: Partial<MakerRules>;
    readonly desk?: Parameters<typeof executionDesk>[0];
    readonly venue?: Parameters<typeof testVenue>[0];
  } = {},
) {
  const venue = testVenue({ spreadBps: 20, ...given.venue });
  for (const symbol of [SPOT, PERPETUAL]) venue.step(symbol, flat(100));
  const scene = executionDesk({ venue, symbols: [SPOT, PERPETUAL], ...given.desk });
  const { desk, orders } = scene;
  const sent: ClientOrderId[] = [];
  const gone: ClientOrderId[] = [];
  const asked: (string | null)[] = [];
  const obstacle = { always: null as string | null, forMore: null as string | null };
  const wanted: WantedEntry = {
    symbol: SPOT,
    side: 'buy',
    amount: baseAmount(10),
    decisionId: decisionId('d'),
    barOpenTime: venue.clock.now() - MINUTE,
    expected: { price: price(100), cost: 0.002 },
    expiresAt: venue.clock.now() + 60 * MINUTE,
    onOrder: (id) => sent.push(id),
    onNone: (id) => gone.push(id),
    obstacle: (_at, more) => {
      asked.push(more === null ? null : text(more));
      return obstacle.always ?? (more === null ? null : obstacle.forMore);
    },
    ...given.wanted,
  };
  const { symbol } = wanted;
  const begin = () => desk.makeEntry(wanted, { ...RULES, ...given.rules });
  /** The market goes from one price to another within a time, and the engine is told. */
  async function pass(ms: number, corners: readonly [number, number, number, number], volume = 1_000_000) {
    const openTime = venue.clock.now();
    const [open, high, low, close] = corners;
    venue.exchange.advance(symbol, { openTime, open, high, low, close, volume }, ms);
    venue.clock.advanceTo(openTime + ms);
    desk.price(symbol, close);
    await orders.idle();
  }
  const still = (ms: number, at: number) => pass(ms, [at, at, at, at]);
  const mine = (): readonly Order[] =>
    sent.flatMap((id) => {
      const order = orders.order(id);
      return order === undefined ? [] : [order];
    });
  /** Each order so far, as `amount@limit status`, and whether it may only make. */
  const told = () =>
    mine().map(({ amount, limitPrice, status, postOnly }) => {
      const at = limitPrice === null ? '' : text(limitPrice);
      return `${postOnly === true ? 'makes' : 'takes'} ${text(amount)}@${at} ${status}`;
    });
  /** The venue tells of a fill of 3 coins that it had not told when that order ended. */
  const late = (of: ClientOrderId | undefined): void =>
    orders.inquiry.count({
      tradeId: tradeId('late'),
      clientOrderId: of ?? null,
      venueOrderId: null,
      symbol,
      side: wanted.side,
      price: price('99.9'),
      amount: baseAmount(3),
      fee: null,
      liquidity: 'maker',
      time: venue.clock.now(),
    });
  const isOn = () => desk.isMakingEntry(symbol);
  return { ...scene, wanted, obstacle, asked, sent, gone, begin, pass, still, late, told, isOn, mine };
}

describe('an entry that makes first', () => {
  test.each([
    ['a buy', SPOT, 'buy', '99.9', [100, 100, 99.8, 100]],
    ['a sell', PERPETUAL, 'sell', '100.1', [100, 100.2, 100, 100]],
  ] as const)(
    'rests %s at the touch on its own side, and fills there as a maker',
    async (_n, symbol, side, at, to) => {
      const scene = making({ wanted: { symbol, side } });
      expect(await scene.begin()).toMatchObject({ outcome: 'placed' });
      expect(scene.told()).toEqual([`makes 10@${at} OPEN`]);
      expect(scene.isOn()).toBe(true);
      await scene.pass(1_000, to);
      expect(scene.venue.fills()).toEqual([`${side} 10@${at} maker`]);
      expect(scene.fills).toMatchObject([{ expected: scene.wanted.expected }]);
      expect(scene.isOn()).toBe(false);
      expect(scene.told()).toEqual([`makes 10@${at} FILLED`]);
    },
  );

  test('stays where it is while the touch has not moved, and before its interval is over', async () => {
    const scene = making();
    await scene.begin();
    await scene.still(4_999, 100.5);
    expect(scene.told()).toHaveLength(1);
    await scene.still(10_000, 100);
    expect(scene.told()).toEqual(['makes 10@99.9 OPEN']);
  });

  test('follows the price: the old order has ended before the new one leaves', async () => {
    const scene = making();
    await scene.begin();
    const working: number[] = [];
    scene.exchange.during('submit', () => working.push(scene.working('entry').length), 'before');
    await scene.still(5_000, 100.5);
    expect(scene.told()).toEqual(['makes 10@99.9 CANCELED', 'makes 10@100.39 OPEN']);
    expect(working).toEqual([1]);
    expect(await scene.there()).toEqual([scene.sent[1]]);
    expect(scene.sent).toEqual([...new Set(scene.sent)]);
  });

  test('counts what has filled so far, and protects it at once', async () => {
    const scene = making();
    scene.protect(95);
    await scene.begin();
    await scene.pass(1_000, [100, 100, 99.8, 100], 4);
    expect(scene.stops()).toEqual(['sell 4@95']);
    await scene.still(5_000, 100.5);
    expect(scene.told()).toEqual(['makes 10@99.9 CANCELED', 'makes 6@100.39 OPEN']);
    expect(scene.asked.at(-1)).toBe('6');
  });

  test.each([
    ['a buy', SPOT, 'buy', 104, '101'],
    ['a sell', PERPETUAL, 'sell', 96, '99'],
  ] as const)(
    'never rests %s further from the price of its decision than the band',
    async (_n, symbol, side, to, at) => {
      const scene = making({ wanted: { symbol, side } });
      await scene.begin();
      await scene.still(5_000, to);
      expect(scene.told().at(-1)).toBe(`makes 10@${at} OPEN`);
    },
  );

  test.each([
    [
      'takes the rest by a limit at the edge of the band',
      100.5,
      ['takes 10@101 FILLED'],
      ['buy 10@100.61 taker'],
    ],
    ['is given up where the price is beyond the band', 101.5, [], []],
  ])('%s when its time is up', async (_name, at, orders, fills) => {
    const scene = making({ rules: { repriceMs: 100_000 } });
    await scene.begin();
    await scene.still(59_000, at);
    await scene.still(2_000, at);
    await scene.still(1_000, at);
    expect(scene.told()).toEqual(['makes 10@99.9 EXPIRED', ...orders]);
    expect(scene.venue.fills()).toEqual(fills);
    expect(scene.isOn()).toBe(false);
  });

  test('takes as a sell does, too', async () => {
    const scene = making({ wanted: { symbol: PERPETUAL, side: 'sell' }, rules: { repriceMs: 100_000 } });
    await scene.begin();
    for (const ms of [59_000, 2_000, 1_000]) await scene.still(ms, 99.5);
    expect(scene.venue.fills()).toEqual(['sell 10@99.4 taker']);
  });

  test('takes within the step in which its time is up, where history has no finer ones', async () => {
    const scene = making();
    await scene.begin();
    // Rises in the first third of the hour: after a minute it is at 100.05 on its way to 101.
    await scene.pass(60 * MINUTE, [100, 101, 100, 100]);
    expect(scene.told()).toEqual(['makes 10@99.9 EXPIRED', 'takes 10@101 FILLED']);
    expect(scene.fills.map(({ liquidity }) => liquidity)).toEqual(['taker']);
    expect(scene.fills[0]?.time).toBeLessThan(scene.wanted.barOpenTime + MINUTE + 61_000);
  });

  test('is over where it takes in vain within one step, and leaves nothing in doubt', async () => {
    const scene = making();
    await scene.begin();
    // After a minute it is at 100.5 and within the band for us; a third of the hour later nobody sells there any more.
    await scene.pass(60 * MINUTE, [101.5, 110, 101.5, 110]);
    expect(scene.told()).toEqual(['makes 10@99.9 EXPIRED', 'takes 10@101 EXPIRED']);
    expect([...scene.orders.frozenSymbols()]).toEqual([]);
    expect(scene.isOn()).toBe(false);
  });

  test('gives up what is left where the trader wants that', async () => {
    const scene = making({ rules: { afterTimeout: 'give-up' } });
    await scene.begin();
    await scene.pass(1_000, [100, 100, 99.8, 100], 4);
    await scene.still(60_000, 100);
    expect(scene.told()).toEqual(['makes 10@99.9 EXPIRED']);
    expect(scene.quantity()).toBe('4');
    expect(scene.isOn()).toBe(false);
  });

  test('takes for no longer than until a new price, and gives up the rest', async () => {
    const scene = making();
    await scene.begin();
    await scene.pass(61_000, [100, 100, 100, 100], 1);
    await scene.pass(1_000, [100.5, 100.5, 100.5, 100.5], 3);
    expect(scene.told().at(-1)).toBe('takes 10@101 PARTIALLY_FILLED');
    await scene.still(5_000, 102);
    expect(scene.told().at(-1)).toBe('takes 10@101 EXPIRED');
    expect(scene.isOn()).toBe(false);
    await scene.still(60_000, 100);
    expect(await scene.there()).toEqual([]);
  });

  test('does not take at or after the end of the entry itself', async () => {
    const scene = making({ wanted: { expiresAt: 1_700_000_040_000 + 2 * MINUTE + 30_000 } });
    await scene.begin();
    await scene.still(31_000, 100);
    expect(scene.told()).toEqual(['makes 10@99.9 EXPIRED']);
    expect(scene.isOn()).toBe(false);
  });

  test.each([
    ['the rest is below the minimum of the venue', 9.95, ['makes 10@99.9 CANCELED']],
    ['there is enough to place', 9, ['makes 10@99.9 CANCELED', 'makes 1@100.39 OPEN']],
  ])('goes on only where %s', async (_name, volume, expected) => {
    const scene = making();
    await scene.begin();
    await scene.pass(1_000, [100, 100, 99.8, 100], volume);
    await scene.still(5_000, 100.5);
    expect(scene.told()).toEqual(expected);
  });
});

describe('an entry that makes first ends', () => {
  test('at a price at which it is not wanted any more: what rests is taken back, and nothing follows', async () => {
    const scene = making();
    await scene.begin();
    scene.obstacle.always = 'paused';
    await scene.still(1_000, 100);
    expect(scene.told()).toEqual(['makes 10@99.9 CANCELED']);
    expect(scene.isOn()).toBe(false);
    scene.obstacle.always = null;
    await scene.still(10_000, 100.5);
    expect(scene.told()).toHaveLength(1);
  });

  test('where no more may be added at the price of then', async () => {
    const scene = making();
    await scene.begin();
    scene.obstacle.forMore = 'the limits are full';
    await scene.still(5_000, 100.5);
    expect(scene.told()).toEqual(['makes 10@99.9 CANCELED']);
    expect(scene.isOn()).toBe(false);
  });

  test('when others take its order back', async () => {
    const scene = making();
    await scene.begin();
    await scene.venue.exchange.cancel({
      symbol: SPOT,
      clientOrderId: scene.sent[0] ?? null,
      venueOrderId: null,
      type: 'limit',
    });
    await scene.still(6_000, 100.5);
    expect(scene.told()).toEqual(['makes 10@99.9 CANCELED']);
    expect(scene.isOn()).toBe(false);
  });

  test('with a close of its symbol, also while it is about to follow the price', async () => {
    const scene = making();
    await scene.begin();
    await scene.pass(1_000, [100, 100, 99.8, 100], 4);
    scene.venue.clock.advanceTo(scene.venue.clock.now() + 5_000);
    // The cancel for the new price and the close meet.
    scene.desk.price(SPOT, 100.5);
    const closing = scene.place('x', { side: 'sell', purpose: 'exit', reduceOnly: true, amount: '4' });
    expect(await closing).toMatchObject({ outcome: 'placed' });
    await scene.still(60_000, 100.5);
    expect(scene.told()).toEqual(['makes 10@99.9 CANCELED']);
    expect(scene.quantity()).toBe('0');
    expect(scene.isOn()).toBe(false);
  });

  test('with a stop that closes what it has bought so far', async () => {
    const scene = making({ rules: { timeoutMs: 600_000 } });
    scene.protect(99);
    await scene.begin();
    await scene.pass(1_000, [100, 100, 99.8, 100], 4);
    await scene.pass(1_000, [100, 100, 98, 99.5], 100);
    await scene.still(60_000, 99.5);
    expect(scene.quantity()).toBe('0');
    expect(scene.isOn()).toBe(false);
    expect(await scene.there()).toEqual([]);
  });

  test('with such a stop between two of its orders, too', async () => {
    const scene = making({ rules: { timeoutMs: 600_000 } });
    scene.protect(99);
    await scene.begin();
    await scene.pass(1_000, [100, 100, 99.8, 100], 4);
    scene.exchange.fail('submit', 'before', 'rejected');
    await scene.still(5_000, 100.5);
    expect(scene.told()).toEqual(['makes 10@99.9 CANCELED', 'makes 6@100.39 REJECTED']);
    expect(scene.isOn()).toBe(true);
    await scene.pass(1_000, [100, 100, 98, 99.5], 100);
    await scene.still(60_000, 99.5);
    expect(scene.told()).toHaveLength(2);
    expect(scene.quantity()).toBe('0');
    expect(scene.isOn()).toBe(false);
  });

  test('with the emergency stop', async () => {
    const scene = making();
    await scene.begin();
    scene.gate.onlyEmergencies = true;
    await scene.flattener.flatten();
    await scene.still(60_000, 100.5);
    expect(scene.told()).toEqual(['makes 10@99.9 CANCELED']);
    expect(scene.isOn()).toBe(false);
    expect(await scene.there()).toEqual([]);
  });

  test('where the gate holds its next order back', async () => {
    const scene = making();
    await scene.begin();
    scene.gate.answer = { allowed: false, code: 'kill-switch', message: 'engaged' };
    await scene.still(5_000, 100.5);
    expect(scene.told()).toEqual(['makes 10@99.9 CANCELED', 'makes 10@100.39 CANCELED']);
    expect(scene.gone).toEqual([scene.sent[1]]);
    expect(scene.isOn()).toBe(false);
  });

  test('at once where its first order may not leave', async () => {
    const scene = making();
    scene.gate.answer = { allowed: false, code: 'kill-switch', message: 'engaged' };
    expect(await scene.begin()).toMatchObject({ outcome: 'refused', code: 'kill-switch' });
    expect(scene.gone).toEqual(scene.sent);
    expect(scene.isOn()).toBe(false);
  });

  test.each([
    ['is too small', { amount: baseAmount('0.05') }, 'below-min-notional'],
    ['is of a symbol that is not listed', { symbol: 'NO/SUCH' }, 'price-missing'],
  ])('before it begins where it %s', async (_name, wanted, code) => {
    const scene = making({ wanted });
    expect(await scene.begin()).toMatchObject({ outcome: 'refused', order: null, code });
    expect(scene.sent).toEqual([]);
    expect(scene.isOn()).toBe(false);
  });

  test('between two of its orders, too', async () => {
    const scene = making();
    scene.exchange.fail('submit', 'before', 'rejected');
    await scene.begin();
    scene.obstacle.always = 'paused';
    await scene.still(5_000, 100);
    expect(scene.told()).toEqual(['makes 10@99.9 REJECTED']);
    expect(scene.isOn()).toBe(false);
  });

  test('with the program: what rests is taken back, and a price later nothing happens', async () => {
    const scene = making();
    await scene.begin();
    await scene.desk.endEntries();
    expect(scene.told()).toEqual(['makes 10@99.9 CANCELED']);
    await scene.still(60_000, 100.5);
    expect(scene.told()).toHaveLength(1);
  });

  test('with the program between two orders, too', async () => {
    const scene = making();
    scene.exchange.fail('submit', 'before', 'rejected');
    await scene.begin();
    await scene.desk.endEntries();
    await scene.still(60_000, 100.5);
    expect(scene.told()).toEqual(['makes 10@99.9 REJECTED']);
  });
});

describe('an entry whose limits were tightened', () => {
  test('is taken back, and goes on with what still fits', async () => {
    const scene = making();
    await scene.begin();
    await scene.pass(1_000, [100, 100, 99.9, 99.9], 30);
    scene.asked.length = 0;
    scene.desk.judgeEntriesAnew();
    await scene.orders.idle();
    const filled = scene.mine()[0]?.filledAmount ?? ZERO_BASE;
    const left = text(baseAmount(10).minus(filled) as typeof filled);
    expect(scene.told()).toEqual([
      'makes 10@99.9 CANCELED',
      expect.stringMatching(`^makes ${left}@.* OPEN$`),
    ]);
    // Before it was sent, with what was on its way gone.
    expect(scene.asked).toEqual([left]);
  });

  test('is over where it does not fit any more', async () => {
    const scene = making();
    await scene.begin();
    scene.obstacle.forMore = 'the limits are full';
    scene.desk.judgeEntriesAnew();
    await scene.orders.idle();
    expect(scene.told()).toEqual(['makes 10@99.9 CANCELED']);
    expect([scene.isOn(), await scene.there()]).toEqual([false, []]);
  });

  test('is over where it takes', async () => {
    const scene = making({ rules: { bandBps: 5 }, venue: { spreadBps: 20 } });
    await scene.begin();
    await scene.still(60_000, 100);
    expect(scene.told().at(-1)).toMatch(/^takes .* OPEN$/);
    scene.desk.judgeEntriesAnew();
    await scene.orders.idle();
    expect(scene.told().at(-1)).toMatch(/^takes .* CANCELED$/);
    expect([scene.isOn(), await scene.there()]).toEqual([false, []]);
  });

  test('of an earlier process is taken back as well, and nothing else is', async () => {
    const first = making();
    await first.begin();
    first.desk.close();
    const { venue, ledger } = first;
    const second = executionDesk({ venue, ledger });
    await second.desk.reconcile();
    await second.place('exit-of-mine', {
      type: 'limit',
      limitPrice: 200,
      side: 'sell',
      purpose: 'exit',
      amount: 1,
    });
    const others = (await second.there()).filter((id) => id !== first.sent[0]);
    second.desk.judgeEntriesAnew();
    await second.orders.idle();
    expect(await second.there()).toEqual(others);
  });
});

describe('where the venue does not let it rest', () => {
  test('it is tried again at the next price, and not before its interval', async () => {
    const scene = making();
    scene.exchange.fail('submit', 'before', 'rejected');
    expect(await scene.begin()).toMatchObject({ outcome: 'rejected' });
    expect(scene.isOn()).toBe(true);
    expect(scene.gone).toEqual(scene.sent);
    await scene.still(1_000, 100);
    expect(scene.told()).toEqual(['makes 10@99.9 REJECTED']);
    await scene.still(4_000, 100);
    expect(scene.told()).toEqual(['makes 10@99.9 REJECTED', 'makes 10@99.9 OPEN']);
  });

  test('it takes when its time is up', async () => {
    const scene = making();
    scene.exchange.fail('submit', 'before', 'rejected');
    await scene.begin();
    await scene.still(60_000, 100);
    await scene.still(1_000, 100);
    expect(scene.told()).toEqual(['makes 10@99.9 REJECTED', 'takes 10@101 FILLED']);
  });

  test('it is left to a later price while its symbol is in doubt', async () => {
    const scene = making();
    scene.exchange.fail('submit', 'before', 'rejected');
    await scene.begin();
    scene.exchange.fail('fills', 'before', 'unavailable');
    scene.orders.inquiry.doubt(SPOT, 'the test says so');
    await scene.still(5_000, 100);
    expect(scene.told()).toHaveLength(1);
    expect(scene.isOn()).toBe(true);
    await scene.timers.pass(1_000);
    await scene.still(5_000, 100);
    expect(scene.told().at(-1)).toBe('makes 10@99.9 OPEN');
  });

  test('one that it does not let take is given up', async () => {
    const scene = making();
    await scene.begin();
    scene.exchange.instead.submit = () => Promise.reject(new VenueError('rejected', 'no'));
    await scene.still(60_000, 100);
    expect(scene.told()).toEqual(['makes 10@99.9 EXPIRED', 'takes 10@101 REJECTED']);
    expect(scene.isOn()).toBe(false);
  });
});

describe('on a bad line', () => {
  test('an order whose cancel is in doubt is not replaced before it has surely ended', async () => {
    const scene = making();
    await scene.begin();
    scene.exchange.fail('cancel', 'before');
    scene.exchange.fail('order', 'before');
    await scene.still(5_000, 100.5);
    expect(scene.told()).toEqual(['makes 10@99.9 OPEN']);
    await scene.timers.pass(2_000);
    await scene.orders.idle();
    expect(scene.told()[0]).toBe('makes 10@99.9 CANCELED');
    const working = (await scene.there()).length;
    expect(working).toBeLessThanOrEqual(1);
    await scene.still(5_000, 100.5);
    expect(scene.told()).toEqual(['makes 10@99.9 CANCELED', 'makes 10@100.39 OPEN']);
    expect(await scene.there()).toEqual([scene.sent[1]]);
  });

  test('a fill told after its order had ended leaves less to be bought', async () => {
    const scene = making();
    await scene.begin();
    const [first] = scene.sent;
    await scene.still(5_000, 100.5);
    expect(scene.told()).toEqual(['makes 10@99.9 CANCELED', 'makes 10@100.39 OPEN']);
    scene.late(first);
    await scene.orders.idle();
    expect(scene.told()[1]).toBe('makes 10@100.39 CANCELED');
    await scene.timers.pass(60_000);
    await scene.still(5_000, 100.5);
    expect(scene.told().at(-1)).toBe('makes 7@100.39 OPEN');
  });

  test('one told while it takes ends it', async () => {
    const scene = making({ rules: { repriceMs: 30_000 } });
    await scene.begin();
    const [first] = scene.sent;
    await scene.pass(61_000, [100, 100, 100, 100], 1);
    expect(scene.told().at(-1)).toMatch(/^takes 10@101 /);
    scene.late(first);
    await scene.orders.idle();
    expect(scene.told().at(-1)).toMatch(/^takes 10@101 CANCELED$/);
    expect(scene.isOn()).toBe(false);
  });

  test('one told between two orders does so, too', async () => {
    const scene = making();
    await scene.begin();
    scene.exchange.fail('submit', 'before', 'rejected');
    await scene.still(5_000, 100.5);
    expect(scene.told()).toEqual(['makes 10@99.9 CANCELED', 'makes 10@100.39 REJECTED']);
    scene.late(scene.sent[0]);
    await scene.timers.pass(60_000);
    await scene.still(5_000, 100.5);
    expect(scene.told().at(-1)).toBe('makes 7@100.39 OPEN');
  });

  test('one told while it is being ended keeps it from nothing', async () => {
    const scene = making();
    await scene.begin();
    await scene.still(5_000, 100.5);
    scene.obstacle.always = 'paused';
    scene.exchange.during('cancel', () => scene.late(scene.sent[0]), 'before');
    await scene.still(1_000, 100.5);
    expect(scene.told()).toEqual(['makes 10@99.9 CANCELED', 'makes 10@100.39 CANCELED']);
    expect(scene.isOn()).toBe(false);
  });

  test('fills of other orders of the symbol concern nobody here', async () => {
    const scene = making();
    await scene.begin();
    await scene.place('other', { amount: '1' });
    await scene.still(1_000, 100);
    expect(scene.statusOf('other')).toBe('FILLED');
    expect(scene.told()).toEqual(['makes 10@99.9 OPEN']);
  });
});

describe('where the venue does not end orders by itself', () => {
  const profile = { goodTillDate: false };

  test('the engine takes it back when its time is up, and takes the rest', async () => {
    const scene = making({ desk: { profile } });
    // The venue is told of no end.
    scene.exchange.instead.submit = (intent) => scene.venue.exchange.submit({ ...intent, expiresAt: null });
    await scene.begin();
    await scene.still(60_000, 100);
    await scene.still(1_000, 100);
    expect(scene.told()).toEqual(['makes 10@99.9 CANCELED', 'takes 10@101 FILLED']);
  });

  test('also when a comparison with the venue notices first', async () => {
    const scene = making({ desk: { profile } });
    scene.exchange.instead.submit = (intent) => scene.venue.exchange.submit({ ...intent, expiresAt: null });
    await scene.begin();
    scene.venue.clock.advanceTo(scene.venue.clock.now() + 60_000);
    await scene.desk.reconcile();
    await scene.orders.idle();
    expect(scene.told()[0]).toBe('makes 10@99.9 CANCELED');
    expect(scene.told()[1]).toMatch(/^takes 10@101/);
  });

  test('an end that the venue has of its own is none of time', async () => {
    const scene = making({ desk: { profile } });
    await scene.begin();
    await scene.pass(60_000 - 1, [100, 100, 100, 100]);
    await scene.venue.exchange.cancel({
      symbol: SPOT,
      clientOrderId: scene.sent[0] ?? null,
      venueOrderId: null,
      type: 'limit',
    });
    expect(scene.isOn()).toBe(false);
  });
});

test('after a restart the order of an earlier process ends at its time, and the bar is not entered again', async () => {
  const first = making({ desk: { profile: { goodTillDate: false } } });
  first.exchange.instead.submit = (intent) => first.venue.exchange.submit({ ...intent, expiresAt: null });
  await first.begin();
  first.desk.close();
  const { venue, ledger } = first;
  const second = executionDesk({ venue, ledger, profile: { goodTillDate: false } });
  await second.desk.reconcile();
  expect(await second.desk.makeEntry(first.wanted, RULES)).toMatchObject({ outcome: 'known' });
  expect(second.desk.isMakingEntry(SPOT)).toBe(false);
  expect(await second.there()).toEqual([first.sent[0]]);
  venue.clock.advanceTo(venue.clock.now() + 60_000);
  second.desk.price(SPOT, 100.5);
  await second.orders.idle();
  expect(await second.there()).toEqual([]);
  expect(second.orders.unfinished(SPOT)).toEqual([]);
});

test('whatever the market and the line do: one order at a time, never more than was wanted, never beyond the band', async () => {
  const step = fc.record({
    ms: fc.integer({ min: 200, max: 20_000 }),
    to: fc.integer({ min: 980, max: 1_020 }),
    volume: fc.integer({ min: 0, max: 8 }),
    fails: fc.constantFrom(null, null, null, 'cancel', 'submit', 'order', 'fills'),
    when: fc.constantFrom('before' as const, 'after' as const),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 25 }),
      fc.constantFrom('buy', 'sell'),
      fc.constantFrom('taker', 'give-up'),
      fc.boolean(),
      async (steps, side, afterTimeout, goodTillDate) => {
        const scene = making({
          wanted: { symbol: PERPETUAL, side },
          rules: { afterTimeout, repriceMs: 1_000 },
          desk: { profile: { goodTillDate } },
          venue: { latencyMs: 100 },
        });
        let at = 100;
        let most = 0;
        const look = async (): Promise<void> => {
          const there = await scene.venue.exchange.openOrders();
          most = Math.max(most, there.filter(({ type }) => type === 'limit').length);
        };
        await scene.begin();
        for (const { ms, to, volume, fails, when } of steps) {
          if (fails !== null) scene.exchange.fail(fails, when);
          const next = to / 10;
          await scene.pass(ms, [at, Math.max(at, next), Math.min(at, next), next], volume);
          at = next;
          await look();
          await scene.timers.pass(ms);
          await look();
        }
        expect(most).toBeLessThanOrEqual(1);
        const bought = sum(
          ZERO_BASE,
          scene.venue.events.flatMap((e) => (e.kind === 'fill' ? [e.fill.amount] : [])),
        );
        expect(bought.toNumber()).toBeLessThanOrEqual(10);
        for (const { limitPrice } of scene.mine()) {
          const limit = limitPrice?.toNumber() ?? Number.NaN;
          if (side === 'buy') expect(limit).toBeLessThanOrEqual(101);
          else expect(limit).toBeGreaterThanOrEqual(99);
        }
      },
    ),
    { numRuns: 60 },
  );
});
