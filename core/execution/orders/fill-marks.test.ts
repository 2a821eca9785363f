import { expect, test } from 'vitest';
import { intentOf } from '../../../tests/contracts/builders.ts';
import { executionDesk } from '../../../tests/contracts/execution-desk.ts';
import { flat, PERPETUAL, testVenue } from '../../../tests/contracts/simulated-venue.ts';
import { MemoryOrderLedger, MemoryStateStore } from '../../storage/index.ts';

/** A process that reads an hour of fills, three by three, and the one that starts when it has ended. */
function build() {
  const venue = testVenue({ fillsPageSize: 3 });
  venue.step(PERPETUAL, flat(100));
  const ledger = new MemoryOrderLedger();
  const state = new MemoryStateStore();
  const start = () => executionDesk({ venue, ledger, state, symbols: [PERPETUAL] });
  /** Trades of one unit a minute, which nobody here is told of when they happen. */
  const trade = async (desk: ReturnType<typeof start>, idOf: (place: number) => string): Promise<void> => {
    desk.exchange.mute = true;
    for (let place = 0; place < 60; place += 1) {
      await venue.exchange.submit(intentOf(idOf(place), { symbol: PERPETUAL }));
      venue.step(PERPETUAL, flat(100));
    }
    desk.exchange.mute = false;
  };
  return { ledger, state, start, trade };
}

test('fills that the ledger would not take are asked for again by the next process', async () => {
  const { ledger, start, trade } = build();
  const desk = start();
  await desk.enter('first', 100, { symbol: PERPETUAL });
  await trade(desk, (place) =>
    desk.ids.make({ symbol: PERPETUAL, time: place * 1_000, purpose: 'entry', ordinal: 0 }),
  );
  const { appendFill } = ledger;
  ledger.appendFill = () => {
    throw new Error('database is locked');
  };
  await desk.orders.inquiry.replayFills(PERPETUAL);
  await desk.timers.pass(1_000);
  await desk.orders.inquiry.replayFills(PERPETUAL);
  expect(desk.quantity(PERPETUAL)).toBe('61');
  desk.desk.close();
  ledger.appendFill = appendFill;

  const next = start();
  await next.orders.inquiry.replayFills(PERPETUAL);
  await next.timers.pass(1_000);
  expect(next.quantity(PERPETUAL)).toBe('61');
});

test('so are fills of which it was not known whose they are', async () => {
  const { start, trade } = build();
  const desk = start();
  await desk.enter('first', 100, { symbol: PERPETUAL });
  await trade(desk, (place) => `by-hand-${place}`);
  await desk.orders.inquiry.replayFills(PERPETUAL);
  expect(desk.quantity(PERPETUAL)).toBe('1');
  desk.desk.close();

  const next = start();
  await next.orders.inquiry.replayFills(PERPETUAL);
  await next.timers.pass(1_000);
  expect(next.quantity(PERPETUAL)).toBe('61');
});

test('what is in the books is not asked for again', async () => {
  const { start, trade } = build();
  const desk = start();
  await desk.enter('first', 100, { symbol: PERPETUAL });
  await desk.place('working', { symbol: PERPETUAL, limitPrice: 50 });
  await trade(desk, (place) => `by-hand-${place}`);
  await desk.orders.inquiry.replayFills(PERPETUAL);
  await desk.timers.pass(1_000);
  await desk.orders.inquiry.replayFills(PERPETUAL);
  expect(desk.quantity(PERPETUAL)).toBe('61');
  desk.desk.close();

  const next = start();
  await next.orders.inquiry.replayFills(PERPETUAL);
  // The last ten minutes, of an hour.
  expect(next.calls('fills')).toBeLessThan(6);
  expect(next.quantity(PERPETUAL)).toBe('61');
});
