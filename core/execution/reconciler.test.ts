import { describe, expect, test } from 'vitest';
import { intentOf } from '../../tests/contracts/builders.ts';
import { executionDesk } from '../../tests/contracts/execution-desk.ts';
import { flat, SPOT } from '../../tests/contracts/simulated-venue.ts';
import { baseAmount, clientOrderId, type VenueOrder, venueOrderId } from '../domain/index.ts';
import { compare, describe as inWords } from './orders/differences.ts';

const id = clientOrderId;

function venueOrder(name: string, given: Partial<VenueOrder> = {}): VenueOrder {
  return {
    ...intentOf(name, { limitPrice: 95 }),
    venueOrderId: venueOrderId(`v-${name}`),
    filledAmount: baseAmount(0),
    status: 'OPEN',
    reason: null,
    updatedAt: 1,
    ...given,
  };
}

describe('reconciliation', () => {
  test('finds nothing where the books agree', async () => {
    const desk = executionDesk();
    desk.protect(90);
    await desk.enter('a', 100);
    await desk.place('b', { limitPrice: 80 });
    expect(await desk.reconciler.reconcile()).toEqual([]);
  });

  test('#15 counts what filled during a disconnect', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.mute = true;
    desk.venue.step(SPOT, [100, 100, 90, 92]);
    desk.exchange.mute = false;
    expect(await desk.reconciler.reconcile()).toEqual([]);
    expect(desk.quantity()).toBe('1');
    expect(desk.statusOf('a')).toBe('FILLED');
  });

  test('learns of an order that ended during a disconnect', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.mute = true;
    await desk.venue.exchange.cancel(SPOT, id('a'));
    desk.exchange.mute = false;
    expect(await desk.reconciler.reconcile()).toEqual([]);
    expect(desk.statusOf('a')).toBe('CANCELED');
  });

  test('#2 an outage is no answer: the working order stays, the difference is told', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.fail('openOrders', 'before', 'unavailable');
    expect((await desk.reconciler.reconcile())[0]).toContain('the venue did not answer');
    expect(desk.statusOf('a')).toBe('OPEN');
  });

  test('an order the venue positively does not know is withdrawn, after its time to arrive', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.instead.openOrders = async () => [];
    desk.exchange.instead.order = async () => null;
    expect((await desk.reconciler.reconcile()).length).toBeGreaterThan(0);
    expect(desk.statusOf('a')).toBe('OPEN');
    desk.venue.clock.advanceTo(desk.venue.clock.now() + 60_000);
    await desk.reconciler.reconcile();
    expect(desk.statusOf('a')).toBe('CANCELED');
  });

  test('takes an order of ours back that the ledger does not have', async () => {
    const desk = executionDesk();
    const ours = desk.ids.make({ symbol: SPOT, time: 1, purpose: 'entry', ordinal: 0 });
    await desk.venue.exchange.submit(intentOf(ours, { limitPrice: 95 }));
    expect(desk.orders.order(ours)).toBeUndefined();
    expect(await desk.reconciler.reconcile()).toEqual([]);
    expect(desk.orders.order(ours)).toMatchObject({ status: 'OPEN', purpose: 'entry' });
  });

  test('tells of an order that is not ours, and leaves it alone', async () => {
    const desk = executionDesk();
    await desk.venue.exchange.submit(intentOf('by-hand', { limitPrice: 95 }));
    expect(await desk.reconciler.reconcile()).toEqual([
      `${SPOT}: the venue works an order that is not ours, by-hand`,
    ]);
    expect(desk.exchange.calls).not.toContain('cancel by-hand');
  });

  test('#13 a position that differs is told, never explained away by a made-up fill', async () => {
    const desk = executionDesk();
    await desk.enter('a', 100);
    desk.exchange.instead.positions = async () => new Map([[SPOT, baseAmount(3)]]);
    expect(await desk.reconciler.reconcile()).toEqual([`${SPOT}: the position is 1 here, 3 at the venue`]);
    expect(desk.fills).toHaveLength(1);
    expect(await desk.place('b')).toMatchObject({ code: 'position-differs' });
    delete desk.exchange.instead.positions;
    expect(await desk.reconciler.reconcile()).toEqual([]);
    expect(await desk.place('c')).toMatchObject({ outcome: 'placed' });
  });

  test('an order that works there and has ended here is told', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    await desk.orders.cancel(id('a'));
    desk.exchange.instead.openOrders = async () => [venueOrder('a')];
    expect(await desk.reconciler.reconcile()).toEqual([
      `${SPOT}: order a is CANCELED here but works at the venue`,
    ]);
  });

  test('an order that the venue has filled further is brought up to date', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95, amount: 2 });
    desk.exchange.mute = true;
    desk.venue.step(SPOT, [100, 100, 90, 92], 1);
    desk.exchange.mute = false;
    expect(await desk.reconciler.reconcile()).toEqual([]);
    expect(desk.statusOf('a')).toBe('PARTIALLY_FILLED');
  });

  test('an order in another state there is learnt', async () => {
    const desk = executionDesk();
    desk.exchange.mute = true;
    await desk.place('a', { limitPrice: 95 });
    const [working] = await desk.venue.exchange.openOrders();
    if (working === undefined) throw new Error('nothing works');
    desk.exchange.instead.openOrders = async () => [{ ...working, status: 'PARTIALLY_FILLED' }];
    await desk.reconciler.reconcile();
    expect(desk.statusOf('a')).toBe('PARTIALLY_FILLED');
  });

  test('asks again when something fills while the venue is being asked', async () => {
    const desk = executionDesk();
    await desk.place('a');
    let asked = 0;
    desk.exchange.instead.positions = async () => {
      asked += 1;
      if (asked === 1) desk.venue.step(SPOT, flat(100));
      return desk.venue.exchange.positions();
    };
    expect(await desk.reconciler.reconcile()).toEqual([]);
    expect(desk.quantity()).toBe('1');
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
    expect(await desk.reconciler.reconcile()).toEqual([]);
    answer();
    expect(await placing).toMatchObject({ outcome: 'placed' });
  });

  test('tells which symbols stay frozen', async () => {
    const desk = executionDesk();
    desk.exchange.mute = true;
    desk.exchange.fail('submit', 'before');
    await desk.place('a');
    const [line] = await desk.reconciler.reconcile();
    expect(line).toContain('a');
    expect((await desk.reconciler.reconcile()).some((each) => each.includes('frozen'))).toBe(true);
  });

  test('each kind of difference has its words', async () => {
    const venue = venueOrder('x', { status: 'PARTIALLY_FILLED' });
    const desk = executionDesk();
    await desk.place('x', { limitPrice: 95 });
    const order = desk.orders.order(id('x'));
    if (order === undefined) throw new Error('no order');
    expect(inWords({ kind: 'missing-at-venue', symbol: SPOT, order })).toContain('not among');
    expect(inWords({ kind: 'order-differs', symbol: SPOT, order, venue })).toContain(
      'OPEN here, PARTIALLY_FILLED',
    );
  });

  test('a position in a symbol that we do not trade is a difference as well', () => {
    const local = { unfinished: [], order: () => undefined, positions: new Map() };
    const venue = { openOrders: [], positions: new Map([['ETH/USDT', baseAmount(2)]]) };
    expect(compare(local, venue, () => baseAmount('0.001'))).toMatchObject([{ kind: 'position-differs' }]);
  });

  test('a symbol stays frozen while the venue withholds fills of an order in doubt', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95, amount: 2 });
    desk.exchange.mute = true;
    desk.venue.step(SPOT, [100, 100, 90, 92], 1);
    desk.exchange.instead.fillsSince = async () => [];
    desk.orders.inquiry.doubt(SPOT, 'a test wants to know');
    expect((await desk.orders.resolve()).size).toBe(1);
  });

  test('an order that is known is not recorded as sent again', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    desk.orders.inquiry.recordSent(intentOf('a'));
    expect(desk.orders.fault).toBeNull();
    expect(desk.statusOf('a')).toBe('OPEN');
  });
});
