import { describe, expect, test } from 'vitest';
import { DOUBTFUL, executionDesk } from '../../../tests/contracts/execution-desk.ts';
import { flat, PERPETUAL, SPOT } from '../../../tests/contracts/simulated-venue.ts';
import { clientOrderId, type OrderIntent, VenueError } from '../../domain/index.ts';

const id = clientOrderId;

/** An order whose call was lost on its way, or so it seems. */
async function lostOrder(given: { readonly amount?: number } = {}) {
  const desk = executionDesk({ profile: DOUBTFUL });
  desk.protect(90);
  const late: OrderIntent[] = [];
  desk.exchange.instead.submit = async (intent) => {
    late.push(intent);
    throw new VenueError('uncertain', 'timed out');
  };
  await desk.place('a', given);
  delete desk.exchange.instead.submit;
  const arrive = async (): Promise<void> => {
    for (const intent of late) await desk.venue.exchange.submit(intent);
  };
  return { desk, arrive };
}

describe('an order that the venue does not find', () => {
  test('is not believed to be nowhere by answers that were long on their way', async () => {
    const { desk, arrive } = await lostOrder();
    // Each answer takes four seconds to come: three of them are not yet ten seconds of absence.
    desk.exchange.instead.order = async (ref) => {
      const answer = await desk.venue.exchange.order(ref);
      await desk.timers.wait(4_000);
      return answer;
    };
    await desk.timers.pass(13_500);
    expect(desk.calls('order a')).toBe(3);
    expect(desk.statusOf('a')).toBe('UNKNOWN');
    await arrive();
    await desk.timers.pass(10_000);
    expect(desk.statusOf('a')).toBe('OPEN');
    expect(await desk.there()).toEqual(['a']);
  });

  test('is asked about anew once it was seen, however briefly', async () => {
    const { desk } = await lostOrder();
    await desk.timers.pass(8_000);
    const found = { ...desk.orders.order(id('a')) };
    expect(found).toMatchObject({ status: 'UNKNOWN' });
    desk.exchange.instead.order = async () => ({ kind: 'cannot-tell', reason: 'in maintenance' });
    await desk.timers.pass(3_000);
    delete desk.exchange.instead.order;
    await desk.timers.pass(9_000);
    expect(desk.statusOf('a')).toBe('UNKNOWN');
    await desk.timers.pass(5_000);
    expect(desk.statusOf('a')).toBe('CANCELED');
  });

  test('V1 that arrives while its fills are being looked through is not given up', async () => {
    const { desk, arrive } = await lostOrder();
    await desk.timers.pass(9_000);
    // One answer "absent" too many; the order arrives before anything is concluded from it.
    const answeredAt: number[] = [];
    desk.exchange.instead.order = async (ref) => {
      answeredAt.push(desk.timers.monotonicMs());
      return desk.venue.exchange.order(ref);
    };
    let arrivals = 0;
    desk.exchange.instead.fills = async (query) => {
      if (arrivals === 0 && answeredAt.includes(desk.timers.monotonicMs())) {
        arrivals += 1;
        await arrive();
      }
      return desk.venue.exchange.fills(query);
    };
    await desk.timers.pass(10_000);
    expect(arrivals).toBe(1);
    expect(desk.statusOf('a')).toBe('OPEN');
    expect(desk.history).not.toContain('a CANCELED');
  });

  test('V1 C4 that arrives after all is cancelled there at once, and what it filled is protected', async () => {
    const { desk, arrive } = await lostOrder({ amount: 3 });
    await desk.timers.pass(15_000);
    expect(desk.statusOf('a')).toBe('CANCELED');
    await arrive();
    expect(await desk.place('b')).toMatchObject({ code: 'symbol-frozen' });
    desk.venue.step(SPOT, flat(100), 1);
    expect(desk.quantity()).toBe('1');
    expect(desk.stops()).toEqual(['sell 1@90']);
    await desk.timers.pass(300);
    expect(await desk.there()).toEqual([desk.working('protection')[0]?.clientOrderId]);
    expect(desk.orders.frozenSymbols().size).toBe(0);
    expect(desk.statusOf('a')).toBe('CANCELED');
  });

  test('that arrives after all, and of which nothing is heard, is cancelled at the next comparison', async () => {
    const { desk, arrive } = await lostOrder();
    await desk.timers.pass(15_000);
    desk.exchange.mute = true;
    await arrive();
    desk.exchange.mute = false;
    expect((await desk.desk.reconcile()).differences).toEqual([]);
    expect(await desk.there()).toEqual([]);
  });

  test('that fills as a whole after all is filled', async () => {
    const { desk, arrive } = await lostOrder();
    await desk.timers.pass(15_000);
    await arrive();
    desk.venue.step(SPOT, flat(100));
    expect(desk.statusOf('a')).toBe('FILLED');
    await desk.timers.pass(300);
    expect(desk.orders.frozenSymbols().size).toBe(0);
    expect(desk.stops()).toEqual(['sell 1@90']);
  });

  test('and that it cannot tell of stays in doubt for longer, and then has ended', async () => {
    const { desk } = await lostOrder();
    desk.exchange.instead.order = async () => ({ kind: 'cannot-tell', reason: 'too old' });
    await desk.timers.pass(30_000);
    expect(desk.statusOf('a')).toBe('UNKNOWN');
    await desk.timers.pass(15_000);
    expect(desk.orders.order(id('a'))).toMatchObject({
      status: 'CANCELED',
      reason: 'the venue no longer tells of it',
    });
    expect(desk.orders.frozenSymbols().size).toBe(0);
  });

  test('and that it could not tell of is taken back where the venue lists it after all', async () => {
    const { desk, arrive } = await lostOrder();
    desk.exchange.instead.order = async () => ({ kind: 'cannot-tell', reason: 'too old' });
    await desk.timers.pass(45_000);
    desk.exchange.mute = true;
    await arrive();
    expect(await desk.there()).toEqual(['a']);
    desk.exchange.mute = false;
    await desk.desk.reconcile();
    await desk.timers.pass(1_000);
    // What has ended here is not wanted any more: it is cancelled there.
    expect(await desk.there()).toEqual([]);
  });

  test('and that it now cannot tell of and now says is absent has ended as well', async () => {
    const { desk } = await lostOrder();
    let asked = 0;
    desk.exchange.instead.order = async () => {
      asked += 1;
      return asked % 2 === 0 ? { kind: 'absent' } : { kind: 'cannot-tell', reason: 'in maintenance' };
    };
    await desk.timers.pass(30_000);
    expect(desk.statusOf('a')).toBe('UNKNOWN');
    await desk.timers.pass(15_000);
    expect(desk.statusOf('a')).toBe('CANCELED');
  });

  test('but lists is there', async () => {
    const desk = executionDesk({ profile: DOUBTFUL });
    desk.exchange.mute = true;
    desk.exchange.fail('submit');
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.instead.order = async () => ({ kind: 'absent' });
    await desk.timers.pass(300);
    expect(desk.statusOf('a')).toBe('OPEN');
    expect(desk.orders.frozenSymbols().size).toBe(0);
  });

  test('in whose place it tells of another is not that other', async () => {
    const { desk } = await lostOrder();
    await desk.place('other', { symbol: 'ETH/USDT', limitPrice: 95 });
    const [other] = await desk.venue.exchange.openOrders();
    if (other === undefined) throw new Error('nothing works');
    desk.exchange.instead.order = async () => ({ kind: 'found', order: other });
    await desk.timers.pass(20_000);
    expect(desk.statusOf('a')).toBe('UNKNOWN');
    expect(desk.orders.frozenSymbols().has(SPOT)).toBe(true);
    expect(desk.statusOf('other')).toBe('OPEN');
  });

  test('by our id, but tells of without it, is that order', async () => {
    const desk = executionDesk({ profile: DOUBTFUL });
    desk.exchange.mute = true;
    desk.exchange.fail('submit');
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.instead.order = async (ref) => {
      const lookup = await desk.venue.exchange.order(ref);
      return lookup.kind === 'found'
        ? { ...lookup, order: { ...lookup.order, clientOrderId: null } }
        : lookup;
    };
    await desk.timers.pass(300);
    expect(desk.statusOf('a')).toBe('OPEN');
  });
});

