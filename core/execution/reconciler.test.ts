import { describe, expect, test } from 'vitest';
import { fillOf, intentOf } from '../../tests/contracts/builders.ts';
import { type DeskUnderTest, DOUBTFUL, executionDesk } from '../../tests/contracts/execution-desk.ts';
import { flat, PERPETUAL, SPOT } from '../../tests/contracts/simulated-venue.ts';
import { assetAmount, baseAmount, clientOrderId, VenueError, type VenueOrder } from '../domain/index.ts';

const id = clientOrderId;
const GREEN = { differences: [], notes: [] };

/** The venue's account as if a position were another. */
async function showing(desk: DeskUnderTest, symbol: string, quantity: number): Promise<void> {
  const account = await desk.venue.exchange.account();
  desk.exchange.instead.account = async () => ({
    ...account,
    positions: new Map([[symbol, baseAmount(quantity)]]),
  });
}

async function onlyOrder(desk: DeskUnderTest): Promise<VenueOrder> {
  const [working] = await desk.venue.exchange.openOrders();
  if (working === undefined) throw new Error('nothing works');
  return working;
}

test('coins that were sold and were not ours are no position: none is bought back, and it shows', async () => {
  const desk = executionDesk({ profile: { account: 'shared' } });
  desk.assets.set('BTC', assetAmount(0));
  desk.assets.set('USDT', assetAmount(0));
  await desk.enter('a', 100);
  await desk.place('x', { side: 'sell', purpose: 'exit', reduceOnly: true });
  desk.venue.step(SPOT, flat(100));
  await desk.orders.idle();
  desk.protect(105);
  const { purpose: _, ...fill } = fillOf('again', 'x', { side: 'sell', amount: '0.5' });
  desk.exchange.announce({ kind: 'fill', fill: { ...fill, time: desk.venue.clock.now() } });
  expect(desk.quantity()).toBe('-0.5');
  const sent = desk.calls('submit');
  desk.desk.price(SPOT, 120);
  const { differences } = await desk.desk.reconcile();
  await desk.timers.pass(60_000);
  expect(desk.calls('submit')).toBe(sent);
  expect(desk.troubles.at(-1) ?? null).toBeNull();
  expect(differences).toContain('BTC/USDT: 0.5 more were sold than were ours');
  expect(await desk.place('b')).toMatchObject({ code: 'position-differs' });
});

