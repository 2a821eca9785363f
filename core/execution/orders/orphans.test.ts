import { describe, expect, test } from 'vitest';
import { intentOf } from '../../../tests/contracts/builders.ts';
import { executionDesk } from '../../../tests/contracts/execution-desk.ts';
import { flat, PERPETUAL } from '../../../tests/contracts/simulated-venue.ts';
import { type OrderLedger, text } from '../../domain/index.ts';
import { MemoryOrderLedger } from '../../storage/index.ts';

/** An exit of 10 that an earlier process sent and could not write down; the venue answers for it late. */
async function orphaned() {
  const ledger: OrderLedger = new MemoryOrderLedger();
  const before = executionDesk({ ledger, symbols: [PERPETUAL] });
  await before.enter('entry', 100, { symbol: PERPETUAL, amount: 10 });
  before.desk.close();
  const id = before.ids.make({ symbol: PERPETUAL, time: 0, purpose: 'exit', ordinal: 0 });
  const desk = executionDesk({ ledger, venue: before.venue, symbols: [PERPETUAL] });
  desk.exchange.instead.order = async () => ({ kind: 'absent' });
  await desk.venue.exchange.submit(
    intentOf(id, { symbol: PERPETUAL, side: 'sell', amount: 10, purpose: 'exit', reduceOnly: true }),
  );
  desk.venue.step(PERPETUAL, flat(100), 3);
  await desk.timers.pass(1_000);
  const amounts = () => {
    const order = ledger.order(id);
    return order && [order.status, text(order.filledAmount), text(order.amount)];
  };
  return { desk, id, amounts };
}

describe('an order that only its fills tell of', () => {
  test('is taken for what they add up to, however many come', async () => {
    const { desk, amounts } = await orphaned();
    expect(amounts()).toEqual(['FILLED', '3', '3']);
    desk.venue.step(PERPETUAL, flat(100), 2);
    desk.venue.step(PERPETUAL, flat(100), 5);
    await desk.timers.pass(60_000);
    expect(amounts()).toEqual(['FILLED', '10', '10']);
    expect(desk.quantity(PERPETUAL)).toBe('0');
    expect(desk.orders.frozenSymbols().size).toBe(0);
  });

  test('is cancelled when the venue turns out to work the rest of it', async () => {
    const { desk, id, amounts } = await orphaned();
    expect(await desk.there()).toEqual([id]);
    delete desk.exchange.instead.order;
    await desk.desk.reconcile();
    await desk.timers.pass(60_000);
    expect(await desk.there()).toEqual([]);
    expect(amounts()).toEqual(['FILLED', '3', '3']);
    expect(desk.quantity(PERPETUAL)).toBe('7');
    expect((await desk.desk.reconcile()).differences).toEqual([]);
  });
});
