import { describe, expect, test } from 'vitest';
import { executionDesk } from '../../../tests/contracts/execution-desk.ts';
import { flat, SPOT } from '../../../tests/contracts/simulated-venue.ts';
import { baseAmount, clientOrderId, VenueError } from '../../domain/index.ts';

const id = clientOrderId;

describe('cancelling an order', () => {
  test('an order nobody placed is not found', async () => {
    expect(await executionDesk().orders.cancel(id('nobody'))).toBe('not-found');
  });

  test('a finished order is ended already, and nothing is sent', async () => {
    const desk = executionDesk();
    await desk.enter('a', 100);
    expect(await desk.orders.cancel(id('a'))).toBe('ended');
    expect(desk.exchange.calls).not.toContain('cancel a');
  });

  test('#5 what was cancelled may have filled: its fills are fetched', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.mute = true;
    desk.venue.step(SPOT, [100, 100, 90, 92]);
    desk.exchange.mute = false;
    expect(await desk.orders.cancel(id('a'))).toBe('ended');
    expect(desk.statusOf('a')).toBe('FILLED');
    expect(desk.quantity()).toBe('1');
  });

  test('two cancels at the same time are one', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    const outcomes = await Promise.all([desk.orders.cancel(id('a')), desk.orders.cancel(id('a'))]);
    expect(outcomes).toEqual(['ended', 'ended']);
    expect(desk.calls('cancel a')).toBe(1);
  });

  test.each([new Error('socket closed'), 'uncertain'] as const)(
    'an unanswered cancel (%s) is doubt, which is asked about at once',
    async (fault) => {
      const desk = executionDesk();
      await desk.place('a', { limitPrice: 95 });
      desk.exchange.fail('cancel', 'before', fault);
      expect(await desk.orders.cancel(id('a'))).toBe('unknown');
      expect(desk.orders.frozenSymbols().size).toBe(1);
      await desk.timers.pass(300);
      expect(desk.orders.frozenSymbols().size).toBe(0);
      expect(desk.statusOf('a')).toBe('OPEN');
    },
  );

  test('a cancel whose answer was lost is believed where the look-up says that it was done', async () => {
    const desk = executionDesk();
    desk.exchange.mute = true;
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.fail('cancel', 'after');
    expect(await desk.orders.cancel(id('a'))).toBe('ended');
    expect(desk.statusOf('a')).toBe('CANCELED');
  });

  test('a rejected cancel is asked about before anything is believed', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.fail('cancel', 'before', 'rejected');
    expect(await desk.orders.cancel(id('a'))).toBe('working');
    desk.exchange.fail('cancel', 'before', 'rejected');
    desk.exchange.fail('order', 'before');
    expect(await desk.orders.cancel(id('a'))).toBe('unknown');
    expect(desk.statusOf('a')).toBe('OPEN');
  });

  test('an order that the venue does not cancel, list or tell of has ended with what it filled', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95, amount: 2 });
    desk.venue.step(SPOT, [100, 100, 90, 100], 1);
    await desk.orders.idle();
    desk.exchange.mute = true;
    await desk.venue.exchange.cancel({
      symbol: SPOT,
      clientOrderId: id('a'),
      venueOrderId: null,
      type: 'limit',
    });
    desk.exchange.instead.cancel = async () => {
      throw new VenueError('rejected', 'unknown order or already done');
    };
    desk.exchange.instead.order = async () => ({ kind: 'cannot-tell', reason: 'purged' });
    expect(await desk.orders.cancel(id('a'))).toBe('unknown');
    await desk.timers.pass(60_000);
    expect(desk.statusOf('a')).toBe('CANCELED');
    expect(desk.quantity()).toBe('1');
    expect(desk.orders.frozenSymbols().size).toBe(0);
  });

  test('#5 fills are fetched after every cancel, whatever its answer says of them', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95, amount: 2 });
    desk.exchange.mute = true;
    desk.venue.step(SPOT, [100, 100, 90, 100], 1);
    desk.exchange.instead.cancel = async (ref) => ({
      ...(await desk.venue.exchange.cancel(ref)),
      filledAmount: baseAmount(0),
    });
    expect(await desk.orders.cancel(id('a'))).toBe('ended');
    expect(desk.quantity()).toBe('1');
  });

  test('C8 an answer that carries another id in the place of ours is about the order that was cancelled', async () => {
    const desk = executionDesk();
    desk.exchange.mute = true;
    desk.exchange.fail('submit');
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.instead.cancel = async (ref) => ({
      ...(await desk.venue.exchange.cancel(ref)),
      clientOrderId: id('x-TKT5PX2F'),
    });
    expect(await desk.orders.cancel(id('a'))).toBe('ended');
    expect(desk.statusOf('a')).toBe('CANCELED');
  });

  test('#5 a cancel whose fills cannot be fetched is doubt, and never an exception', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.mute = true;
    desk.venue.step(SPOT, [100, 100, 90, 100]);
    desk.exchange.fail('cancel', 'before', 'rejected');
    desk.exchange.fail('fills', 'before');
    expect(await desk.orders.cancel(id('a'))).toBe('unknown');
    expect(desk.orders.frozenSymbols().size).toBe(1);
    expect(desk.statusOf('a')).toBe('UNKNOWN');
  });

  test.each(['rate-limited', 'unauthorised'] as const)(
    '#10 a cancel that was surely not done (%s) leaves the order working and freezes nothing',
    async (fault) => {
      const desk = executionDesk();
      await desk.place('a', { limitPrice: 95 });
      desk.exchange.fail('cancel', 'before', fault);
      expect(await desk.orders.cancel(id('a'))).toBe('working');
      expect(desk.orders.frozenSymbols().size).toBe(0);
    },
  );

  test('a cancel does not overtake the order it is for', async () => {
    const desk = executionDesk();
    let arrive: () => void = () => undefined;
    desk.exchange.instead.submit = async (intent) => {
      await new Promise<void>((resolve) => {
        arrive = resolve;
      });
      return desk.venue.exchange.submit(intent);
    };
    const placing = desk.place('a', { limitPrice: 95 });
    const cancelling = desk.orders.cancel(id('a'));
    expect(desk.exchange.calls).toEqual(['submit a']);
    arrive();
    await placing;
    expect(await cancelling).toBe('ended');
    expect(desk.statusOf('a')).toBe('CANCELED');
  });

  test('an order that fills while it is cancelled is filled, whatever its cancel says', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    const [before] = await desk.venue.exchange.openOrders();
    if (before === undefined) throw new Error('nothing works');
    desk.exchange.instead.cancel = async () => {
      desk.venue.step(SPOT, [100, 100, 90, 92]);
      return { ...before, status: 'CANCELED' };
    };
    expect(await desk.orders.cancel(id('a'))).toBe('ended');
    expect(desk.statusOf('a')).toBe('FILLED');
  });

  test('a cancel that fails without an Error, and one that throws where it should reject, are doubt', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.instead.cancel = () => Promise.reject('gone');
    expect(await desk.orders.cancel(id('a'))).toBe('unknown');
    desk.exchange.instead.cancel = () => {
      throw new Error('a bug in an adapter');
    };
    desk.exchange.instead.order = () => {
      throw new Error('another bug');
    };
    expect(await desk.orders.cancel(id('a'))).toBe('unknown');
  });
});

