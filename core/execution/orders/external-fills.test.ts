import { describe, expect, test } from 'vitest';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import { type DeskUnderTest, DOUBTFUL, executionDesk } from '../../../tests/contracts/execution-desk.ts';
import { flat, PERPETUAL, SPOT } from '../../../tests/contracts/simulated-venue.ts';
import {
  assetAmount,
  clientOrderId,
  VenueError,
  type VenueFill,
  type VenueOrder,
  venueOrderId,
} from '../../domain/index.ts';
import { MemoryOrderLedger } from '../../storage/index.ts';

const exit = { side: 'sell', purpose: 'exit', reduceOnly: true } as const;

/** A fill as the venue tells it. */
function told(desk: DeskUnderTest, name: string, given: Parameters<typeof fillOf>[2] = {}): VenueFill {
  const { purpose: _, ...fill } = fillOf(name, null, { time: desk.venue.clock.now(), ...given });
  return fill;
}

/** Announces a fill of an order that nobody here knows. */
function announceUnclaimed(desk: DeskUnderTest, given: Parameters<typeof fillOf>[2]): void {
  const fill = told(desk, 'whose', { ...given, venueOrderId: venueOrderId('v9') });
  desk.exchange.announce({ kind: 'fill', fill });
}

/** The venue cannot be asked whose an order is. */
function cutTheLine(desk: DeskUnderTest): void {
  desk.exchange.instead.order = async () => {
    throw new VenueError('unavailable', 'the line is down');
  };
}

/** What somebody else does at the same venue, in the same account. */
async function byHand(
  desk: DeskUnderTest,
  name: string,
  given: Parameters<typeof intentOf>[1] = {},
): Promise<void> {
  await desk.venue.exchange.submit(intentOf(name, given));
}

