import { describe, expect, test } from 'vitest';
import { intentOf } from '../../../tests/contracts/builders.ts';
import { DOUBTFUL, executionDesk } from '../../../tests/contracts/execution-desk.ts';
import { flat, SPOT } from '../../../tests/contracts/simulated-venue.ts';
import { clientOrderId } from '../../domain/index.ts';
import { MemoryOrderLedger } from '../../storage/index.ts';

const id = clientOrderId;

describe('after a restart', () => {
  test.each(['INTENT', 'SENT', 'UNKNOWN'] as const)(
    'an order left at %s freezes its symbol until the venue answers',
    async (status) => {
      const ledger = new MemoryOrderLedger();
      const before = executionDesk({ ledger });
      before.exchange.fail('submit', 'before');
      await before.place('other', { symbol: 'ETH/USDT' });
      ledger.appendIntent(intentOf('a'));
      if (status !== 'INTENT') ledger.appendEvent({ clientOrderId: id('a'), status: 'SENT', at: 1 });
      if (status === 'UNKNOWN') ledger.appendEvent({ clientOrderId: id('a'), status: 'UNKNOWN', at: 2 });
      before.desk.close();

      const desk = executionDesk({ ledger, venue: before.venue });
      expect(desk.orders.frozenSymbols().has(SPOT)).toBe(true);
      expect(await desk.place('b')).toMatchObject({ code: 'symbol-frozen' });
      await desk.orders.resolve();
      expect(desk.statusOf('a')).toBe('CANCELED');
      expect(desk.orders.frozenSymbols().has(SPOT)).toBe(false);
    },
  );

  test('what was never sent needs no patience, and what was sent does', async () => {
    const ledger = new MemoryOrderLedger();
    ledger.appendIntent(intentOf('never'));
    ledger.appendIntent(intentOf('sent', { symbol: 'ETH/USDT' }));
    ledger.appendEvent({ clientOrderId: id('sent'), status: 'SENT', at: 1 });
    const desk = executionDesk({ ledger, profile: DOUBTFUL });
    await desk.orders.resolve();
    expect(desk.orders.order(id('never'))).toMatchObject({ status: 'CANCELED', reason: 'it was never sent' });
    expect(desk.statusOf('sent')).toBe('SENT');
    await desk.timers.pass(15_000);
    expect(desk.statusOf('sent')).toBe('CANCELED');
  });

  test('an order that ended meanwhile, and that the venue has forgotten since, has ended with its fills', async () => {
    const ledger = new MemoryOrderLedger();
    const first = executionDesk({ ledger });
    await first.place('a', { limitPrice: 95, amount: 2 });
    first.desk.close();
    first.venue.step(SPOT, [100, 100, 90, 100], 1);
    await first.venue.exchange.cancel({ ...intentOf('a'), venueOrderId: null });
    const desk = executionDesk({ ledger, venue: first.venue, profile: DOUBTFUL });
    desk.exchange.instead.order = async () => ({ kind: 'cannot-tell', reason: 'purged' });
    await desk.desk.reconcile();
    expect(desk.statusOf('a')).toBe('PARTIALLY_FILLED');
    await desk.timers.pass(60_000);
    expect(desk.statusOf('a')).toBe('CANCELED');
    expect(desk.quantity()).toBe('1');
    expect((await desk.desk.reconcile()).differences).toEqual([]);
  });

  test('an intent that did reach the venue is taken over from its answer', async () => {
    const ledger = new MemoryOrderLedger();
    const first = executionDesk({ ledger });
    ledger.appendIntent(intentOf('a'));
    first.desk.close();
    await first.venue.exchange.submit(intentOf('a'));
    const desk = executionDesk({ ledger, venue: first.venue });
    await desk.orders.resolve();
    expect(desk.statusOf('a')).toBe('OPEN');
    desk.venue.step(SPOT, flat(100));
    expect(desk.quantity()).toBe('1');
  });

  test('#14 working orders go on and freeze nothing', async () => {
    const ledger = new MemoryOrderLedger();
    const first = executionDesk({ ledger });
    await first.place('a', { limitPrice: 95 });
    await first.place('b');
    first.venue.step(SPOT, flat(100), 0.5);
    first.desk.close();
    const desk = executionDesk({ ledger, venue: first.venue });
    expect(desk.orders.frozenSymbols().size).toBe(0);
    expect(desk.orders.unfinished().map(({ status }) => status)).toEqual(['OPEN', 'PARTIALLY_FILLED']);
  });

  test('#16 a position that the restart finds without its stop gets one', async () => {
    const ledger = new MemoryOrderLedger();
    const first = executionDesk({ ledger });
    await first.enter('a', 100);
    first.desk.close();
    const desk = executionDesk({ ledger, venue: first.venue });
    desk.protect(95);
    desk.desk.protectAll();
    await desk.orders.idle();
    expect(desk.stops()).toEqual(['sell 1@95']);
  });

  test('a stop is placed while an order of its symbol is in doubt from before', async () => {
    const ledger = new MemoryOrderLedger();
    const first = executionDesk({ ledger });
    await first.enter('a', 100);
    ledger.appendIntent(intentOf('b'));
    ledger.appendEvent({ clientOrderId: id('b'), status: 'SENT', at: 1 });
    first.desk.close();
    const desk = executionDesk({ ledger, venue: first.venue, profile: DOUBTFUL });
    desk.protect(95);
    await desk.desk.reconcile();
    expect(desk.orders.frozenSymbols().has(SPOT)).toBe(true);
    expect(desk.stops()).toEqual(['sell 1@95']);
  });

  test('a venue that stays silent leaves the symbol frozen, and is asked again', async () => {
    const desk = executionDesk();
    desk.exchange.mute = true;
    desk.exchange.fail('submit');
    await desk.place('a');
    desk.exchange.fail('openOrders', 'before');
    expect((await desk.orders.resolve()).size).toBe(1);
    expect((await desk.orders.resolve()).size).toBe(0);
  });

  test('a fill of an order that ended in an earlier run, told late, is counted', async () => {
    const ledger = new MemoryOrderLedger();
    const first = executionDesk({ ledger });
    await first.place('a', { limitPrice: 95 });
    first.desk.close();
    ledger.appendEvent({ clientOrderId: id('a'), status: 'CANCELED', at: first.venue.clock.now() });
    const desk = executionDesk({ ledger, venue: first.venue });
    desk.venue.step(SPOT, [100, 100, 90, 92]);
    expect(desk.statusOf('a')).toBe('FILLED');
    expect(desk.quantity()).toBe('1');
  });

  test('an order that ended in an earlier run and works at the venue is cancelled there', async () => {
    const ledger = new MemoryOrderLedger();
    const first = executionDesk({ ledger });
    await first.place('a', { limitPrice: 95 });
    first.desk.close();
    ledger.appendEvent({ clientOrderId: id('a'), status: 'CANCELED', at: first.venue.clock.now() });
    const desk = executionDesk({ ledger, venue: first.venue });
    expect((await desk.desk.reconcile()).differences).toEqual([]);
    expect(await desk.there()).toEqual([]);
  });
});
