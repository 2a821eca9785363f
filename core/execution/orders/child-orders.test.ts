import { describe, expect, test } from 'vitest';
import { type DeskUnderTest, DOUBTFUL, executionDesk } from '../../../tests/contracts/execution-desk.ts';
import { flat, PERPETUAL } from '../../../tests/contracts/simulated-venue.ts';
import {
  baseAmount,
  price,
  tradeId,
  type VenueFill,
  type VenueOrder,
  venueOrderId,
} from '../../domain/index.ts';

/**
 * A venue that makes another order of a stop when it triggers: with an id of its own, without ours, and listed beside
 * the stop, which is told as filled or cancelled, whatever became of the other one.
 */
async function triggering() {
  const desk = executionDesk({ symbols: [PERPETUAL], profile: DOUBTFUL });
  desk.protect(95, PERPETUAL);
  await desk.enter('a', 100, { symbol: PERPETUAL });
  const [stop] = desk.working('protection', PERPETUAL);
  const [there] = await desk.venue.exchange.openOrders();
  if (stop === undefined || there === undefined) throw new Error('no stop');
  const resting: VenueOrder = there;
  // From here on the venue is this test.
  const told = { stop: resting, child: null as VenueOrder | null, fills: [] as VenueFill[] };
  const { instead } = desk.exchange;
  instead.openOrders = async () =>
    [told.stop, told.child].flatMap((order) =>
      order?.status === 'OPEN' || order?.status === 'PARTIALLY_FILLED' ? order : [],
    );
  instead.order = async (ref) => {
    const byVenueId = [told.stop, told.child].find((order) => order?.venueOrderId === ref.venueOrderId);
    const order = byVenueId ?? (ref.clientOrderId === stop.clientOrderId ? told.stop : null);
    return order === null ? { kind: 'absent' } : { kind: 'found', order };
  };
  instead.fills = async () => ({ fills: told.fills, cursor: null, more: false });
  instead.cancel = async (ref) => {
    const isChild = ref.venueOrderId === told.child?.venueOrderId;
    if (isChild && told.child !== null) told.child = { ...told.child, status: 'CANCELED' };
    else told.stop = { ...told.stop, status: 'CANCELED' };
    return isChild && told.child !== null ? told.child : told.stop;
  };

  /** What the stop has become. */
  function becomes(given: Partial<VenueOrder> = {}): VenueOrder {
    told.child = {
      ...resting,
      clientOrderId: null,
      venueOrderId: venueOrderId('child'),
      parentVenueOrderId: resting.venueOrderId,
      type: 'market',
      stopPrice: null,
      ...given,
    };
    return told.child;
  }
  function fill(name: string, amount: number | string): VenueFill {
    const filled: VenueFill = {
      tradeId: tradeId(name),
      clientOrderId: null,
      venueOrderId: venueOrderId('child'),
      symbol: PERPETUAL,
      side: 'sell',
      price: price(95),
      amount: baseAmount(amount),
      fee: null,
      liquidity: 'taker',
      time: desk.venue.clock.now(),
    };
    told.fills.push(filled);
    return filled;
  }
  const tellStop = (given: Partial<VenueOrder>): void => {
    told.stop = { ...told.stop, ...given };
    desk.exchange.announce({ kind: 'order', order: told.stop });
  };
  const tell = (order: VenueOrder): void => {
    told.child = order;
    desk.exchange.announce({ kind: 'order', order });
  };
  return { desk, stop, told, becomes, fill, tell, tellStop };
}

const held = (desk: DeskUnderTest): string => desk.quantity(PERPETUAL);