describe('an order that is no longer wanted', () => {
  test('is taken back until it is gone, though the venue does not answer at first', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    for (const fault of ['uncertain', 'unavailable', 'rate-limited'] as const) {
      desk.exchange.fail('cancel', 'before', fault);
    }
    await desk.orders.withdraw(id('a'));
    expect(desk.statusOf('a')).toBe('OPEN');
    await desk.timers.pass(5_000);
    expect(desk.statusOf('a')).toBe('CANCELED');
    expect(desk.calls('cancel a')).toBe(4);
    expect(desk.timers.waiting).toBe(0);
  });

  test('a venue that wants to be left alone is', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    const limited = new VenueError('rate-limited', 'slow down', { retryAfterMs: 20_000 });
    desk.exchange.fail('cancel', 'before', limited);
    await desk.orders.withdraw(id('a'));
    await desk.timers.pass(19_000);
    expect(desk.calls('cancel a')).toBe(1);
    await desk.timers.pass(2_000);
    expect(desk.statusOf('a')).toBe('CANCELED');
  });

  test('nothing else is asked of it meanwhile, and nothing sent', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    const limited = new VenueError('rate-limited', 'slow down', { retryAfterMs: 20_000 });
    desk.exchange.fail('cancel', 'before', limited);
    await desk.orders.withdraw(id('a'));
    const before = desk.exchange.calls.length;
    expect(await desk.place('b')).toMatchObject({
      outcome: 'refused',
      code: 'venue-busy',
      message: 'simulated asked to be left alone for another 20 s',
      order: null,
    });
    expect((await desk.desk.reconcile()).differences).toEqual([
      expect.stringContaining('asked to be left alone'),
    ]);
    expect(desk.exchange.calls).toHaveLength(before);
    await desk.timers.pass(20_000);
    expect(await desk.place('c')).toMatchObject({ outcome: 'placed' });
  });

  test('is left as it is once the program ends', async () => {
    const desk = executionDesk();
    await desk.place('a', { limitPrice: 95 });
    desk.exchange.fail('cancel', 'before', 'rate-limited');
    await desk.orders.withdraw(id('a'));
    desk.desk.close();
    await desk.timers.pass(60_000);
    expect(desk.calls('cancel a')).toBe(1);
    expect(desk.timers.waiting).toBe(0);
    desk.venue.step(SPOT, flat(90));
    expect(desk.statusOf('a')).toBe('OPEN');
  });
});