describe('reconciliation', () => {
  test.each([SPOT, PERPETUAL])('finds nothing where the books agree (%s)', async (symbol) => {
    const desk = executionDesk({ symbols: [symbol] });
    desk.protect(90, symbol);
    await desk.enter('a', 100, { symbol });
    await desk.place('b', { symbol, limitPrice: 80 });
    expect(await desk.desk.reconcile()).toEqual(GREEN);
  });

  test('#15 C25 counts what filled during a disconnect', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.mute = true;
    desk.venue.step(SPOT, [100, 100, 90, 92]);
    desk.exchange.mute = false;
    expect(await desk.desk.reconcile()).toEqual(GREEN);
    expect(desk.quantity()).toBe('1');
    expect(desk.statusOf('a')).toBe('FILLED');
  });

  test('learns of an order that ended during a disconnect', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.mute = true;
    await desk.venue.exchange.cancel({ ...(await onlyOrder(desk)) });
    desk.exchange.mute = false;
    expect(await desk.desk.reconcile()).toEqual(GREEN);
    expect(desk.statusOf('a')).toBe('CANCELED');
  });

  test('#2 an outage is no answer: the working order stays, the difference is told', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.fail('openOrders', 'before', 'unavailable');
    expect((await desk.desk.reconcile()).differences[0]).toContain('the venue did not answer');
    expect(desk.statusOf('a')).toBe('OPEN');
  });

  test('an order that the venue positively does not know is withdrawn, and not before', async () => {
    const desk = executionDesk({ profile: DOUBTFUL });
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.instead.openOrders = async () => [];
    desk.exchange.instead.order = async () => ({ kind: 'absent' });
    expect((await desk.desk.reconcile()).differences.length).toBeGreaterThan(0);
    expect(desk.statusOf('a')).toBe('OPEN');
    await desk.timers.pass(15_000);
    expect(desk.statusOf('a')).toBe('CANCELED');
    expect(await desk.desk.reconcile()).toEqual(GREEN);
  });

  test('takes an order of ours back that the ledger does not have', async () => {
    const desk = executionDesk();
    const ours = desk.ids.make({ symbol: SPOT, time: 1, purpose: 'entry', ordinal: 0 });
    desk.exchange.mute = true;
    await desk.venue.exchange.submit(intentOf(ours, { limitPrice: 95 }));
    desk.exchange.mute = false;
    expect(desk.orders.order(ours)).toBeUndefined();
    expect(await desk.desk.reconcile()).toEqual(GREEN);
    expect(desk.orders.order(ours)).toMatchObject({ status: 'OPEN', purpose: 'entry' });
  });

  test('V4 an order that is not ours is left alone: on a spot market it blocks nothing', async () => {
    const desk = executionDesk();
    await desk.venue.exchange.submit(intentOf('by-hand', { limitPrice: 95 }));
    expect(await desk.desk.reconcile()).toEqual({
      differences: [],
      notes: [`${SPOT}: the venue works an order that is not ours, by-hand`],
    });
    expect(desk.exchange.calls).not.toContain('cancel by-hand');
    expect(await desk.place('a')).toMatchObject({ outcome: 'placed' });
  });

  test('V4 on a perpetual it blocks entries in its symbol until it has ended, and nothing else', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL, SPOT] });
    await desk.enter('a', 100, { symbol: PERPETUAL });
    await desk.venue.exchange.submit(intentOf('by-hand', { symbol: PERPETUAL, limitPrice: 95 }));
    const { differences, notes } = await desk.desk.reconcile();
    expect(differences).toEqual([`${PERPETUAL}: the venue works an order that is not ours, by-hand`]);
    expect(notes).toEqual([]);
    expect(await desk.place('b', { symbol: PERPETUAL })).toMatchObject({ code: 'position-differs' });
    expect(await desk.place('c')).toMatchObject({ outcome: 'placed' });
    const exit = { side: 'sell', purpose: 'exit', reduceOnly: true, symbol: PERPETUAL } as const;
    expect(await desk.place('x', exit)).toMatchObject({ outcome: 'placed' });
    const ref = {
      symbol: PERPETUAL,
      clientOrderId: id('by-hand'),
      venueOrderId: null,
      type: 'limit',
    } as const;
    await desk.venue.exchange.cancel(ref);
    expect(await desk.desk.reconcile()).toEqual(GREEN);
    expect(await desk.place('d', { symbol: PERPETUAL })).toMatchObject({ outcome: 'placed' });
  });

  test('#11 #13 a position that differs is told, never explained away by a made-up fill', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL] });
    await desk.enter('a', 100, { symbol: PERPETUAL });
    await showing(desk, PERPETUAL, 3);
    const { differences } = await desk.desk.reconcile();
    expect(differences).toEqual([`${PERPETUAL}: the position is 1 here, 3 at the venue`]);
    expect(desk.fills).toHaveLength(1);
    expect(await desk.place('b', { symbol: PERPETUAL })).toMatchObject({ code: 'position-differs' });
    delete desk.exchange.instead.account;
    expect(await desk.desk.reconcile()).toEqual(GREEN);
    expect(await desk.place('c', { symbol: PERPETUAL })).toMatchObject({ outcome: 'placed' });
  });

  test('V1 an order that has ended here and works there is cancelled there', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    const working = await onlyOrder(desk);
    desk.exchange.mute = true;
    desk.exchange.instead.cancel = async () => ({ ...working, status: 'CANCELED' });
    await desk.orders.cancel(id('a'));
    delete desk.exchange.instead.cancel;
    desk.exchange.mute = false;
    expect(desk.statusOf('a')).toBe('CANCELED');
    expect(await desk.there()).toEqual(['a']);
    expect(await desk.desk.reconcile()).toEqual(GREEN);
    expect(await desk.there()).toEqual([]);
  });

  test('is told while it does not let itself be cancelled, and blocks its symbol', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    const working = await onlyOrder(desk);
    await desk.orders.cancel(id('a'));
    desk.exchange.instead.openOrders = async () => [working];
    desk.exchange.instead.order = async () => ({ kind: 'found', order: working });
    desk.exchange.instead.cancel = async () => {
      throw new VenueError('rejected', 'not now');
    };
    const { differences } = await desk.desk.reconcile();
    expect(differences[0]).toBe(`${SPOT}: order a is CANCELED here but works at the venue`);
    expect(await desk.place('b')).toMatchObject({ code: 'symbol-frozen' });
  });

  test('an order that the venue has filled further is brought up to date', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95, amount: 2 });
    desk.exchange.mute = true;
    desk.venue.step(SPOT, [100, 100, 90, 92], 1);
    desk.exchange.mute = false;
    expect(await desk.desk.reconcile()).toEqual(GREEN);
    expect(desk.statusOf('a')).toBe('PARTIALLY_FILLED');
  });

  test('asks again when something fills while the venue is being asked', async () => {
    const desk = executionDesk();
    await desk.place('a');
    desk.exchange.during('openOrders', () => desk.venue.step(SPOT, flat(100)));
    expect(await desk.desk.reconcile()).toEqual(GREEN);
    expect(desk.quantity()).toBe('1');
  });

  test('gives up for now when something fills each time', async () => {
    const desk = executionDesk();
    await desk.place('a', { amount: 20 });
    desk.exchange.instead.openOrders = async () => {
      const listed = await desk.venue.exchange.openOrders();
      desk.venue.step(SPOT, flat(100), 1);
      return listed;
    };
    expect((await desk.desk.reconcile()).differences[0]).toContain('kept filling');
  });

  test('two at the same time are one', async () => {
    const desk = executionDesk();
    const [one, other] = await Promise.all([desk.desk.reconcile(), desk.desk.reconcile()]);
    expect(one).toBe(other);
    expect(desk.calls('openOrders')).toBe(2);
  });

  test('does not look at an order whose call is on its way', async () => {
    const desk = executionDesk();
    desk.exchange.mute = true;
    let answer: () => void = () => undefined;
    desk.exchange.instead.submit = (intent) =>
      new Promise((resolve, reject) => {
        void desk.venue.exchange.submit(intent).then((order) => {
          answer = () => resolve(order);
        }, reject);
      });
    const placing = desk.place('a', { limitPrice: 95 });
    expect(await desk.desk.reconcile()).toEqual(GREEN);
    answer();
    expect(await placing).toMatchObject({ outcome: 'placed' });
  });

  test('tells which symbols stay frozen', async () => {
    const desk = executionDesk({ profile: DOUBTFUL });
    desk.exchange.fail('submit', 'before');
    await desk.place('a');
    const { differences } = await desk.desk.reconcile();
    expect(differences.some((line) => line.startsWith(`${SPOT} is frozen`))).toBe(true);
  });

  test('counts deposits once, and not those of before the account was opened', async () => {
    const desk = executionDesk();
    desk.exchange.mute = true;
    desk.venue.exchange.transfer('USDT', assetAmount(500), 'a present');
    desk.exchange.mute = false;
    expect(await desk.desk.reconcile()).toEqual(GREEN);
    expect(await desk.desk.reconcile()).toEqual(GREEN);
    expect(desk.events).toMatchObject([{ kind: 'deposit' }]);
    desk.venue.step(SPOT, flat(100));
    const later = executionDesk({ venue: desk.venue });
    later.assets.set('USDT', assetAmount(10_500));
    expect(await later.desk.reconcile()).toEqual(GREEN);
    expect(later.events).toEqual([]);
  });
});