describe('the order that a stop becomes when it triggers', () => {
  test('V4 its fills count as the stop’s, by the venue’s ids alone', async () => {
    const { desk, stop, becomes, fill, tell } = await triggering();
    tell(becomes());
    desk.exchange.announce({ kind: 'fill', fill: fill('t', 1) });
    expect(held(desk)).toBe('0');
    expect(desk.fills.at(-1)).toMatchObject({ clientOrderId: stop.clientOrderId, purpose: 'protection' });
    expect(desk.statusOf(stop.clientOrderId)).toBe('FILLED');
  });

  test('its fill is counted though it comes before anything was heard of it', async () => {
    const { desk, stop, becomes, fill } = await triggering();
    becomes({ status: 'FILLED', filledAmount: baseAmount(1) });
    desk.exchange.announce({ kind: 'fill', fill: fill('t', 1) });
    expect(held(desk)).toBe('1');
    expect([...desk.orders.frozenSymbols().values()][0]).toContain('whose the fill t is');
    await desk.timers.pass(300);
    expect(held(desk)).toBe('0');
    expect(desk.statusOf(stop.clientOrderId)).toBe('FILLED');
    expect(desk.orders.frozenSymbols().size).toBe(0);
  });

  test.each([
    ['filled with the whole amount', 'FILLED', baseAmount(1)],
    ['filled with none', 'FILLED', baseAmount(0)],
    ['expired with none', 'EXPIRED', baseAmount(0)],
  ] as const)(
    'a stop that is told as %s while it works keeps its units, and is no orphan',
    async (_, status, filledAmount) => {
      const { desk, stop, becomes, fill, tell, tellStop } = await triggering();
      tellStop({ status, filledAmount });
      await desk.orders.idle();
      expect(held(desk)).toBe('1');
      expect(desk.statusOf(stop.clientOrderId)).toBe('UNKNOWN');
      expect(desk.desk.protectionOf(PERPETUAL).protection).toBe('engine');
      becomes();
      await desk.timers.pass(3_000);
      expect(desk.statusOf(stop.clientOrderId)).toBe('OPEN');
      expect(desk.orders.order(stop.clientOrderId)?.venueOrderId).toBe('child');
      expect(desk.calls('cancel')).toBe(0);
      expect(desk.calls('submit')).toBe(2);
      desk.exchange.announce({ kind: 'fill', fill: fill('t1', '0.4') });
      expect(held(desk)).toBe('0.6');
      tell(becomes({ status: 'FILLED', filledAmount: baseAmount(1) }));
      fill('t2', '0.6');
      await desk.orders.idle();
      await desk.timers.pass(3_000);
      expect(held(desk)).toBe('0');
      expect(desk.orders.frozenSymbols().size).toBe(0);
    },
  );

  test('a stop that is told as cancelled while it works leaves no second one: it is cancelled, and the rest protected anew', async () => {
    const { desk, stop, becomes, fill, tellStop, told } = await triggering();
    const submitted: string[] = [];
    desk.exchange.instead.submit = async (intent) => {
      submitted.push(`${told.child?.status} ${intent.type} ${intent.amount.toFixed()}`);
      throw new Error('timed out');
    };
    const child = becomes({ status: 'PARTIALLY_FILLED', filledAmount: baseAmount('0.4') });
    tellStop({ status: 'CANCELED' });
    expect(desk.statusOf(stop.clientOrderId)).toBe('CANCELED');
    fill('t1', '0.4');
    desk.exchange.announce({ kind: 'order', order: child });
    await desk.timers.pass(1_000);
    expect(told.child?.status).toBe('CANCELED');
    expect(held(desk)).toBe('0.6');
    expect(submitted).toEqual(['CANCELED stop 0.6']);
  });

  test('once it is heard of, a stop that was told as filled just before is not over', async () => {
    const { desk, stop, becomes, fill, tell, tellStop } = await triggering();
    desk.exchange.during('fills', () =>
      tell(becomes({ status: 'PARTIALLY_FILLED', filledAmount: baseAmount('0.4') })),
    );
    fill('t1', '0.4');
    tellStop({ status: 'FILLED', filledAmount: baseAmount(0) });
    await desk.orders.idle();
    await desk.timers.pass(1_000);
    expect(held(desk)).toBe('0.6');
    expect(desk.orders.order(stop.clientOrderId)).toMatchObject({
      status: 'PARTIALLY_FILLED',
      venueOrderId: 'child',
    });
    expect(desk.calls('submit')).toBe(2);
  });

  test('is cancelled in the place of the stop', async () => {
    const { desk, stop, becomes, tell, told } = await triggering();
    tell(becomes());
    expect(await desk.orders.cancel(stop.clientOrderId)).toBe('ended');
    expect(told.child?.status).toBe('CANCELED');
  });

  test('once it is known, what is told of the stop itself says nothing', async () => {
    const { desk, stop, becomes, tell, tellStop } = await triggering();
    tell(becomes());
    tellStop({ status: 'FILLED', filledAmount: baseAmount(1) });
    await desk.orders.idle();
    expect(desk.statusOf(stop.clientOrderId)).toBe('OPEN');
    expect(desk.orders.frozenSymbols().size).toBe(0);
    expect((await desk.desk.reconcile()).differences.join()).not.toContain('order');
  });

  test('is found by reconciliation', async () => {
    const { desk, stop, becomes, told } = await triggering();
    told.stop = { ...told.stop, status: 'FILLED', filledAmount: baseAmount(1) };
    becomes();
    await desk.desk.reconcile();
    expect(desk.orders.order(stop.clientOrderId)).toMatchObject({ status: 'OPEN', venueOrderId: 'child' });
    expect(desk.calls('cancel')).toBe(0);
  });

  test('a stop that is told as filled and of which nothing comes is protected anew, in the end', async () => {
    const { desk, stop, tellStop } = await triggering();
    tellStop({ status: 'FILLED', filledAmount: baseAmount(0) });
    await desk.timers.pass(5_000);
    expect(desk.statusOf(stop.clientOrderId)).toBe('UNKNOWN');
    await desk.timers.pass(15_000);
    expect(desk.orders.order(stop.clientOrderId)).toMatchObject({
      status: 'CANCELED',
      reason: 'the venue tells no more fills of it',
    });
    expect(held(desk)).toBe('1');
    expect(desk.stops(PERPETUAL)).toEqual(['sell 1@95']);
  });

  test('a stop that has expired, and of which nothing comes, is protected anew once, however often that is told', async () => {
    const { desk, stop, tellStop, told } = await triggering();
    const { exchange } = desk.venue;
    desk.exchange.instead.order = async (ref) =>
      ref.clientOrderId === stop.clientOrderId ? { kind: 'found', order: told.stop } : exchange.order(ref);
    desk.exchange.instead.openOrders = async () => {
      const listed = await exchange.openOrders();
      return listed.filter(({ clientOrderId }) => clientOrderId !== stop.clientOrderId);
    };
    tellStop({ status: 'EXPIRED' });
    await desk.timers.pass(5_000);
    expect(desk.statusOf(stop.clientOrderId)).toBe('UNKNOWN');
    expect(desk.calls('submit')).toBe(2);
    await desk.timers.pass(15_000);
    expect(desk.statusOf(stop.clientOrderId)).toBe('EXPIRED');
    expect(desk.stops(PERPETUAL)).toEqual(['sell 1@95']);
    expect(desk.calls('submit')).toBe(3);
    await desk.timers.pass(15_000);
    expect(desk.orders.frozenSymbols().size).toBe(0);
    tellStop({});
    await desk.orders.idle();
    expect(desk.orders.frozenSymbols().size).toBe(0);
    expect(desk.calls('submit')).toBe(3);
  });

  test('a stop that has expired with a part of it filled traded itself: the rest is protected at once', async () => {
    const { desk, stop, tellStop, told, fill } = await triggering();
    told.fills = [{ ...fill('t', '0.4'), venueOrderId: told.stop.venueOrderId }];
    tellStop({ status: 'EXPIRED', filledAmount: baseAmount('0.4') });
    await desk.timers.pass(500);
    expect(desk.statusOf(stop.clientOrderId)).toBe('EXPIRED');
    expect(held(desk)).toBe('0.6');
    expect(desk.stops(PERPETUAL)).toEqual(['sell 0.6@95']);
  });

  test('that comes to nothing leaves the units to another stop', async () => {
    const { desk, becomes, tell, tellStop } = await triggering();
    tellStop({ status: 'FILLED', filledAmount: baseAmount(1) });
    tell(becomes({ status: 'CANCELED', reason: 'no liquidity' }));
    await desk.orders.idle();
    await desk.timers.pass(300);
    expect(held(desk)).toBe('1');
    expect(desk.stops(PERPETUAL)).toEqual(['sell 1@95']);
    expect(desk.orders.frozenSymbols().size).toBe(0);
  });

  test('of a stop that an earlier run saw end has its fills counted', async () => {
    const { desk, stop, becomes, fill, told } = await triggering();
    desk.desk.close();
    const ledger = desk.ledger;
    ledger.appendEvent({ clientOrderId: stop.clientOrderId, status: 'CANCELED', at: 1 });
    const later = executionDesk({ venue: desk.venue, ledger, symbols: [PERPETUAL], profile: DOUBTFUL });
    Object.assign(later.exchange.instead, desk.exchange.instead);
    told.stop = { ...told.stop, status: 'CANCELED' };
    becomes({ status: 'FILLED', filledAmount: baseAmount(1) });
    later.exchange.announce({ kind: 'fill', fill: fill('t', 1) });
    await later.timers.pass(300);
    expect(held(later)).toBe('0');
    expect(later.fills).toMatchObject([{ clientOrderId: stop.clientOrderId, purpose: 'protection' }]);
    expect(later.statusOf(stop.clientOrderId)).toBe('FILLED');
    await later.timers.pass(3_000);
    expect(later.orders.frozenSymbols().size).toBe(0);
  });

  test('a look-up that answers with the stop says nothing of what it has become', async () => {
    const { desk, stop, becomes, tell, told } = await triggering();
    tell(becomes());
    desk.exchange.instead.order = async () => ({
      kind: 'found',
      order: { ...told.stop, status: 'FILLED', filledAmount: baseAmount(1) },
    });
    desk.exchange.instead.openOrders = async () => [{ ...told.stop, status: 'OPEN' }];
    desk.orders.inquiry.doubt(PERPETUAL, 'a test wants to know');
    await desk.timers.pass(60_000);
    expect(desk.statusOf(stop.clientOrderId)).toBe('OPEN');
    expect(desk.orders.frozenSymbols().size).toBe(1);
  });

  test('C6 a stop that hangs, neither listed nor ended, blocks its symbol, and the engine closes in its place', async () => {
    const { desk, told } = await triggering();
    desk.exchange.instead.openOrders = async () => [];
    expect((await desk.desk.reconcile()).differences.join()).toContain(
      'not among the venue’s open orders'.replace('’', "'"),
    );
    expect(told.stop.status).toBe('OPEN');
    expect(await desk.place('b', { symbol: PERPETUAL })).toMatchObject({ code: 'position-differs' });
    desk.desk.price(PERPETUAL, 94);
    await desk.timers.pass(4_000);
    desk.venue.step(PERPETUAL, flat(94));
    expect(held(desk)).toBe('0');
  });
});
