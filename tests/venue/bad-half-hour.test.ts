import type { Exchange } from 'ccxt';
import { expect, it } from 'vitest';
import { FAULTS, type FaultName } from './faults/fault.ts';
import { seededFaults } from './faults/seeded-faults.ts';
import { onFutures, onSpot, passUntil, watched } from './testing/with-venue.ts';
import type { Venue } from './venue.ts';

const HALF_AN_HOUR_MS = 30 * 60_000;
// The names of a literal object are its keys.
const NAMES = Object.keys(FAULTS) as FaultName[];

/** A client without patience: it asks, orders and cancels, and does not care how it ends. */
async function tradeThrough(venue: Venue, exchange: Exchange, symbol: string): Promise<void> {
  const calls: { done: boolean; error: unknown }[] = [];
  const opensAt = venue.now();
  for (let round = 0; venue.now() < opensAt + HALF_AN_HOUR_MS; round += 1) {
    const side = round % 2 === 0 ? 'buy' : 'sell';
    const price = venue.market(symbol).fair * (side === 'buy' ? 0.999 : 1.001);
    calls.push(watched(exchange.createOrder(symbol, 'market', side, 0.005)));
    if (round % 3 === 0) calls.push(watched(exchange.createOrder(symbol, 'limit', side, 0.003, price)));
    if (round % 10 === 9) calls.push(watched(exchange.cancelAllOrders(symbol)));
    if (round % 7 === 0) calls.push(watched(exchange.fetchOHLCV(symbol, '1m')));
    await venue.advance(10_000, 2_000);
  }
  venue.faults.clear();
  // Whatever is still on its way arrives before anybody counts.
  await passUntil(venue, () => calls.every(({ done, error }) => done || error !== undefined));
}

it.each(['binance-spot', 'binance-usdm'] as const)(
  'half an hour of faults on %s neither makes nor loses money, and every fill is told afterwards',
  async (dialect) => {
    const faults = seededFaults(5, HALF_AN_HOUR_MS, NAMES);
    const options = { seed: 5, faults };
    const { venue, exchange } = dialect === 'binance-spot' ? await onSpot(options) : await onFutures(options);
    const symbol = dialect === 'binance-spot' ? 'BTC/USDT' : 'BTC/USDT:USDT';
    await tradeThrough(venue, exchange, symbol);
    expect(venue.faults.strikes.length).toBeGreaterThan(10);
    await venue.advance(60_000, 10_000);
    expect([...venue.imbalance()].filter(([, amount]) => !amount.isZero())).toEqual([]);
    const told = await exchange.fetchMyTrades(symbol, undefined, 1_000);
    expect(told.map(({ id, order }) => `${id} ${order}`)).toEqual(
      venue.fills().map(({ tradeId, orderId }) => `${tradeId} ${orderId}`),
    );
    expect(told.length).toBeGreaterThan(100);
    const open = await exchange.fetchOpenOrders(symbol);
    expect(open.map(({ id }) => Number(id))).toEqual(venue.openOrders().map(({ id }) => id));
  },
);
