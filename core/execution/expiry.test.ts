import { describe, expect, test } from 'vitest';
import { executionDesk } from '../../tests/contracts/execution-desk.ts';
import { flat, SPOT } from '../../tests/contracts/simulated-venue.ts';
import { MemoryOrderLedger } from '../storage/index.ts';

const MINUTE_MS = 60_000;

/** A desk at a venue that knows no time of expiry, with an entry that is wanted for one minute. */
async function build() {
  const ledger = new MemoryOrderLedger();
  const desk = executionDesk({ ledger, profile: { goodTillDate: false } });
  // The simulated venue does: it is not told of the time.
  desk.exchange.instead.submit = (intent) => desk.venue.exchange.submit({ ...intent, expiresAt: null });
  const expiresAt = desk.venue.clock.now() + MINUTE_MS;
  await desk.place('a', { limitPrice: 95, expiresAt });
  return { desk, ledger, expiresAt };
}

describe('an entry whose time is up', () => {
  test('is cancelled by the engine where the venue does not end it', async () => {
    const { desk } = await build();
    desk.desk.price(SPOT, 100);
    await desk.orders.idle();
    expect(desk.statusOf('a')).toBe('OPEN');
    desk.venue.step(SPOT, flat(100));
    desk.desk.price(SPOT, 100);
    await desk.orders.idle();
    expect(desk.statusOf('a')).toBe('CANCELED');
    desk.venue.step(SPOT, flat(90));
    expect(desk.quantity()).toBe('0');
  });

  test('is cancelled without a price too, over a gap in the data', async () => {
    const { desk, expiresAt } = await build();
    desk.venue.clock.advanceTo(expiresAt + 21 * 24 * 60 * MINUTE_MS);
    await desk.desk.reconcile();
    await desk.orders.idle();
    expect(desk.statusOf('a')).toBe('CANCELED');
  });

  test('is cancelled until it is gone', async () => {
    const { desk, expiresAt } = await build();
    for (const fault of ['uncertain', 'rate-limited', 'unavailable'] as const) {
      desk.exchange.fail('cancel', 'before', fault);
    }
    desk.venue.clock.advanceTo(expiresAt);
    desk.desk.price(SPOT, 100);
    await desk.timers.pass(5_000);
    expect(desk.statusOf('a')).toBe('CANCELED');
    expect(await desk.there()).toEqual([]);
  });

  test('is known over a restart', async () => {
    const { desk, ledger, expiresAt } = await build();
    desk.desk.close();
    const later = executionDesk({ ledger, venue: desk.venue, profile: { goodTillDate: false } });
    desk.venue.clock.advanceTo(expiresAt);
    later.desk.price(SPOT, 100);
    await later.orders.idle();
    expect(later.statusOf('a')).toBe('CANCELED');
  });

  test('is left alone once it has ended otherwise', async () => {
    const { desk, expiresAt } = await build();
    desk.venue.step(SPOT, [100, 100, 90, 92]);
    expect(desk.statusOf('a')).toBe('FILLED');
    desk.venue.clock.advanceTo(expiresAt);
    desk.desk.price(SPOT, 100);
    await desk.orders.idle();
    expect(desk.calls('cancel')).toBe(0);
  });

  test('is left to the venue where that ends it', async () => {
    const desk = executionDesk();
    const expiresAt = desk.venue.clock.now() + MINUTE_MS;
    await desk.place('a', { limitPrice: 95, expiresAt });
    desk.venue.step(SPOT, flat(100));
    desk.venue.step(SPOT, flat(100));
    desk.desk.price(SPOT, 100);
    await desk.orders.idle();
    expect(desk.calls('cancel')).toBe(0);
    expect(desk.statusOf('a')).toBe('EXPIRED');
  });
});
