import { describe, expect, test } from 'vitest';
import { openVenue, orderOf, PERPETUAL, refOf, SPOT } from '../testing/quiet.ts';
import { closesReduce, onlyReduces } from './latch.ts';
import { withinLimits } from './limits.ts';
import { ProtectionWatch, type Watched } from './protection.ts';
import { sentOnce } from './sent-once.ts';

/** Each invariant that holds after every event is seen to fail when somebody breaks it. */

const OPEN_ORDERS_ONLY = { clientOrderId: { maxLength: 18, uniqueAmong: 'open-orders' } } as const;
const closing = { side: 'sell', purpose: 'exit', reduceOnly: true } as const;

describe('nothing is sent twice', () => {
  test('an id that leaves again, and is taken again', async () => {
    const { venue, session, hear } = await openVenue({ profile: OPEN_ORDERS_ONLY });
    await hear(session.submit(orderOf('a')));
    expect(sentOnce(venue)).toEqual([]);
    await hear(session.submit(orderOf('a')));
    expect(sentOnce(venue)).toEqual([
      'order a left twice',
      'order a was taken twice',
      'decision decision of a was entered twice',
    ]);
  });

  test('an id that was surely refused for too many calls may leave again', async () => {
    const { venue, session, hear } = await openVenue({ traits: { callsPerTenSeconds: 0 } });
    await hear(session.submit(orderOf('a')), 100);
    await hear(session.submit(orderOf('a')), 100);
    expect(venue.sent).toHaveLength(2);
    expect(sentOnce(venue)).toEqual([]);
  });

  test('a decision that is entered again under another id', async () => {
    const { venue, session, hear } = await openVenue();
    const { decisionId } = orderOf('a');
    await hear(session.submit(orderOf('a')));
    await hear(session.submit(orderOf('b', { decisionId })));
    expect(sentOnce(venue)).toEqual(['decision decision of a was entered twice']);
  });

  test('limits of one decision that work at the same time, or buy more than the first was to', async () => {
    const resting = { limitPrice: 50_000, decisionId: orderOf('a').decisionId };
    const { venue, session, hear } = await openVenue();
    await hear(session.submit(orderOf('a', resting)));
    await hear(session.cancel(refOf('a')));
    await hear(session.submit(orderOf('b', resting)));
    expect(sentOnce(venue)).toEqual([]);
    await hear(session.submit(orderOf('c', resting)));
    expect(sentOnce(venue)).toEqual(['decision decision of a was entered twice']);
    const other = await openVenue();
    const taking = { limitPrice: 70_000, decisionId: orderOf('a').decisionId };
    await other.hear(other.session.submit(orderOf('a', taking)));
    expect(sentOnce(other.venue)).toEqual([]);
    await other.hear(other.session.submit(orderOf('b', taking)));
    expect(sentOnce(other.venue)).toEqual(['decision decision of a was entered twice']);
  });

  test('a child order with the id of its stop is none of ours sent again', async () => {
    const { venue, session, hear, tick } = await openVenue({
      traits: { triggeredStop: 'child-with-same-id' },
    });
    await hear(session.submit(orderOf('a')));
    await hear(session.submit(orderOf('s', { ...closing, purpose: 'protection', stopPrice: 59_000 })));
    venue.movePrice(SPOT, 0.97);
    await tick();
    expect(venue.matcher.orders).toHaveLength(3);
    expect(sentOnce(venue)).toEqual([]);
  });
});

describe('limits', () => {
  test('a position of twice its limit, and all of them together', async () => {
    const { venue, session, hear } = await openVenue();
    await hear(session.submit(orderOf('a', { amount: '0.05' })));
    expect(withinLimits(venue)).toEqual([]);
    await hear(session.submit(orderOf('b', { amount: '0.05' })));
    expect(withinLimits(venue)).toEqual(['0.1 of BTC/USDT are more than its limit']);
    await hear(session.submit(orderOf('c', { symbol: PERPETUAL, amount: '0.06' })));
    expect(withinLimits(venue)).toEqual([
      'with 0.06 of BTC/USDT:USDT all positions together are more than the limit',
    ]);
  });

  test('coins that are the human’s are sold', async () => {
    const { venue, session, hear } = await openVenue({ profile: { account: 'shared' } });
    await hear(session.submit(orderOf('a')));
    await hear(session.submit(orderOf('x', { ...closing, amount: '0.02' })));
    expect(withinLimits(venue)).toEqual(['0.01 of BTC/USDT were sold that are not ours']);
  });

  test('a venue is called on and on that wants to be left alone', async () => {
    const { venue, session, hear } = await openVenue({ traits: { callsPerTenSeconds: 1 } });
    for (let call = 0; call < 20; call += 1) await hear(session.openOrders(), 20);
    expect(withinLimits(venue)).toEqual([]);
    for (let call = 0; call < 20; call += 1) await hear(session.openOrders(), 20);
    expect(withinLimits(venue)).toEqual([
      'the venue was called on and on though it had said how long to wait',
    ]);
  });
});

