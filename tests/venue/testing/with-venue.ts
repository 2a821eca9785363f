import type { Exchange } from 'ccxt';
import { onTestFinished } from 'vitest';
import { startVenue, type VenueOptions } from '../start-venue.ts';
import type { Venue } from '../venue.ts';
import { futuresClient, type Settings, spotClient } from './ccxt-client.ts';

const GIVES_UP_MS = 10_000;

/** A venue that ends with the test. */
export async function testVenue(options: VenueOptions = {}): Promise<Venue> {
  const venue = await startVenue({ historyBars: 120, ...options });
  onTestFinished(() => venue.close());
  return venue;
}

const closed = <T extends Exchange>(exchange: T): T => {
  onTestFinished(async () => {
    await exchange.close();
  });
  return exchange;
};

/** ccxt's own spot class on a venue, markets loaded; both end with the test. */
export async function onSpot(options: VenueOptions = {}, settings: Settings = {}) {
  const venue = await testVenue({ symbols: ['BTC/USDT'], ...options });
  const exchange = closed(await spotClient(venue, settings));
  await exchange.loadMarkets();
  return { venue, exchange };
}

/** ccxt's own class for USD-M futures on a venue, markets loaded. */
export async function onFutures(options: VenueOptions = {}, settings: Settings = {}) {
  const venue = await testVenue({ symbols: ['BTC/USDT'], dialect: 'binance-usdm', ...options });
  const exchange = closed(await futuresClient(venue, settings));
  await exchange.loadMarkets();
  return { venue, exchange };
}

/** Lets what is on its way arrive, until it has. @throws when it does not. */
export async function until(venue: Venue, condition: () => boolean): Promise<void> {
  // The real clock is a watchdog here and decides nothing: ccxt waits a moment of it before it connects again.
  const givesUpAt = performance.now() + GIVES_UP_MS;
  while (performance.now() < givesUpAt) {
    if (condition()) return;
    await venue.settle(1);
  }
  throw new Error(`it does not come: ${condition}`);
}

/** Lets venue time pass second by second until something is there. */
export async function passUntil(venue: Venue, condition: () => boolean): Promise<void> {
  for (let second = 0; second < 120 && !condition(); second += 1) await venue.advance(1_000);
  await until(venue, condition);
}

/** What a promise came to, for who cannot await it before time passes. */
export function watched<T>(promise: Promise<T>): { value: T | undefined; error: unknown; done: boolean } {
  const seen: { value: T | undefined; error: unknown; done: boolean } = {
    ...{ value: undefined, error: undefined, done: false },
  };
  promise.then(
    (value) => Object.assign(seen, { value, done: true }),
    (error: unknown) => Object.assign(seen, { error, done: true }),
  );
  return seen;
}

/** How a call failed. */
export async function failure(call: Promise<unknown>): Promise<{ name: string; message: string }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error) return { name: error.constructor.name, message: error.message };
  }
  throw new Error('it did not fail');
}
