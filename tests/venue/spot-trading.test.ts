import { describe, expect, it } from 'vitest';
import { text } from '../../core/domain/index.ts';
import { failure, onSpot } from './testing/with-venue.ts';

const BTC = 'BTC/USDT';

describe('ccxt’s own binance class on the local venue', () => {
  it('loads markets with their filters, currencies, fees and the balance', async () => {
    const { exchange } = await onSpot();
    const market = exchange.market(BTC);
    expect(market.precision).toMatchObject({ price: 0.01, amount: 0.00001 });
    expect(market.limits.cost?.min).toBe(5);
    expect(exchange.currencies).toHaveProperty('BTC');
    expect(await exchange.fetchTradingFee(BTC)).toMatchObject({ maker: 0.001, taker: 0.001 });
    expect((await exchange.fetchBalance())['USDT']).toEqual({ free: 10_000, used: 0, total: 10_000 });
    expect(await exchange.fetchTime()).toBe(Date.UTC(2025, 0, 1));
  });

  it.each([true, false])('tells whether the key may withdraw: %s', async (withdrawals) => {
    const { exchange } = await onSpot({ accounts: [{ withdrawals }] });
    const rights = await exchange['sapiGetAccountApiRestrictions']();
    expect(rights).toMatchObject({ enableWithdrawals: withdrawals, enableReading: true });
  });

  it('buys at the market from the book, pays what stood there, and the fee in what it bought', async () => {
    const { venue, exchange } = await onSpot();
    const [best] = venue.book(BTC).asks;
    const order = await exchange.createOrder(BTC, 'market', 'buy', 0.01, undefined, { clientOrderId: 'a1' });
    expect(order).toMatchObject({ status: 'closed', filled: 0.01, clientOrderId: 'a1' });
    expect(order.trades[0]?.price).toBe(best?.price.toNumber());
    const [fill] = venue.fills();
    expect(fill?.feeAsset).toBe('BTC');
    expect(text(venue.account().holdings.total('BTC'))).toBe('0.00999');
    expect((await exchange.fetchMyTrades(BTC))[0]).toMatchObject({ order: order.id, takerOrMaker: 'taker' });
  });

  it('lets a limit order rest, shows and cancels it, and gives back what it held', async () => {
    const { venue, exchange } = await onSpot();
    const { id } = await exchange.createOrder(BTC, 'limit', 'buy', 0.1, 50_000);
    expect((await exchange.fetchBalance())['USDT']).toEqual({ free: 5_000, used: 5_000, total: 10_000 });
    expect(await exchange.fetchOpenOrders(BTC)).toMatchObject([{ id, status: 'open', remaining: 0.1 }]);
    expect(await exchange.cancelOrder(`${id}`, BTC)).toMatchObject({ id, status: 'canceled' });
    expect(await exchange.fetchOpenOrders(BTC)).toEqual([]);
    expect(await exchange.fetchOrder(`${id}`, BTC)).toMatchObject({ status: 'canceled', filled: 0 });
    expect(text(venue.account().holdings.of('USDT').free)).toBe('10000');
  });

  it('puts a resting order behind what stood at its price before', async () => {
    const { venue, exchange } = await onSpot();
    const bid = venue.book(BTC).bids[2];
    if (bid === undefined) throw new Error('the book has no third bid');
    const order = await exchange.createOrder(BTC, 'limit', 'buy', 0.01, bid.price.toNumber());
    const queue = venue.market(BTC).book.queueAt('buy', bid.price);
    expect(queue.at(-1)?.id).toBe(Number(order.id));
    expect(queue[0]?.owner).toBeNull();
    venue.moveTo(BTC, bid.price.toNumber() - 5);
    expect(await exchange.fetchOrder(`${order.id}`, BTC)).toMatchObject({ status: 'closed', filled: 0.01 });
    expect(venue.fills()[0]?.isMaker).toBe(true);
  });

  it('keeps a stop waiting until its price trades, then sells at the market under the same id', async () => {
    const { venue, exchange } = await onSpot();
    await exchange.createOrder(BTC, 'market', 'buy', 0.01);
    const stop = await exchange.createOrder(BTC, 'market', 'sell', 0.009, undefined, {
      stopLossPrice: 59_000,
    });
    expect(await exchange.fetchOpenOrders(BTC)).toMatchObject([
      { id: stop.id, type: 'market', triggerPrice: 59_000 },
    ]);
    venue.moveTo(BTC, 58_900);
    expect(await exchange.fetchOrder(`${stop.id}`, BTC)).toMatchObject({ status: 'closed', filled: 0.009 });
    expect(await exchange.fetchOpenOrders(BTC)).toEqual([]);
  });

  it('knows GTC, IOC, FOK, post-only, stop-limit, and orders by a sum', async () => {
    const { venue, exchange } = await onSpot({ accounts: [{ balances: { USDT: '100000' } }] });
    const ask = venue.book(BTC).asks[0];
    if (ask === undefined) throw new Error('the book has no ask');
    const [at, there] = [ask.price.toNumber(), ask.amount.toNumber()];
    const place = (amount: number, more: object, price: number | undefined = at, type = 'limit') =>
      exchange.createOrder(BTC, type, 'buy', amount, price, more);
    expect(await place(there * 2, { timeInForce: 'FOK' })).toMatchObject({ status: 'expired', filled: 0 });
    expect((await failure(place(0.001, { postOnly: true }))).message).toContain('immediately match and take');
    const ioc = await place(there + 0.01, { timeInForce: 'IOC' });
    expect(ioc).toMatchObject({ status: 'expired', filled: there });
    const cost = await exchange.createMarketBuyOrderWithCost(BTC, 100);
    expect(cost.status).toBe('closed');
    expect(cost.cost).toBeGreaterThan(99);
    expect(cost.cost).toBeLessThanOrEqual(100);
    const stop = await place(0.001, { stopLossPrice: 61_000 }, 61_100);
    expect(await exchange.fetchOrder(`${stop.id}`, BTC)).toMatchObject({
      status: 'open',
      type: 'limit',
      price: 61_100,
    });
  });

  it('refuses with the venue’s codes', async () => {
    const { exchange } = await onSpot();
    const code = async (call: Promise<unknown>) => {
      await failure(call);
      return /"code":(-\d+)/.exec(String(exchange.last_http_response))?.[1];
    };
    const limit = (amount: number, at: number, more = {}) =>
      exchange.createOrder(BTC, 'limit', 'buy', amount, at, more);
    await limit(0.001, 50_000, { clientOrderId: 'twice' });
    expect(await code(limit(0.001, 50_000, { clientOrderId: 'twice' }))).toBe('-2010');
    expect(await code(limit(1, 50_000))).toBe('-2010');
    expect((await failure(limit(0.00001, 50_000))).message).toContain('Filter failure: NOTIONAL');
    expect((await failure(limit(0.001, 500_000))).message).toContain('PERCENT_PRICE_BY_SIDE');
    expect(await code(exchange.fetchOrder('1', BTC))).toBe('-2013');
    expect(await code(exchange.cancelOrder('1', BTC))).toBe('-2011');
    expect((await failure(limit(0.001, 50_000, { stopLossPrice: 50_000 }))).message).toContain(
      'trigger immediately',
    );
    exchange.secret = 'wrong';
    expect(await code(exchange.fetchOpenOrders(BTC))).toBe('-1022');
    exchange.apiKey = 'unknown';
    expect((await failure(exchange.fetchOpenOrders(BTC))).message).toContain('-2015');
  });

  it('takes the fee in a third asset while there is some of it', async () => {
    const accounts = [{ feeAsset: 'BNB', balances: { USDT: '10000', BNB: '1' } }];
    const { venue, exchange } = await onSpot({ symbols: [BTC, 'BNB/USDT'], accounts });
    const order = await exchange.createOrder(BTC, 'market', 'buy', 0.01);
    expect(order.fee?.currency).toBe('BNB');
    expect(text(venue.account().holdings.total('BTC'))).toBe('0.01');
    expect(venue.account().holdings.total('BNB').lt(1)).toBe(true);
  });

  it('C7 replaces an order in two halves: the new one refused, the old one is gone', async () => {
    const { exchange } = await onSpot();
    const first = await exchange.createOrder(BTC, 'limit', 'buy', 0.01, 50_000);
    const second = await exchange.editOrder(`${first.id}`, BTC, 'limit', 'buy', 0.02, 51_000);
    expect(second).toMatchObject({ status: 'open', amount: 0.02 });
    const refused = await failure(exchange.editOrder(`${second.id}`, BTC, 'limit', 'buy', 1, 51_000));
    expect(refused.message).toContain('-2021');
    expect(await exchange.fetchOpenOrders(BTC)).toEqual([]);
  });
});
