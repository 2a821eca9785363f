import { describe, expect, it } from 'vitest';
import type { Fault } from './faults/fault.ts';
import { failure, onFutures, onSpot, until, watched } from './testing/with-venue.ts';

const BTC = 'BTC/USDT';
const PERPETUAL = 'BTC/USDT:USDT';
const ORDER = 'POST /api/v3/order';

describe('answers that are lost, cut, late or wrong', () => {
  it('a lost answer leaves an order that was carried out', async () => {
    const { venue, exchange } = await onSpot();
    venue.faults.raise({ name: 'lost-answer', on: ORDER });
    const sent = exchange.createOrder(BTC, 'market', 'buy', 0.01, undefined, { clientOrderId: 'lost' });
    expect((await failure(sent)).name).toMatch(/NetworkError|ExchangeNotAvailable|RequestTimeout/);
    expect(venue.fills()).toHaveLength(1);
    const found = await exchange.fetchOrder('', BTC, { clientOrderId: 'lost' });
    expect(found).toMatchObject({ status: 'closed', filled: 0.01 });
    expect(venue.faults.strikes.map(({ name }) => name)).toEqual(['lost-answer']);
  });

  it('a lost request leaves nothing', async () => {
    const { venue, exchange } = await onSpot();
    venue.faults.raise({ name: 'lost-request', on: ORDER });
    await failure(exchange.createOrder(BTC, 'market', 'buy', 0.01));
    expect(venue.orders()).toEqual([]);
  });

  it('V2 C4 a client id may be used again once its first order has filled, and buys again', async () => {
    const { venue, exchange } = await onSpot();
    for (const _ of [1, 2])
      await exchange.createOrder(BTC, 'market', 'buy', 0.01, undefined, { clientOrderId: 'same' });
    expect(venue.fills()).toHaveLength(2);
  });

  it('C4 a late request arrives after the answer that there is no such order', async () => {
    const { venue, exchange } = await onSpot();
    venue.faults.raise({ name: 'late-request', on: ORDER, ms: 3_000 });
    const sent = watched(
      exchange.createOrder(BTC, 'market', 'buy', 0.01, undefined, { clientOrderId: 'late' }),
    );
    await until(venue, () => venue.faults.strikes.length === 1);
    const asked = exchange.fetchOrder('', BTC, { clientOrderId: 'late' });
    expect((await failure(asked)).message).toContain('-2013');
    await venue.advance(3_000);
    await until(venue, () => sent.done);
    expect(venue.fills()).toHaveLength(1);
  });

  it('a request later than its receive window is refused', async () => {
    const { venue, exchange } = await onSpot({}, { options: { recvWindow: 2_000 } });
    venue.faults.raise({ name: 'late-request', on: ORDER, ms: 3_000 });
    const sent = watched(exchange.createOrder(BTC, 'market', 'buy', 0.01));
    await until(venue, () => venue.faults.strikes.length === 1);
    await venue.advance(3_000);
    await until(venue, () => sent.done);
    expect(`${sent.error}`).toContain('-1021');
    expect(venue.orders()).toEqual([]);
  });

  it('a cut body with HTTP 200 becomes orders without id and coins that are not there', async () => {
    const { venue, exchange } = await onSpot();
    await exchange.createOrder(BTC, 'limit', 'buy', 0.01, 50_000);
    venue.faults.raise({ name: 'cut-json', on: 'GET /api/v3/openOrders' });
    const listed = await exchange.fetchOpenOrders(BTC);
    expect(listed.filter(({ id, status }) => id !== undefined || status !== undefined)).toEqual([]);
    venue.faults.raise({ name: 'cut-json', on: 'GET /api/v3/account' });
    expect((await exchange.fetchBalance())['USDT']).toBeUndefined();
    venue.faults.raise({ name: 'cut-json', on: ORDER });
    const placed = await exchange
      .createOrder(BTC, 'limit', 'buy', 0.01, 50_000)
      .catch(({ name }: Error) => ({ name }));
    expect(placed).not.toHaveProperty('status', 'open');
    expect(venue.openOrders()).toHaveLength(2);
  });

  it.each<[Fault['name'], string, boolean]>([
    ['unknown-outcome', 'OperationFailed', true],
    ['timeout', 'RequestTimeout', false],
    ['bad-gateway', 'ExchangeNotAvailable', false],
    ['too-many-requests', 'DDoSProtection', false],
    ['banned', 'DDoSProtection', false],
  ])('%s is told as %s', async (name, error, isCarriedOut) => {
    const { venue, exchange } = await onSpot();
    venue.faults.raise({ name, on: ORDER });
    const failed = await failure(exchange.createOrder(BTC, 'market', 'buy', 0.01));
    expect(failed.name).toBe(error);
    expect(venue.fills()).toHaveLength(isCarriedOut ? 1 : 0);
  });

  it('C15 says in a header how long to wait after a 429', async () => {
    const { venue, exchange } = await onSpot();
    venue.faults.raise({ name: 'too-many-requests', ms: 7_000 });
    await failure(exchange.fetchOpenOrders(BTC));
    expect(exchange.last_response_headers).toHaveProperty('Retry-After', '7');
  });

  it('shuts out who uses up the weight of a minute, and bans who goes on', async () => {
    const { venue, exchange } = await onSpot();
    const status = async () => {
      await failure(exchange.fetchOpenOrders(BTC));
      return venue.requests.at(-1)?.status;
    };
    let calls = 0;
    while (venue.requests.at(-1)?.status !== 429) {
      calls += 1;
      await exchange.fetchOrders(BTC).catch(() => undefined);
    }
    expect(calls).toBe(298);
    for (let call = 0; call < 9; call += 1) expect(await status()).toBe(429);
    expect(await status()).toBe(418);
    await venue.advance(60_000);
    expect(await status()).toBe(418);
    await venue.advance(60_000);
    expect(await exchange.fetchOpenOrders(BTC)).toEqual([]);
  });

  it('C13 a revoked key is -2015, which looks like a rate limit after the first good call', async () => {
    const { venue, exchange } = await onSpot();
    await exchange.fetchBalance();
    venue.faults.raise({ name: 'key-revoked' });
    const failed = await failure(exchange.fetchBalance());
    expect(failed).toMatchObject({ name: 'DDoSProtection' });
    expect(failed.message).toContain('-2015');
  });

  it('a clock that is off is -1021', async () => {
    const { venue, exchange } = await onSpot();
    venue.faults.raise({ name: 'clock-skew', ms: 12_000, forMs: 10_000 });
    expect((await failure(exchange.fetchBalance())).message).toContain('-1021');
    expect(await exchange.fetchTime()).toBe(venue.now() + 12_000);
    await venue.advance(10_000);
    await exchange.fetchBalance();
    venue.faults.raise({ name: 'clock-skew', ms: -1_500, forMs: 10_000 });
    expect((await failure(exchange.fetchBalance())).message).toContain('-1021');
  });

  it('V1 lists lag behind the matching: an order that filled is not found, and its coins are not there', async () => {
    const { venue, exchange } = await onSpot();
    venue.faults.raise({ name: 'list-lag', ms: 4_000, forMs: 60_000 });
    const { id } = await exchange.createOrder(BTC, 'market', 'buy', 0.01);
    expect((await failure(exchange.fetchOrder(`${id}`, BTC))).message).toContain('-2013');
    expect(await exchange.fetchMyTrades(BTC)).toEqual([]);
    expect((await exchange.fetchBalance())['USDT']?.total).toBe(10_000);
    await venue.advance(4_000);
    expect((await exchange.fetchOrder(`${id}`, BTC)).status).toBe('closed');
    expect(await exchange.fetchMyTrades(BTC)).toHaveLength(1);
  });

  it('positions lag too: one that was closed is still there', async () => {
    const { venue, exchange } = await onFutures();
    await exchange.createOrder(PERPETUAL, 'market', 'buy', 0.02);
    await venue.advance(5_000);
    venue.faults.raise({ name: 'list-lag', ms: 4_000, forMs: 60_000 });
    await exchange.createOrder(PERPETUAL, 'market', 'sell', 0.02, undefined, { reduceOnly: true });
    expect(await exchange.fetchPositions([PERPETUAL])).toMatchObject([{ contracts: 0.02 }]);
    await venue.advance(4_000);
    expect(await exchange.fetchPositions([PERPETUAL])).toEqual([]);
  });

  it('C3 a price given to a spot market order changes its size', async () => {
    const { venue, exchange } = await onSpot();
    await exchange.createOrder(BTC, 'market', 'buy', 0.01, 63_000);
    expect(venue.fills()[0]?.amount.toNumber()).toBeGreaterThan(0.01);
  });

  it('old orders are forgotten, their fills are not', async () => {
    const { venue, exchange } = await onSpot();
    const { id } = await exchange.createOrder(BTC, 'market', 'buy', 0.01);
    await venue.advance(20_000);
    venue.faults.raise({ name: 'orders-purged', ms: 10_000, forMs: 60_000 });
    expect((await failure(exchange.fetchOrder(`${id}`, BTC))).message).toContain('-2013');
    expect((await exchange.fetchMyTrades(BTC))[0]?.order).toBe(id);
  });

  it('C16 cancelling nothing is an error on spot and a success on futures', async () => {
    const spot = await onSpot();
    expect((await failure(spot.exchange.cancelAllOrders(BTC))).name).toBe('OrderNotFound');
    const futures = await onFutures();
    expect(await futures.exchange.cancelAllOrders(PERPETUAL)).toHaveLength(1);
  });

  it('C8 a spot cancel answers with a client id that nobody knows', async () => {
    const { exchange } = await onSpot();
    const { id } = await exchange.createOrder(BTC, 'limit', 'buy', 0.01, 50_000, { clientOrderId: 'mine' });
    const cancelled = await exchange.cancelOrder(`${id}`, BTC);
    expect(cancelled.clientOrderId).not.toBe('mine');
    expect(cancelled.info['origClientOrderId']).toBe('mine');
  });

  it('fills are told for a day at a time on spot and a week on futures', async () => {
    const spot = await onSpot();
    const start = spot.venue.now();
    const days = (count: number) => ({ startTime: start, endTime: start + count * 86_400_000 });
    expect(
      (await failure(spot.exchange.fetchMyTrades(BTC, undefined, undefined, days(2)))).message,
    ).toContain('-1127');
    const futures = await onFutures();
    await futures.exchange.fetchMyTrades(PERPETUAL, undefined, undefined, days(7));
    const asked = futures.exchange.fetchMyTrades(PERPETUAL, undefined, undefined, days(8));
    expect((await failure(asked)).message).toContain('-4165');
  });

  it('fills come in pages of 500 from an id on', async () => {
    const { venue, exchange } = await onSpot({ accounts: [{ balances: { USDT: '100000' } }] });
    for (let round = 0; round < 300; round += 1) {
      venue.hand().buy(BTC, '0.001');
      venue.hand().sell(BTC, '0.0009');
    }
    const all = venue.fills();
    const first = await exchange.fetchMyTrades(BTC, venue.now() - 1);
    expect(first.map(({ id }) => id)).toEqual(all.slice(0, 500).map(({ tradeId }) => `${tradeId}`));
    const next = await exchange.fetchMyTrades(BTC, undefined, undefined, {
      fromId: Number(first.at(-1)?.id) + 1,
    });
    expect(next).toHaveLength(all.length - 500);
  });
});
