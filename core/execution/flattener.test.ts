import { describe, expect, test } from 'vitest';
import { executionDesk } from '../../tests/contracts/execution-desk.ts';
import { flat, PERPETUAL, SPOT } from '../../tests/contracts/simulated-venue.ts';
import { LedgerError, type OrderIntent, VenueError } from '../domain/index.ts';
import { MemoryOrderLedger } from '../storage/memory/memory-order-ledger.ts';

/** A desk whose market moves on while the flattener waits. */
function movingDesk(...args: Parameters<typeof executionDesk>) {
  const desk = executionDesk(...args);
  desk.onWait.run = () => {
    for (const symbol of [SPOT, PERPETUAL]) desk.venue.step(symbol, flat(100));
  };
  return desk;
}

describe('flattening', () => {
  test('a flat account is flat at once', async () => {
    const desk = movingDesk();
    expect(await desk.flattener.flatten()).toEqual({ flat: true, failures: [] });
    expect(desk.waits()).toBe(0);
  });

  test('#26 cancels every order, stops included, closes every position, long and short, and verifies', async () => {
    const desk = movingDesk({ symbols: [SPOT, PERPETUAL] });
    desk.protect(90);
    await desk.enter('long', 100, { amount: 2 });
    await desk.enter('short', 100, { symbol: PERPETUAL, side: 'sell' });
    await desk.place('resting', { limitPrice: 80 });
    // As in an emergency: nothing but emergency orders may leave.
    desk.gate.answer = { allowed: false, code: 'kill-switch', message: 'engaged' };
    expect(await desk.flattener.flatten()).toEqual({ flat: true, failures: [] });
    expect(desk.quantity()).toBe('0');
    expect(desk.quantity(PERPETUAL)).toBe('0');
    expect(await desk.venue.exchange.openOrders()).toEqual([]);
    expect(desk.orders.unfinished()).toEqual([]);
  });

  test('does not close twice while a close is working', async () => {
    const desk = executionDesk();
    await desk.enter('long', 100);
    desk.onWait.run = () => {
      if (desk.waits() === 5) desk.venue.step(SPOT, flat(100));
    };
    expect(await desk.flattener.flatten()).toMatchObject({ flat: true });
    expect(desk.exchange.calls.filter((call) => /^submit test.*e0$/.test(call))).toHaveLength(1);
  });

  test('#1 a close whose answer is lost keeps its id, and counts once when it arrives late', async () => {
    const desk = movingDesk({ symbols: [PERPETUAL] });
    await desk.enter('long', 100, { symbol: PERPETUAL });
    const late: OrderIntent[] = [];
    desk.exchange.instead.submit = async (intent) => {
      late.push(intent);
      throw new VenueError('uncertain', 'timed out');
    };
    desk.onWait.run = () => {
      if (desk.waits() === 3) {
        delete desk.exchange.instead.submit;
        for (const intent of late) void desk.venue.exchange.submit(intent);
      }
      desk.venue.step(PERPETUAL, flat(100));
    };
    expect(await desk.flattener.flatten()).toEqual({ flat: true, failures: [] });
    expect(late).toHaveLength(3);
    expect(new Set(late.map(({ clientOrderId }) => clientOrderId)).size).toBe(1);
    expect(desk.quantity(PERPETUAL)).toBe('0');
  });

  test('a close that reconciliation has written off meanwhile is not sent under its old id', async () => {
    const desk = movingDesk();
    await desk.enter('long', 100);
    desk.exchange.instead.submit = () => Promise.reject(new VenueError('uncertain', 'timed out'));
    expect(await desk.flattener.flatten()).toMatchObject({ flat: false });
    const [lost] = desk.working('emergency');
    desk.venue.clock.advanceTo(desk.venue.clock.now() + 11_000);
    await desk.reconciler.reconcile();
    expect(lost && desk.statusOf(lost.clientOrderId)).toBe('CANCELED');
    delete desk.exchange.instead.submit;
    expect(await desk.flattener.flatten()).toEqual({ flat: true, failures: [] });
    expect(lost && desk.statusOf(lost.clientOrderId)).toBe('CANCELED');
    expect(desk.quantity()).toBe('0');
  });

  test('#4 a close that the venue refuses is another order the next time', async () => {
    const desk = movingDesk();
    await desk.enter('long', 100);
    desk.exchange.fail('submit', 'before', 'rejected');
    expect(await desk.flattener.flatten()).toEqual({ flat: true, failures: [] });
    const closes = desk.exchange.calls.filter((call) => call.startsWith('submit test'));
    expect(new Set(closes).size).toBe(2);
  });

  test('a close that ended without closing everything is followed by another', async () => {
    const desk = executionDesk();
    await desk.enter('long', 100, { amount: 2 });
    desk.onWait.run = () => {
      desk.venue.step(SPOT, flat(100), 1);
      if (desk.waits() !== 1) return;
      const [close] = desk.working('emergency');
      if (close !== undefined) void desk.venue.exchange.cancel(SPOT, close.clientOrderId);
    };
    expect(await desk.flattener.flatten()).toEqual({ flat: true, failures: [] });
    expect(desk.quantity()).toBe('0');
    const closes = desk.exchange.calls.filter((call) => call.startsWith('submit test'));
    expect(closes).toHaveLength(2);
  });

  test('sends all cancels before it waits for the first answer', async () => {
    const desk = movingDesk();
    for (const price of [80, 81, 82]) await desk.place(`at${price}`, { limitPrice: price });
    const sentBefore: number[] = [];
    desk.exchange.instead.cancel = async (symbol, order) => {
      await Promise.resolve();
      sentBefore.push(desk.exchange.calls.filter((call) => call.startsWith('cancel')).length);
      return desk.venue.exchange.cancel(symbol, order);
    };
    expect(await desk.flattener.flatten()).toMatchObject({ flat: true });
    expect(sentBefore).toEqual([3, 3, 3]);
  });

  test('#17 goes on after errors, step by step', async () => {
    const desk = movingDesk();
    await desk.enter('long', 100);
    await desk.place('resting', { limitPrice: 80 });
    desk.exchange.fail('openOrders', 'before');
    desk.exchange.fail('cancel', 'before');
    desk.exchange.fail('submit', 'before');
    desk.exchange.fail('account', 'before');
    expect(await desk.flattener.flatten()).toEqual({ flat: true, failures: [] });
    expect(desk.quantity()).toBe('0');
  });

  test('says what failed, by venue and symbol, when it cannot be done', async () => {
    const desk = executionDesk();
    await desk.enter('long', 100);
    desk.exchange.instead.submit = () => Promise.reject(new Error('trading halted'));
    expect(await desk.flattener.flatten()).toEqual({
      flat: false,
      failures: [`simulated ${SPOT}: Error: trading halted`],
    });
  });

  test('says so when everything was accepted and nothing happened', async () => {
    const desk = executionDesk();
    await desk.enter('long', 100);
    const { flat: done, failures } = await desk.flattener.flatten();
    expect(done).toBe(false);
    expect(failures[0]).toContain('still shows');
  });

  test('works when the ledger does not', async () => {
    class BrokenLedger extends MemoryOrderLedger {
      broken = false;
      override appendIntent(...args: Parameters<MemoryOrderLedger['appendIntent']>): void {
        if (this.broken) throw new LedgerError('disk full');
        super.appendIntent(...args);
      }
    }
    const ledger = new BrokenLedger();
    const desk = movingDesk({ ledger });
    await desk.enter('long', 100);
    ledger.broken = true;
    desk.exchange.fail('submit', 'before');
    expect(await desk.flattener.flatten()).toMatchObject({ flat: true });
    expect((await desk.venue.exchange.positions()).get(SPOT)?.toFixed() ?? '0').toBe('0');
  });

  test('doing it again does nothing', async () => {
    const desk = movingDesk();
    await desk.enter('long', 100);
    await desk.flattener.flatten();
    const calls = desk.exchange.calls.length;
    await desk.flattener.flatten();
    expect(desk.exchange.calls.slice(calls)).toEqual(['openOrders', 'account']);
  });
});