describe('a fill of other hands', () => {
  test('#11 V4 is recorded once as external, moves a perpetual’s position, and its stop follows', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL] });
    desk.protect(95, PERPETUAL);
    await desk.enter('a', 100, { symbol: PERPETUAL, amount: 3 });
    await byHand(desk, 'by-hand', { symbol: PERPETUAL, side: 'sell', amount: 1 });
    desk.venue.step(PERPETUAL, flat(100));
    expect(desk.quantity(PERPETUAL)).toBe('3');
    expect(await desk.place('b', { symbol: PERPETUAL })).toMatchObject({ code: 'symbol-frozen' });
    await desk.timers.pass(1_000);
    expect(desk.quantity(PERPETUAL)).toBe('2');
    expect(desk.fills.at(-1)).toMatchObject({ purpose: 'external', clientOrderId: null });
    expect(desk.stops(PERPETUAL)).toEqual(['sell 2@95']);
    expect(desk.orders.frozenSymbols().size).toBe(0);
    await desk.orders.inquiry.replayFills(PERPETUAL);
    expect(desk.fills).toHaveLength(2);
    expect((await desk.desk.reconcile()).differences).toEqual([]);
  });

  test('on a spot market is recorded, and leaves what is ours as it is', async () => {
    const desk = executionDesk({ profile: { account: 'shared' } });
    desk.assets.set('USDT', assetAmount(1_000));
    desk.protect(95);
    await desk.enter('a', 100);
    await byHand(desk, 'by-hand', { amount: 2 });
    desk.venue.step(SPOT, flat(100));
    await desk.timers.pass(1_000);
    expect(desk.fills.map(({ purpose }) => purpose)).toEqual(['entry', 'external']);
    expect(desk.quantity()).toBe('1');
    expect(desk.stops()).toEqual(['sell 1@95']);
    expect((await desk.desk.reconcile()).differences).toEqual([]);
  });

  test('is perhaps ours until that is known: no more is sold than is left without it', async () => {
    const desk = executionDesk({ profile: { account: 'shared' } });
    await desk.enter('a', 100, { amount: 3 });
    cutTheLine(desk);
    announceUnclaimed(desk, { side: 'sell', amount: 1 });
    expect(await desk.place('x', { ...exit, amount: 3 })).toMatchObject({
      outcome: 'refused',
      code: 'symbol-frozen',
    });
    expect(await desk.place('y', { ...exit, amount: 2 })).toMatchObject({ outcome: 'placed' });
  });

  test('that bought takes nothing from what may be sold', async () => {
    const desk = executionDesk({ profile: { account: 'shared' } });
    await desk.enter('a', 100, { amount: 3 });
    announceUnclaimed(desk, { side: 'buy', amount: 1 });
    expect(desk.orders.frozenSymbols().size).toBe(1);
    expect(await desk.place('x', { ...exit, amount: 3 })).toMatchObject({ outcome: 'placed' });
  });

  test('that bought takes nothing from a short that may be its own', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL] });
    await desk.enter('a', 100, { symbol: PERPETUAL, side: 'sell', amount: 3 });
    announceUnclaimed(desk, { symbol: PERPETUAL, side: 'buy', amount: 1 });
    const close = { ...exit, symbol: PERPETUAL, side: 'buy' } as const;
    expect(await desk.place('x', { ...close, amount: 3 })).toMatchObject({ code: 'symbol-frozen' });
    expect(await desk.place('y', { ...close, amount: 2 })).toMatchObject({ outcome: 'placed' });
  });

  test('that may be ours is not sold once more by the emergency stop', async () => {
    const desk = executionDesk({ profile: { account: 'shared' } });
    await desk.enter('a', 100, { amount: 3 });
    cutTheLine(desk);
    announceUnclaimed(desk, { side: 'sell', amount: 1 });
    void desk.flattener.flatten();
    await desk.timers.pass(100);
    expect(desk.working('emergency').map(({ amount }) => amount.toFixed())).toEqual(['2']);
    desk.desk.close();
    desk.flattener.close();
  });

  test('once it is known, the stop that it held back is placed at once', async () => {
    const desk = executionDesk({ profile: { account: 'shared' } });
    await desk.enter('a', 100, { amount: 1 });
    cutTheLine(desk);
    announceUnclaimed(desk, { side: 'sell', amount: 1 });
    desk.protect(95);
    desk.desk.protect(SPOT);
    await desk.timers.pass(60_000);
    expect(desk.stops()).toEqual([]);
    expect(desk.troubles).toEqual(['engine']);
    delete desk.exchange.instead.order;
    await desk.orders.resolve();
    await desk.orders.idle();
    expect(desk.fills.at(-1)).toMatchObject({ purpose: 'external' });
    expect(desk.stops()).toEqual(['sell 1@95']);
  });

  test('does not take back entries of ours', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL] });
    await desk.place('a', { symbol: PERPETUAL, limitPrice: 90 });
    desk.exchange.announce({
      kind: 'fill',
      fill: told(desk, 'liquidation', { symbol: PERPETUAL, side: 'sell' }),
    });
    await desk.orders.idle();
    expect(desk.quantity(PERPETUAL)).toBe('-1');
    expect(desk.statusOf('a')).toBe('OPEN');
  });

  test('without any id is counted at once: there is nothing to ask by', () => {
    const desk = executionDesk({ symbols: [PERPETUAL] });
    const fill = told(desk, 'liquidation', { symbol: PERPETUAL, side: 'sell' });
    desk.exchange.announce({ kind: 'fill', fill });
    desk.exchange.announce({ kind: 'fill', fill });
    expect(desk.quantity(PERPETUAL)).toBe('-1');
    expect(desk.orders.frozenSymbols().size).toBe(0);
  });

  test('of an order that the venue does not find is counted once it will not tell any more', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL], profile: DOUBTFUL });
    const fill = told(desk, 't', { symbol: PERPETUAL, venueOrderId: venueOrderId('gone') });
    desk.exchange.announce({ kind: 'fill', fill });
    desk.exchange.announce({ kind: 'fill', fill });
    await desk.timers.pass(9_000);
    expect(desk.fills).toEqual([]);
    expect(desk.orders.frozenSymbols().size).toBe(1);
    await desk.timers.pass(5_000);
    expect(desk.fills).toMatchObject([{ tradeId: 't', purpose: 'external' }]);
    expect(desk.orders.frozenSymbols().size).toBe(0);
  });

  test('is counted once when two ask at the same time whose it is', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL] });
    await byHand(desk, 'by-hand', { symbol: PERPETUAL });
    desk.venue.step(PERPETUAL, flat(100));
    await Promise.all([desk.orders.resolve(), desk.orders.resolve()]);
    expect(desk.fills).toHaveLength(1);
    expect(desk.quantity(PERPETUAL)).toBe('1');
  });

  test('of the child of an order that the venue does not find is foreign', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL] });
    await byHand(desk, 'by-hand', { symbol: PERPETUAL });
    const [there] = await desk.venue.exchange.openOrders();
    if (there === undefined) throw new Error('nothing works');
    const parentVenueOrderId = venueOrderId('gone');
    const child = { ...there, clientOrderId: null, venueOrderId: venueOrderId('child'), parentVenueOrderId };
    desk.exchange.instead.order = async (ref) =>
      ref.venueOrderId === 'child' ? { kind: 'found', order: child } : { kind: 'absent' };
    const fill = told(desk, 't', { symbol: PERPETUAL, venueOrderId: venueOrderId('child') });
    desk.exchange.announce({ kind: 'fill', fill });
    await desk.timers.pass(300);
    expect(desk.fills).toMatchObject([{ purpose: 'external' }]);
  });

  test('of an order that another’s stop has become is as foreign as that stop', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL] });
    await byHand(desk, 'by-hand', { symbol: PERPETUAL });
    const [there] = await desk.venue.exchange.openOrders();
    if (there === undefined) throw new Error('nothing works');
    const child: VenueOrder = {
      ...there,
      clientOrderId: null,
      venueOrderId: venueOrderId('child'),
      parentVenueOrderId: there.venueOrderId,
    };
    desk.exchange.instead.order = async (ref) => {
      const order = ref.venueOrderId === 'child' ? child : there;
      return { kind: 'found', order };
    };
    const fill = told(desk, 't', { symbol: PERPETUAL, venueOrderId: venueOrderId('child') });
    desk.exchange.announce({ kind: 'fill', fill });
    await desk.timers.pass(300);
    expect(desk.fills).toMatchObject([{ purpose: 'external' }]);
  });

  test('before the account was opened is not of this account', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL] });
    await byHand(desk, 'by-hand', { symbol: PERPETUAL });
    desk.exchange.mute = true;
    desk.venue.step(PERPETUAL, flat(100));
    desk.exchange.mute = false;
    const later = executionDesk({ venue: desk.venue, symbols: [PERPETUAL] });
    await later.orders.inquiry.replayFills(PERPETUAL);
    await later.orders.inquiry.replayFills(PERPETUAL);
    expect(later.fills).toEqual([]);
    expect(later.orders.frozenSymbols().size).toBe(0);
  });
});

