import { describe, expect, test } from 'vitest';
import { VenueError, type VenueEvent } from '../../core/domain/index.ts';
import { openVenue, orderOf, PERPETUAL, refOf, SPOT } from './testing/quiet.ts';

const kinds = (events: readonly VenueEvent[]) =>
  events.map((event) => (event.kind === 'order' ? `order ${event.order.status}` : event.kind));
const faultOf = (heard: unknown) => (heard instanceof VenueError ? heard.fault : heard);

describe('on a good day', () => {
  test('an order fills, is told and changes the account to the last digit', async () => {
    const { venue, session, events, hear, time } = await openVenue();
    const heard = await hear(session.submit(orderOf('a', { amount: '0.01' })));
    expect(heard).toMatchObject({ clientOrderId: 'a', status: 'FILLED' });
    expect(kinds(events).toSorted()).toEqual(['fill', 'order FILLED', 'order OPEN']);
    const [filled] = venue.matcher.fills;
    const paid = filled?.fill.price.times('0.01');
    const fee = filled?.fill.fee.amount;
    expect(venue.account.total('USDT').toFixed()).toBe(
      paid
        ?.plus(fee ?? 0)
        .negated()
        .plus(10_000)
        .toFixed(),
    );
    expect(venue.account.ours(SPOT).toFixed()).toBe('0.01');
    expect(venue.account.asOf(time.now()).assets.get('BTC')?.total.toFixed()).toBe('0.01');
  });

  test('a line knows whether everything that was asked over it has been answered', async () => {
    const { session, hear } = await openVenue();
    expect(session.isAnswered).toBe(true);
    const asked = session.submit(orderOf('a', { amount: '0.01' }));
    expect(session.isAnswered).toBe(false);
    await hear(asked);
    expect(session.isAnswered).toBe(true);
  });

  test('a perpetual moves its position, its fee and what it realises', async () => {
    const { venue, session, hear } = await openVenue();
    await hear(session.submit(orderOf('a', { symbol: PERPETUAL, side: 'sell' })));
    expect(venue.account.position(PERPETUAL).toFixed()).toBe('-0.01');
    await hear(session.submit(orderOf('b', { symbol: PERPETUAL, side: 'buy', reduceOnly: true })));
    expect(venue.account.position(PERPETUAL).isZero()).toBe(true);
    const [sold, bought] = venue.matcher.fills.map(({ fill }) => fill);
    const gain = sold?.price.minus(bought?.price ?? 0).times('0.01');
    const fees = sold?.fee.amount.plus(bought?.fee.amount ?? 0);
    expect(venue.account.total('USDT').toFixed()).toBe(
      gain
        ?.minus(fees ?? 0)
        .plus(10_000)
        .toFixed(),
    );
  });

  test('a stop rests, triggers and closes', async () => {
    const { venue, session, hear, tick, statusOf } = await openVenue();
    await hear(session.submit(orderOf('a')));
    await hear(session.submit(orderOf('s', { side: 'sell', stopPrice: 59_000, purpose: 'protection' })));
    expect(venue.matcher.working.map(({ isRestingStop }) => isRestingStop)).toEqual([true]);
    venue.movePrice(SPOT, 0.97);
    await tick();
    expect(statusOf('s')).toBe('FILLED');
    expect(venue.account.ours(SPOT).isZero()).toBe(true);
  });

  test('lists show working orders, fills by page and cursor, and the account', async () => {
    const { session, hear } = await openVenue({ traits: { pageSize: 2 } });
    for (const id of ['a', 'b', 'c']) await hear(session.submit(orderOf(id)));
    await hear(session.submit(orderOf('l', { limitPrice: 50_000 })));
    expect(await hear(session.openOrders())).toMatchObject([{ clientOrderId: 'l', status: 'OPEN' }]);
    const first = await hear(session.fills({ symbol: SPOT, cursor: null, since: 0 }));
    expect(first).toMatchObject({
      fills: [{ clientOrderId: 'a' }, { clientOrderId: 'b' }],
      cursor: '2',
      more: true,
    });
    const second = await hear(session.fills({ symbol: SPOT, cursor: '2', since: 0 }));
    expect(second).toMatchObject({ fills: [{ clientOrderId: 'c' }], cursor: '3', more: false });
    const none = await hear(session.fills({ symbol: SPOT, cursor: '3', since: 0 }));
    expect(none).toEqual({ fills: [], cursor: '3', more: false });
  });

  test.each([
    ['a price off the tick', orderOf('x', { limitPrice: 60_000.001 }), 'tick'],
    ['an amount off the lot', orderOf('x', { amount: '0.010000001' }), 'lot'],
    ['too small a worth', orderOf('x', { amount: '0.0001' }), 'minimum notional'],
    ['more than there is money for', orderOf('x', { amount: '1' }), 'insufficient USDT'],
    ['coins that are not there', orderOf('x', { side: 'sell' }), 'insufficient BTC'],
    ['too long an id', orderOf('abcdefghijklmnopqrs'), 'longer'],
    ['a market that is not listed', orderOf('x', { symbol: 'DOGE/USDT' }), 'not listed'],
    ['nothing to reduce', orderOf('x', { symbol: PERPETUAL, reduceOnly: true }), 'nothing to reduce'],
    ['more than the margin', orderOf('x', { symbol: PERPETUAL, amount: '2' }), 'insufficient margin'],
  ])('%s is refused', async (_, order, reason) => {
    const { session, hear } = await openVenue();
    const heard = await hear(session.submit(order));
    expect(faultOf(heard)).toBe('rejected');
    expect(String(heard)).toContain(reason);
  });

  test('a resting stop holds the coins that it would sell', async () => {
    const { session, hear } = await openVenue();
    await hear(session.submit(orderOf('a')));
    await hear(session.submit(orderOf('s', { side: 'sell', stopPrice: 59_000 })));
    expect(String(await hear(session.submit(orderOf('b', { side: 'sell' }))))).toContain('insufficient BTC');
    await hear(session.cancel(refOf('s')));
    expect(await hear(session.submit(orderOf('c', { side: 'sell' })))).toMatchObject({ status: 'FILLED' });
  });

  test('a post-only order is refused where it would take, and makes where it would not', async () => {
    const { session, hear, statusOf } = await openVenue();
    const post = (id: string, limitPrice: number) =>
      hear(session.submit(orderOf(id, { limitPrice, postOnly: true })));
    expect(faultOf(await post('a', 1_000_000))).toBe('rejected');
    await post('b', 10_000);
    expect(statusOf('b')).toBe('OPEN');
  });

  test('a reduce-only order takes no more than there is', async () => {
    const { venue, session, hear, tick, statusOf } = await openVenue();
    await hear(session.submit(orderOf('a', { symbol: PERPETUAL, amount: '0.01' })));
    await hear(
      session.submit(orderOf('b', { symbol: PERPETUAL, side: 'sell', amount: '0.03', reduceOnly: true })),
    );
    await tick();
    expect(venue.account.position(PERPETUAL).isZero()).toBe(true);
    expect(statusOf('b')).toBe('CANCELED');
  });
});