describe('asking about what is in doubt', () => {
  test('two questions at the same time settle it once', async () => {
    const desk = executionDesk();
    desk.exchange.mute = true;
    desk.exchange.fail('submit');
    await desk.place('a');
    desk.venue.step(SPOT, flat(100));
    await Promise.all([desk.orders.resolve(), desk.orders.resolve(), desk.desk.reconcile()]);
    expect(desk.statusOf('a')).toBe('FILLED');
    expect(desk.fills).toHaveLength(1);
    expect(desk.history.filter((line) => line === 'a FILLED')).toHaveLength(1);
  });

  test('another doubt meanwhile keeps the symbol frozen, one in another symbol does not', async () => {
    const desk = executionDesk();
    desk.orders.inquiry.doubt(SPOT, 'a first');
    desk.exchange.during('openOrders', () => desk.orders.inquiry.doubt(SPOT, 'a second'));
    expect([...(await desk.orders.resolve()).values()]).toEqual(['a second']);
    desk.exchange.during('openOrders', () => desk.orders.inquiry.doubt(PERPETUAL, 'elsewhere'));
    expect([...(await desk.orders.resolve()).keys()]).toEqual([PERPETUAL]);
  });

  test('does not look at an order whose call is on its way', async () => {
    const desk = executionDesk();
    desk.exchange.mute = true;
    let answer: () => void = () => undefined;
    desk.exchange.instead.submit = (intent) =>
      new Promise((resolve, reject) => {
        answer = () => void desk.venue.exchange.submit(intent).then(resolve, reject);
      });
    const placing = desk.place('a', { limitPrice: 95 });
    desk.orders.inquiry.doubt(SPOT, 'a test wants to know');
    await desk.orders.resolve();
    expect(desk.statusOf('a')).toBe('SENT');
    answer();
    expect(await placing).toMatchObject({ outcome: 'placed' });
  });

  test('a symbol stays frozen while the venue withholds fills of an order in doubt', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95, amount: 2 });
    desk.exchange.mute = true;
    desk.exchange.freeze('fills');
    desk.venue.step(SPOT, [100, 100, 90, 92], 1);
    desk.orders.inquiry.doubt(SPOT, 'a test wants to know');
    expect((await desk.orders.resolve()).size).toBe(1);
    await desk.timers.pass(60_000);
    expect(desk.orders.frozenSymbols().size).toBe(1);
    desk.exchange.catchUp('fills');
    await desk.timers.pass(30_000);
    expect(desk.orders.frozenSymbols().size).toBe(0);
    expect(desk.quantity()).toBe('1');
  });

  test('a venue that throws where it should answer ends nothing', async () => {
    const desk = executionDesk();
    const bug = (): never => {
      throw new Error('a bug in an adapter');
    };
    desk.exchange.mute = true;
    desk.exchange.fail('submit');
    await desk.place('a', { limitPrice: 95 });
    for (const call of ['fills', 'openOrders', 'order'] as const) {
      desk.exchange.instead[call] = bug;
      await desk.timers.pass(3_000);
      expect(desk.statusOf('a')).toBe('UNKNOWN');
      delete desk.exchange.instead[call];
    }
    await desk.timers.pass(3_000);
    expect(desk.statusOf('a')).toBe('OPEN');
  });

  test('a venue that wants to be left alone is', async () => {
    const desk = executionDesk();
    desk.exchange.mute = true;
    desk.exchange.fail('submit');
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.fail(
      'fills',
      'before',
      new VenueError('rate-limited', 'slow down', { retryAfterMs: 30_000 }),
    );
    await desk.orders.resolve();
    const asked = desk.exchange.calls.length;
    await desk.timers.pass(29_000);
    expect(desk.exchange.calls).toHaveLength(asked);
    await desk.timers.pass(2_000);
    expect(desk.statusOf('a')).toBe('OPEN');
  });
});