describe('money and coins', () => {
  test('that differ in an account of ours block what they are traded in', async () => {
    const desk = executionDesk({ symbols: [SPOT, 'ETH/USDT', PERPETUAL] });
    desk.assets.set('BTC', assetAmount(1));
    expect((await desk.desk.reconcile()).differences).toEqual(['BTC: 1 should be there, the venue has 0']);
    expect(await desk.place('a')).toMatchObject({ code: 'position-differs' });
    expect(await desk.place('b', { symbol: PERPETUAL })).toMatchObject({ outcome: 'placed' });
    expect(await desk.place('c', { symbol: 'ETH/USDT' })).toMatchObject({ outcome: 'placed' });
    desk.assets.delete('BTC');
    desk.assets.set('USDT', assetAmount(1));
    await desk.desk.reconcile();
    expect([...desk.orders.differingSymbols().keys()]).toEqual([SPOT, 'ETH/USDT', PERPETUAL]);
  });

  test('V3 in a shared account may be more than ours, not less', async () => {
    const desk = executionDesk({ symbols: [SPOT, PERPETUAL], profile: { account: 'shared' } });
    desk.assets.set('USDT', assetAmount(1));
    await desk.venue.exchange.submit(intentOf('by-hand', { amount: 2 }));
    desk.venue.step(SPOT, flat(100));
    await showing(desk, 'ETH/USDT:USDT', 5);
    expect(await desk.desk.reconcile()).toEqual(GREEN);
    desk.assets.set('USDT', assetAmount(20_000));
    expect((await desk.desk.reconcile()).differences).toHaveLength(1);
  });
});

