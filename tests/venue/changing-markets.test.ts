import { describe, expect, it } from 'vitest';
import { FAULTS, type FaultName } from './faults/fault.ts';
import { seededFaults } from './faults/seeded-faults.ts';
import { failure, onFutures, onSpot } from './testing/with-venue.ts';

const BTC = 'BTC/USDT';

describe('markets that close and change', () => {
  it('in maintenance take no orders and do not trade, and come back', async () => {
    const { venue, exchange } = await onSpot();
    venue.faults.raise({ name: 'maintenance', on: 'BTCUSDT', forMs: 30_000 });
    expect((await failure(exchange.createOrder(BTC, 'market', 'buy', 0.01))).message).toContain(
      'Market is closed',
    );
    await exchange.loadMarkets(true);
    expect(exchange.market(BTC)).toMatchObject({ active: false, info: { status: 'BREAK' } });
    const before = venue.market(BTC).trades.length;
    await venue.advance(29_000);
    expect(venue.market(BTC).trades.length).toBe(before);
    await venue.advance(5_000);
    expect(venue.market(BTC).trades.length).toBeGreaterThan(before);
    expect((await exchange.createOrder(BTC, 'market', 'buy', 0.01)).status).toBe('closed');
  });

  it('that are delisted vanish, and their orders have ended', async () => {
    const { venue, exchange } = await onSpot({ symbols: [BTC, 'ETH/USDT'] });
    const { id } = await exchange.createOrder(BTC, 'limit', 'buy', 0.01, 50_000);
    venue.faults.raise({ name: 'delisted', on: 'BTCUSDT' });
    expect((await failure(exchange.fetchOrder(`${id}`, BTC))).message).toContain('Invalid symbol');
    expect(venue.openOrders()).toEqual([]);
    expect((await exchange.fetchBalance())['USDT']).toEqual({ free: 10_000, used: 0, total: 10_000 });
    await exchange.loadMarkets(true);
    expect(Object.keys(exchange.markets ?? {})).toEqual(['ETH/USDT']);
  });

  it('with changed filters refuse what was fine before', async () => {
    const { venue, exchange } = await onSpot();
    const { id } = await exchange.createOrder(BTC, 'limit', 'buy', 0.00101, 50_000.01);
    venue.faults.raise({ name: 'filters-changed', on: 'BTCUSDT' });
    const again = await failure(exchange.createOrder(BTC, 'limit', 'buy', 0.00101, 50_000.01));
    expect(again.message).toContain('PRICE_FILTER');
    expect((await exchange.fetchOpenOrders(BTC)).map((order) => order.id)).toEqual([id]);
  });

  it('are as before when the last of several changes has ended, in whatever order', async () => {
    const { venue } = await onSpot();
    const { symbol } = venue.market(BTC);
    const { filters } = symbol;
    venue.faults.raise({ name: 'filters-changed', forMs: 5_000 });
    venue.faults.raise({ name: 'filters-changed', forMs: 10_000 });
    expect(symbol.filters.tickSize.toFixed()).toBe('0.1');
    venue.faults.raise({ name: 'maintenance', forMs: 10_000 });
    venue.faults.raise({ name: 'maintenance', forMs: 5_000 });
    await venue.advance(5_000);
    expect([symbol.filters.tickSize.toFixed(), symbol.status]).toEqual(['0.1', 'BREAK']);
    await venue.advance(5_000);
    expect([symbol.filters, symbol.status]).toEqual([filters, 'TRADING']);
  });

  it('C14 refuse stops when they are told to, and beyond five of them', async () => {
    const spot = await onSpot({ accounts: [{ balances: { USDT: '1000', BTC: '1' } }] });
    const stop = () =>
      spot.exchange.createOrder(BTC, 'market', 'sell', 0.01, undefined, { stopLossPrice: 59_000 });
    spot.venue.faults.raise({ name: 'stop-refused' });
    expect((await failure(stop())).message).toContain('Invalid orderType');
    for (let count = 0; count < 5; count += 1) await stop();
    expect((await failure(stop())).message).toContain('MAX_NUM_ALGO_ORDERS');
    const futures = await onFutures();
    futures.venue.faults.raise({ name: 'stop-refused' });
    const refused = futures.exchange.createOrder(`${BTC}:USDT`, 'market', 'sell', 0.01, undefined, {
      stopLossPrice: 59_000,
    });
    expect((await failure(refused)).message).toContain('-1116');
  });
});

describe('faults on a schedule', () => {
  it('come at their time, last as long as they should, and are written down', async () => {
    const faults = [{ name: 'bad-gateway', at: 5_000, forMs: 2_000 } as const];
    const { venue, exchange } = await onSpot({ faults });
    await exchange.fetchBalance();
    await venue.advance(5_500);
    await failure(exchange.fetchBalance());
    await failure(exchange.fetchBalance());
    await venue.advance(2_000);
    await exchange.fetchBalance();
    expect(venue.faults.strikes).toHaveLength(2);
  });

  it('are the same for the same seed', () => {
    // The names of a literal object are its keys.
    const names = Object.keys(FAULTS) as FaultName[];
    const first = seededFaults(3, 30 * 60_000, names);
    expect(first.length).toBeGreaterThan(60);
    expect(new Set(first.map(({ name }) => name)).size).toBeGreaterThan(15);
    expect(seededFaults(3, 30 * 60_000, names)).toEqual(first);
    expect(seededFaults(4, 30 * 60_000, names)).not.toEqual(first);
  });
});