describe('ids', () => {
  test('one that filled is a second order where ids are unique among open orders only', async () => {
    const { venue, session, hear } = await openVenue({
      profile: { clientOrderId: { maxLength: 18, uniqueAmong: 'open-orders' } },
    });
    await hear(session.submit(orderOf('a')));
    await hear(session.submit(orderOf('a')));
    expect(venue.account.ours(SPOT).toFixed()).toBe('0.02');
    await hear(session.submit(orderOf('l', { limitPrice: 50_000 })));
    expect(faultOf(await hear(session.submit(orderOf('l', { limitPrice: 50_000 }))))).toBe('rejected');
  });

  test('one that was ever used is refused where they are unique among all', async () => {
    const { session, hear } = await openVenue();
    await hear(session.submit(orderOf('a')));
    expect(String(await hear(session.submit(orderOf('a'))))).toContain('in use');
  });
});

describe('a bad line', () => {
  test('a lost request never arrives', async () => {
    const { venue, session, hear } = await openVenue({ rates: { requestLost: 1 } });
    expect(faultOf(await hear(session.submit(orderOf('a'))))).toBe('uncertain');
    expect(venue.matcher.orders).toEqual([]);
    expect(venue.sent).toMatchObject([{ outcome: null, heard: false, mayArrive: true }]);
  });

  test('a lost answer is of an order that was taken', async () => {
    const { venue, session, hear } = await openVenue({ rates: { answerLost: 1 } });
    expect(faultOf(await hear(session.submit(orderOf('a'))))).toBe('uncertain');
    expect(venue.sent).toMatchObject([{ outcome: 'accepted', heard: false }]);
  });

  test('an order can be taken after the wait for it was given up, within the receive window', async () => {
    const { venue, session, hear, time } = await openVenue({ rates: { arrivesLate: 1 } });
    const given = hear(session.submit(orderOf('a')), 2_050);
    expect(faultOf(await given)).toBe('uncertain');
    expect(venue.matcher.orders).toEqual([]);
    await time.advanceBy(3_000);
    expect(venue.matcher.orders).toHaveLength(1);
  });

  test('in limbo every order arrives late, whatever the weather', async () => {
    const { venue, session, hear } = await openVenue({ conditions: { limbo: { holds: () => true } } });
    expect(faultOf(await hear(session.submit(orderOf('a')), 2_050))).toBe('uncertain');
    expect(venue.matcher.orders).toEqual([]);
    expect(await hear(session.openOrders(), 3_000)).toMatchObject([]);
    expect(venue.sent).toMatchObject([{ outcome: 'accepted', heard: false }]);
  });

  test('a cut answer is an error that is none of the venue', async () => {
    const { venue, session, hear } = await openVenue({ rates: { answerCut: 1 } });
    expect(await hear(session.submit(orderOf('a')))).toBeInstanceOf(TypeError);
    expect(venue.matcher.orders).toHaveLength(1);
  });

  test('too many calls are answered with how long to wait, and calls during that are counted', async () => {
    const { venue, session, hear } = await openVenue({ traits: { callsPerTenSeconds: 3 } });
    for (let index = 0; index < 3; index += 1) await hear(session.openOrders(), 10);
    const heard = await hear(session.submit(orderOf('a')), 200);
    expect(heard).toMatchObject({ fault: 'rate-limited', retryAfterMs: expect.any(Number) });
    expect(venue.sent).toMatchObject([{ mayArrive: false }]);
    await hear(session.openOrders(), 200);
    expect(venue.line.mostCallsDuringBan).toBe(1);
  });

  test('events come twice, late, or not at all', async () => {
    const twice = await openVenue({ rates: { eventTwice: 1 } });
    await twice.hear(twice.session.submit(orderOf('a')), 30_000);
    expect(kinds(twice.events).filter((kind) => kind === 'fill')).toHaveLength(2);
    const late = await openVenue({ rates: { eventLate: 1 } });
    await late.hear(late.session.submit(orderOf('a')), 400);
    expect(late.events).toEqual([]);
    await late.time.advanceBy(16_000);
    expect(late.events).toHaveLength(3);
    const never = await openVenue({ rates: { eventLost: 1 } });
    await never.hear(never.session.submit(orderOf('a')), 30_000);
    expect(never.events).toEqual([]);
    expect(never.session.toldAt.size).toBe(0);
  });

  test('what the process was told of each fill is known, however it was told', async () => {
    const { session, hear, time } = await openVenue({ rates: { eventLost: 1 } });
    await hear(session.submit(orderOf('a')));
    await hear(session.fills({ symbol: SPOT, cursor: null, since: 0 }), 1_000);
    expect([...session.toldAt.keys()]).toEqual([1]);
    expect(session.toldAt.get(1)).toBeGreaterThan(time.now() - 1_000);
  });

  test('during an outage nothing is heard, and both its ends are told', async () => {
    const outage = { holds: () => true };
    const { venue, session, events, hear, tick } = await openVenue({ conditions: { outage } });
    await tick();
    expect(session.connection.state).toBe('disconnected');
    const heard = await hear(session.account());
    expect(['uncertain', 'unavailable']).toContain(faultOf(heard));
    outage.holds = () => false;
    venue.tick();
    await hear(session.account());
    expect(kinds(events)).toEqual(['connection', 'connection']);
    expect(session.connection.state).toBe('connected');
  });

  test('a process that has ended hears nothing, and what it had sent arrives all the same', async () => {
    const { venue, session, life, events, hear } = await openVenue();
    const call = session.submit(orderOf('a'));
    life.end();
    expect(String(await hear(call))).toContain('nothing was heard');
    expect(venue.account.ours(SPOT).toFixed()).toBe('0.01');
    expect(events).toEqual([]);
    expect(String(await hear(session.submit(orderOf('b'))))).toContain('nothing was heard');
    expect(venue.matcher.orders).toHaveLength(1);
  });
});

