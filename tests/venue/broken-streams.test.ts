import { describe, expect, it } from 'vitest';
import { onFutures, onSpot, passUntil, until, watched } from './testing/with-venue.ts';
import type { Venue } from './venue.ts';

const BTC = 'BTC/USDT';
const PERPETUAL = 'BTC/USDT:USDT';

/** Until the user stream is there and its answer has been read. */
async function listening(venue: Venue): Promise<void> {
  await until(venue, () => venue.listening.includes('user trader'));
  await venue.settle(20);
}

describe('streams that end, stutter and fall silent', () => {
  it('C19 a spot user stream that was ended is deaf and silent, and a new watch call revives it', async () => {
    const { venue, exchange } = await onSpot();
    const orders = watched(exchange.watchOrders());
    await listening(venue);
    venue.faults.raise({ name: 'user-stream-expired' });
    await venue.settle(20);
    await exchange.createOrder(BTC, 'market', 'buy', 0.01);
    await venue.settle(50);
    expect(orders.done).toBe(false);
    const trades = watched(exchange.watchMyTrades());
    await listening(venue);
    await exchange.createOrder(BTC, 'market', 'buy', 0.01);
    await until(venue, () => orders.done && trades.done);
  });

  it('C19 an expired listen key leaves an open socket that says nothing more', async () => {
    const { venue, exchange } = await onFutures({ mood: { stepMs: 60_000 } });
    const orders = watched(exchange.watchOrders(PERPETUAL));
    await listening(venue);
    await venue.advance(61 * 60_000, 60_000);
    expect(venue.listening).not.toContain('user trader');
    await exchange.createOrder(PERPETUAL, 'market', 'buy', 0.01);
    await venue.settle(50);
    expect(orders.done).toBe(false);
    expect(venue.sockets).toBe(1);
  });

  it('C22 a futures user stream opens with a wrong secret; a signed call does not', async () => {
    const { venue, exchange } = await onFutures();
    exchange.secret = 'wrong';
    exchange.options['watchPositions'] = { fetchPositionsSnapshot: false, awaitPositionsSnapshot: false };
    const orders = watched(exchange.watchOrders(PERPETUAL));
    await listening(venue);
    expect(orders.error).toBeUndefined();
    await expect(exchange.fetchBalance()).rejects.toThrow('-1022');
  });

  it('a listen key that is kept alive lives on', async () => {
    const { venue, exchange } = await onFutures({ mood: { stepMs: 60_000 } });
    const orders = watched(exchange.watchOrders(PERPETUAL));
    await listening(venue);
    for (let hour = 0; hour < 2; hour += 1) {
      await venue.advance(50 * 60_000, 60_000);
      await exchange['fapiPrivatePutListenKey']();
    }
    await exchange.createOrder(PERPETUAL, 'market', 'buy', 0.01);
    await until(venue, () => orders.done);
  });

  it('C5 a late event takes a filled order back to open', async () => {
    const { venue, exchange } = await onSpot();
    const states: unknown[] = [];
    const first = watched(exchange.watchOrders());
    await listening(venue);
    venue.faults.raise({ name: 'late-events', on: '"x":"NEW"', ms: 2_000 });
    await exchange.createOrder(BTC, 'market', 'buy', 0.01);
    await until(venue, () => first.done);
    states.push(first.value?.at(-1)?.status);
    const next = watched(exchange.watchOrders());
    await venue.advance(2_000);
    await until(venue, () => next.done);
    states.push(next.value?.at(-1)?.status);
    expect(states).toEqual(['closed', 'open']);
  });

  it('reordered events do the same at once', async () => {
    const { venue, exchange } = await onSpot();
    const told = watched(exchange.watchOrders());
    await listening(venue);
    venue.faults.raise({ name: 'reordered-events', on: '"x":"NEW"' });
    await exchange.createOrder(BTC, 'market', 'buy', 0.01);
    await until(venue, () => told.done);
    await venue.settle(20);
    expect(exchange.orders?.at(-1)?.status).toBe('open');
    expect(venue.orders()[0]?.states.at(-1)?.status).toBe('FILLED');
  });

  it('C5 a doubled fill event is told twice', async () => {
    const { venue, exchange } = await onSpot();
    const orders = watched(exchange.watchOrders());
    const trades = watched(exchange.watchMyTrades());
    await listening(venue);
    venue.faults.raise({ name: 'duplicate-events', on: '"x":"TRADE"' });
    await exchange.createOrder(BTC, 'market', 'buy', 0.01);
    await until(venue, () => orders.done && trades.done);
    await venue.settle(20);
    expect(venue.fills()).toHaveLength(1);
    expect(exchange.orders?.at(-1)?.trades).toHaveLength(2);
  });

  it('an event may never come; the fill is in the list', async () => {
    const { venue, exchange } = await onSpot();
    const trades = watched(exchange.watchMyTrades());
    await listening(venue);
    venue.faults.raise({ name: 'lost-events', on: '"x":"TRADE"' });
    await exchange.createOrder(BTC, 'market', 'buy', 0.01);
    await venue.settle(50);
    expect(trades.done).toBe(false);
    expect(await exchange.fetchMyTrades(BTC)).toHaveLength(1);
  });

  it('C10 eighty fills of one order come as few order updates and all eighty trades', async () => {
    const { venue, exchange } = await onSpot({
      accounts: [{}, { name: 'two', apiKey: 'two', balances: { BTC: '1' } }],
    });
    const [bid] = venue.book(BTC).bids;
    const at = bid?.price.plus('0.01').toFixed() ?? '0';
    for (let part = 0; part < 80; part += 1) venue.hand('two').limit(BTC, 'sell', '0.0001', at);
    const orders = watched(exchange.watchOrders());
    const trades = watched(exchange.watchMyTrades());
    await listening(venue);
    await exchange.createOrder(BTC, 'limit', 'buy', 0.008, Number(at));
    await until(venue, () => orders.done && trades.done && exchange.myTrades?.length === 80);
    expect(exchange.orders).toHaveLength(1);
  });

  it('C25 a missing depth update is noticed once, and the book starts over', async () => {
    const { venue, exchange } = await onSpot();
    const first = watched(exchange.watchOrderBook(BTC));
    await until(venue, () => first.done);
    for (let update = 0; update < 3; update += 1) {
      const next = watched(exchange.watchOrderBook(BTC));
      await passUntil(venue, () => next.done);
    }
    venue.faults.raise({ name: 'missing-depth-update' });
    const gap = watched(exchange.watchOrderBook(BTC));
    await passUntil(venue, () => gap.error !== undefined || gap.done);
    const seen = gap.error ?? (await exchange.watchOrderBook(BTC).catch((error: unknown) => error));
    expect(seen).toHaveProperty('name', 'ChecksumError');
    const again = watched(exchange.watchOrderBook(BTC));
    await passUntil(venue, () => again.done);
    expect(again.value?.bids.length).toBeGreaterThan(5);
  });

  it('a dropped socket is a NetworkError, and the next call subscribes again', async () => {
    const { venue, exchange } = await onSpot();
    const trades = watched(exchange.watchTrades(BTC));
    await until(venue, () => venue.listening.includes('btcusdt@trade'));
    venue.faults.raise({ name: 'dropped-sockets' });
    await until(venue, () => trades.error !== undefined);
    expect(trades.error).toHaveProperty('name', 'NetworkError');
    const again = watched(exchange.watchTrades(BTC));
    await until(venue, () => venue.listening.includes('btcusdt@trade'));
    await passUntil(venue, () => again.done);
  });

  it('a half-open socket says nothing and answers no ping, until it speaks again', async () => {
    const { venue, exchange } = await onSpot();
    const trades = watched(exchange.watchTrades(BTC));
    await until(venue, () => venue.listening.includes('btcusdt@trade'));
    venue.faults.raise({ name: 'half-open-sockets', forMs: 30_000 });
    await venue.advance(29_000);
    expect([trades.done, trades.error, venue.sockets]).toEqual([false, undefined, 1]);
    await passUntil(venue, () => trades.done);
  });

  it('C20 a half-open socket is given up by a class that pings often', async () => {
    const { venue, exchange } = await onSpot({}, { streaming: { keepAlive: 60 } });
    const trades = watched(exchange.watchTrades(BTC));
    await until(venue, () => venue.listening.includes('btcusdt@trade'));
    venue.faults.raise({ name: 'half-open-sockets' });
    await expect
      .poll(() => trades.error, { interval: 20, timeout: 3_000 })
      .toHaveProperty('name', 'RequestTimeout');
  });

  it('C23 a garbage frame rejects what waits on its socket with an error of no kind of ccxt’s', async () => {
    const { venue, exchange } = await onSpot();
    const lines: unknown[] = [];
    exchange.log = (...words: unknown[]) => lines.push(words);
    const trades = watched(exchange.watchTrades(BTC));
    await until(venue, () => venue.listening.includes('btcusdt@trade'));
    venue.faults.raise({ name: 'garbage-frame' });
    await until(venue, () => trades.error !== undefined);
    expect(lines.length).toBeGreaterThan(0);
    expect(trades.error).not.toHaveProperty('name', 'NetworkError');
  });
});