describe('a symbol that the venue does not tell of', () => {
  test('blocks itself and holds up nothing else', async () => {
    const desk = executionDesk({ symbols: [SPOT, 'ETH/USDT', PERPETUAL] });
    desk.protect(95);
    await desk.enter('p', 100, { symbol: PERPETUAL });
    await desk.place('a');
    desk.exchange.mute = true;
    desk.venue.step(SPOT, flat(100));
    desk.exchange.mute = false;
    desk.exchange.instead.fills = async (query) => {
      if (query.symbol === 'ETH/USDT') throw new VenueError('rejected', 'ETH/USDT is not listed');
      return desk.venue.exchange.fills(query);
    };
    desk.exchange.instrument = (symbol) => {
      if (symbol !== SPOT) throw new Error('unknown market');
      return desk.venue.exchange.instrument(symbol);
    };
    const { differences } = await desk.desk.reconcile();
    expect(differences).toEqual([expect.stringContaining('ETH/USDT: the venue does not tell its fills')]);
    expect(desk.quantity()).toBe('1');
    expect(desk.stops()).toEqual(['sell 1@95']);
    expect(await desk.place('b')).toMatchObject({ outcome: 'placed' });
    expect(await desk.place('c', { symbol: 'ETH/USDT' })).toMatchObject({ code: 'position-differs' });
  });
});

test('a comparison that the venue did not answer is made again soon: a stop that was taken away unheard is placed anew', async () => {
  const desk = executionDesk();
  desk.protect(95);
  await desk.enter('a', 100);
  const [stop] = desk.working('protection');
  if (stop === undefined) throw new Error('no stop');
  desk.exchange.mute = true;
  await desk.venue.exchange.cancel({ ...stop });
  desk.exchange.mute = false;
  desk.exchange.fail('openOrders', 'before', 'unavailable');
  desk.exchange.fail('openOrders', 'before', 'unavailable');
  expect((await desk.desk.reconcile()).differences).toEqual([expect.stringContaining('did not answer')]);
  await desk.timers.pass(6_000);
  expect(await desk.there()).toEqual([]);
  await desk.timers.pass(2_000);
  expect(await desk.there()).toHaveLength(1);
  expect(desk.stops()).toEqual(['sell 1@95']);
  const compared = desk.calls('account');
  await desk.timers.pass(60_000);
  expect(desk.calls('account')).toBe(compared);
});