describe('what the venue says', () => {
  test('lists and look-ups lag behind, each call by its own', async () => {
    const { session, hear } = await openVenue({
      rates: {},
      traits: { listLagMs: 20_000, lookUpLagMs: 4_000 },
    });
    await hear(session.submit(orderOf('l', { limitPrice: 50_000 })), 500);
    const lists: number[] = [];
    const lookUps: string[] = [];
    for (let index = 0; index < 20; index += 1) {
      const list = await hear(session.openOrders(), 100);
      const lookUp = await hear(session.order(refOf('l')), 100);
      if (!(list instanceof Error)) lists.push(list.length);
      if (!(lookUp instanceof Error)) lookUps.push(lookUp.kind);
    }
    expect(new Set(lists)).toEqual(new Set([0, 1]));
    expect(new Set(lookUps)).toEqual(new Set(['absent', 'found']));
  });

  test('an order that ended long ago is one that it cannot tell of', async () => {
    const { session, hear, time } = await openVenue({ traits: { purgeAfterMs: 60_000 } });
    await hear(session.submit(orderOf('a')));
    expect(await hear(session.order(refOf('a')))).toMatchObject({ kind: 'found' });
    await time.advanceBy(70_000);
    expect(await hear(session.order(refOf('a')))).toMatchObject({ kind: 'cannot-tell' });
    expect(await hear(session.order(refOf('never')))).toEqual({ kind: 'absent' });
  });

  test.each([
    ['ran and was told of it', true, false],
    ['ran never while it could be told', false, true],
  ])(
    'whose a nameless child of long ago was is beyond asking where a program %s',
    async (_name, asked, beyond) => {
      const { venue, session, hear, tick, time } = await openVenue({
        traits: { triggeredStop: 'child-without-id', purgeAfterMs: 60_000 },
        rates: { eventLost: 1 },
      });
      await hear(session.submit(orderOf('a', { symbol: PERPETUAL })));
      await tick();
      const stop = orderOf('s', { symbol: PERPETUAL, side: 'sell', stopPrice: 59_000, reduceOnly: true });
      await hear(session.submit(stop));
      venue.movePrice(PERPETUAL, 0.98);
      await tick();
      const child = venue.matcher.orders.find(({ origin }) => origin.parent !== null);
      if (child === undefined) throw new Error('the stop has not become an order');
      const ref = {
        symbol: PERPETUAL,
        clientOrderId: null,
        venueOrderId: child.venueOrderId,
        type: 'market',
      } as const;
      if (asked) await hear(session.order(ref));
      // One of another symbol by the same number, of which it is.
      venue.records.noteTold({ symbol: SPOT, venueOrderId: child.venueOrderId });
      expect(venue.records.isBeyondAsking(child)).toBe(false);
      await time.advanceBy(70_000);
      expect(venue.records.isBeyondAsking(child)).toBe(beyond);
    },
  );

  test.each([
    ['answers', 'FILLED'],
    ['refuses', 'rejected'],
  ] as const)('a cancel of an order that has ended %s', async (cancelOfEnded, told) => {
    const { session, hear } = await openVenue({ traits: { cancelOfEnded } });
    await hear(session.submit(orderOf('a')));
    const heard = await hear(session.cancel(refOf('a')));
    expect(heard instanceof Error ? faultOf(heard) : heard.status).toBe(told);
    expect(faultOf(await hear(session.cancel(refOf('never'))))).toBe('rejected');
  });

  test.each([
    ['child-without-id', null],
    ['child-with-same-id', 's'],
  ] as const)('a stop that triggers becomes another order: %s', async (triggeredStop, childId) => {
    const { venue, session, hear, tick, statusOf } = await openVenue({
      traits: { triggeredStop, parentIsTold: 'FILLED', tempers: ['waits'] },
    });
    await hear(session.submit(orderOf('a', { symbol: PERPETUAL })));
    await tick();
    const stop = orderOf('s', { symbol: PERPETUAL, side: 'sell', stopPrice: 59_000, reduceOnly: true });
    await hear(session.submit(stop));
    venue.movePrice(PERPETUAL, 0.97);
    await tick();
    const parent = venue.matcher.orders.find(({ terms }) => terms.type === 'stop');
    expect(parent?.now).toMatchObject({ status: 'FILLED', reason: 'triggered' });
    expect(parent?.now.filledAmount.isZero()).toBe(true);
    const child = parent?.child;
    expect(child?.now).toMatchObject({ clientOrderId: childId, parentVenueOrderId: parent?.venueOrderId });
    await tick();
    expect(child?.now.status).toBe('FILLED');
    expect(venue.matcher.fills.at(-1)).toMatchObject({
      hand: 'ours',
      purpose: 'entry',
      fill: { clientOrderId: childId },
    });
    expect(statusOf('a')).toBe('FILLED');
  });

  test('stops are refused for a while, with or without a reason, or for good', async () => {
    const mute = await openVenue({ conditions: { stopRefusal: () => '' } });
    const stop = orderOf('s', { symbol: PERPETUAL, side: 'sell', stopPrice: 59_000 });
    expect(await mute.hear(mute.session.submit(stop))).toMatchObject({ fault: 'rejected', message: '' });
    const never = await openVenue({ profile: { nativeStops: false } });
    expect(String(await never.hear(never.session.submit(stop)))).toContain('no stop orders');
  });

  test('a symbol has so many stops and no more, and none beyond the price where that is refused', async () => {
    const { session, hear } = await openVenue({ profile: { maxStops: 1 } });
    const stop = (id: string, stopPrice: number) =>
      orderOf(id, { symbol: PERPETUAL, side: 'sell', stopPrice });
    expect(String(await hear(session.submit(stop('x', 70_000))))).toContain('immediately');
    await hear(session.submit(stop('a', 50_000)));
    expect(String(await hear(session.submit(stop('b', 51_000))))).toContain('1 stops already');
  });

  test('fees are told later by an event, and taken at once', async () => {
    const { venue, session, events, hear } = await openVenue({ traits: { lateFees: 1 } });
    await hear(session.submit(orderOf('a')), 60_000);
    const fill = events.find((event) => event.kind === 'fill');
    expect(fill).toMatchObject({ fill: { fee: null } });
    const page = await hear(session.fills({ symbol: SPOT, cursor: null, since: 0 }));
    expect(page).toMatchObject({ fills: [{ fee: null }] });
    const told = events.find((event) => event.kind === 'account');
    const fee = venue.matcher.fills[0]?.fill.fee;
    expect(told?.kind === 'account' && told.event.amount.toFixed()).toBe(fee?.amount.negated().toFixed());
    expect(await hear(session.accountEvents(0))).toMatchObject([{ kind: 'fee', tradeId: '1', symbol: SPOT }]);
  });

  test.each([
    ['quote', 'USDT'],
    ['coins', 'BTC'],
    ['third', 'BNB'],
  ] as const)('a fee in %s is taken from %s', async (feeIn, asset) => {
    const { venue, session, hear } = await openVenue({ traits: { feeIn }, profile: { account: 'shared' } });
    const before = venue.account.total(asset);
    await hear(session.submit(orderOf('a')));
    expect(venue.matcher.fills[0]?.fill.fee.asset).toBe(asset);
    const left = venue.account.total(asset).minus(before);
    expect(left.isZero()).toBe(false);
    expect(venue.account.ours(SPOT).toFixed()).toBe(feeIn === 'coins' ? '0.00999' : '0.01');
  });

  test('an entry ends at its time where the venue sees to that, and not where it does not', async () => {
    for (const goodTillDate of [true, false]) {
      const { venue, session, hear, tick, statusOf, time } = await openVenue({
        profile: { goodTillDate },
        conditions: { dry: () => true },
      });
      await hear(session.submit(orderOf('a', { expiresAt: time.now() + 20_000 })));
      await tick(20);
      expect(statusOf('a')).toBe(goodTillDate ? 'EXPIRED' : 'OPEN');
      expect(venue.matcher.fills).toEqual([]);
    }
  });

  test('a halted market has no prices and takes no orders, an unlisted one is not known', async () => {
    const halted = await openVenue({ conditions: { halted: (symbol) => symbol === SPOT } });
    expect([...halted.venue.tick().keys()]).toEqual([PERPETUAL]);
    expect(String(await halted.hear(halted.session.submit(orderOf('a'))))).toContain('maintenance');
    const unlisted = await openVenue({ conditions: { unlisted: () => true } });
    expect(unlisted.session.instrument(SPOT)).toBeUndefined();
    expect(unlisted.session.instrument('DOGE/USDT')).toBeUndefined();
  });

  test('an order may fill in pieces, and the venue may give up on the rest', async () => {
    const { venue, session, hear, tick, statusOf } = await openVenue({ traits: { tempers: ['pieces'] } });
    for (let index = 0; index < 30; index += 1) {
      await hear(
        session.submit(orderOf(`a${index}`, { symbol: PERPETUAL, side: index % 2 ? 'sell' : 'buy' })),
        100,
      );
    }
    await tick(60);
    const statuses = Array.from({ length: 30 }, (_, index) => statusOf(`a${index}`));
    expect(new Set(statuses)).toEqual(new Set(['FILLED', 'EXPIRED']));
    expect(venue.matcher.fills.length).toBeGreaterThan(45);
  });
});

test('the venue may take a part of a position away by itself', async () => {
  const { venue, session, events, hear } = await openVenue();
  await hear(session.submit(orderOf('a', { symbol: PERPETUAL, amount: '0.02' })));
  venue.matcher.deleverage(PERPETUAL, 0.5);
  await hear(session.account());
  expect(venue.account.position(PERPETUAL).toFixed()).toBe('0.01');
  const last = events.findLast((event) => event.kind === 'fill');
  expect(last).toMatchObject({ fill: { clientOrderId: null, venueOrderId: null, side: 'sell' } });
  expect(venue.matcher.fills.at(-1)).toMatchObject({ hand: 'venue', purpose: 'external' });
});