describe('a fill with an id of ours that the ledger does not have', () => {
  test('has its order taken over from the venue, with what it filled before', async () => {
    const desk = executionDesk({ symbols: [PERPETUAL] });
    const ours = desk.ids.make({
      symbol: PERPETUAL,
      time: desk.venue.clock.now(),
      purpose: 'entry',
      ordinal: 0,
    });
    desk.exchange.mute = true;
    await byHand(desk, ours, { symbol: PERPETUAL, amount: 3 });
    desk.venue.step(PERPETUAL, flat(100), 1);
    // Long after that, and with a short memory of fills.
    for (let minute = 0; minute < 30; minute += 1) desk.venue.step(PERPETUAL, flat(100), 0);
    desk.exchange.mute = false;
    desk.venue.step(PERPETUAL, flat(100), 1);
    await desk.timers.pass(300);
    expect(desk.quantity(PERPETUAL)).toBe('2');
    expect(desk.orders.order(ours)).toMatchObject({ purpose: 'entry', status: 'PARTIALLY_FILLED' });
    expect(desk.orders.frozenSymbols().size).toBe(0);
  });

  test.each(['entry', 'exit'] as const)(
    'and not the venue either any more tells itself what it was (%s)',
    async (purpose) => {
      const desk = executionDesk({ symbols: [PERPETUAL] });
      const ours = desk.ids.make({ symbol: PERPETUAL, time: 0, purpose, ordinal: 0 });
      for (const name of ['t1', 't2']) {
        const { clientOrderId: _, ...fill } = told(desk, name, { symbol: PERPETUAL });
        desk.exchange.announce({ kind: 'fill', fill: { ...fill, clientOrderId: ours } });
      }
      await desk.timers.pass(3_000);
      expect(desk.fills).toMatchObject([
        { purpose, clientOrderId: ours },
        { purpose, clientOrderId: ours },
      ]);
      expect(desk.quantity(PERPETUAL)).toBe('2');
      expect(desk.orders.order(ours)?.reduceOnly).toBe(purpose !== 'entry');
      expect(desk.orders.frozenSymbols().size).toBe(0);
    },
  );

  test('is counted from memory while the ledger cannot be written', async () => {
    const ledger = new MemoryOrderLedger();
    const desk = executionDesk({ symbols: [PERPETUAL], ledger });
    const ours = desk.ids.make({ symbol: PERPETUAL, time: 0, purpose: 'entry', ordinal: 0 });
    const append = ledger.appendIntent.bind(ledger);
    ledger.appendIntent = () => {
      throw new Error('database is locked');
    };
    const { clientOrderId: _, ...fill } = told(desk, 't', { symbol: PERPETUAL });
    desk.exchange.announce({ kind: 'fill', fill: { ...fill, clientOrderId: ours } });
    await desk.timers.pass(3_000);
    expect(desk.quantity(PERPETUAL)).toBe('1');
    expect([...ledger.fills()]).toEqual([]);
    ledger.appendIntent = append;
    await desk.timers.pass(1_100);
    expect([...ledger.fills()]).toHaveLength(1);
  });
});

test('what is sold in a shared account is counted once, whoever asks', async () => {
  const desk = executionDesk({ profile: { account: 'shared' } });
  await desk.enter('a', 100);
  await desk.place('x', exit);
  desk.exchange.mute = true;
  desk.venue.step(SPOT, flat(100));
  desk.exchange.mute = false;
  await Promise.all([desk.desk.reconcile(), desk.orders.inquiry.replayFills(SPOT)]);
  expect(desk.quantity()).toBe('0');
  expect(desk.orders.order(clientOrderId('x'))?.status).toBe('FILLED');
});