describe('the latch', () => {
  test('an entry that leaves after it, and a close that may open', async () => {
    const { venue, session, hear, time } = await openVenue();
    await hear(session.submit(orderOf('before')));
    const latchedAt = time.now();
    await time.advanceBy(1);
    await hear(session.submit(orderOf('close', { ...closing, purpose: 'emergency' })));
    expect(onlyReduces(venue, latchedAt)).toEqual([]);
    await hear(session.submit(orderOf('after')));
    expect(onlyReduces(venue, latchedAt)).toEqual(['order after left after the latch and does not reduce']);
    expect(onlyReduces(venue, null)).toEqual([]);
    expect(closesReduce(venue)).toEqual([]);
    await hear(session.submit(orderOf('x', { side: 'sell', purpose: 'exit' })));
    expect(closesReduce(venue)).toEqual(['order x for exit may open a position']);
  });
});

describe('protection within two seconds', () => {
  /** An engine that shows what the test says, over a position that it was told of. */
  async function holding(given: Parameters<typeof openVenue>[0] = {}) {
    const opened = await openVenue(given);
    const { venue, session, hear, time } = opened;
    const shows = { protection: 'none' as 'venue' | 'engine' | 'none', alarm: false };
    const watched: Watched = {
      engine: { protectionOf: () => shows.protection, alarmed: () => shows.alarm },
      session,
      kept: new Set(),
      readyAt: time.now(),
    };
    const watch = new ProtectionWatch(venue);
    /** What was found over a time, looking at every moment. */
    async function look(ms: number): Promise<readonly string[]> {
      const found: string[] = [];
      for (let passed = 0; passed < ms; passed += 100) {
        found.push(...watch.look(watched).map((line) => line.replace(/ \(since.*/, '')));
        await time.advanceBy(100);
      }
      return [...new Set(found)];
    }
    await hear(session.submit(orderOf('a')), 200);
    return { ...opened, shows, watched, watch, look };
  }
  const BARE = ['0.01 of BTC/USDT have no stop, no watch and no alarm'];

  test('a fill that nothing protects, nobody watches and nobody tells of', async () => {
    const { look } = await holding();
    expect(await look(1_900)).toEqual([]);
    expect(await look(1_500)).toEqual(BARE);
  });

  test('a stop that covers a part of it', async () => {
    const { look, session, hear } = await holding();
    const stop = { ...closing, purpose: 'protection', stopPrice: 50_000 } as const;
    await hear(session.submit(orderOf('s', { ...stop, amount: '0.006' })), 200);
    expect(await look(4_000)).toEqual(BARE);
    await hear(session.submit(orderOf('t', { ...stop, amount: '0.004' })), 200);
    expect(await look(3_000)).toEqual([]);
  });

  test('a watching engine or an alarm is enough', async () => {
    const { look, shows } = await holding();
    shows.protection = 'engine';
    expect(await look(5_000)).toEqual([]);
    shows.protection = 'none';
    shows.alarm = true;
    expect(await look(5_000)).toEqual([]);
    shows.alarm = false;
    expect(await look(5_000)).toEqual(BARE);
  });

  test('a stop at the venue that is shown and is not there', async () => {
    const { look, shows } = await holding();
    shows.protection = 'venue';
    expect(await look(170_000)).toEqual([]);
    expect(await look(20_000)).toEqual([
      '0.01 of BTC/USDT are said to be protected at the venue, and are not',
    ]);
  });

  test('what the engine was not told of it need not protect', async () => {
    const { look } = await holding({ rates: { eventLost: 1 } });
    expect(await look(5_000)).toEqual([]);
  });

  test('what an earlier process was told of, this one must protect', async () => {
    const { look, watched } = await holding({ rates: { eventLost: 1 } });
    Object.assign(watched, { kept: new Set([1]) });
    expect(await look(5_000)).toEqual(BARE);
  });

  test('dust that nobody can sell is not asked for', async () => {
    const { look, session, hear } = await holding();
    await hear(session.submit(orderOf('x', { ...closing, amount: '0.0097' })), 200);
    expect(await look(5_000)).toEqual([]);
  });

  test('another process has its two seconds again', async () => {
    const { look, watch } = await holding();
    await look(1_900);
    watch.forget();
    expect(await look(1_900)).toEqual([]);
  });
});
