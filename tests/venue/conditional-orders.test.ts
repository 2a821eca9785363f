import { describe, expect, it } from 'vitest';
import { algoStateOf } from './futures/algo-order.ts';
import { failure, onFutures, until, watched } from './testing/with-venue.ts';

const BTC = 'BTC/USDT:USDT';
const TRIGGER = { trigger: true };

async function longWithStop(more: object = {}) {
  const { venue, exchange } = await onFutures();
  await exchange.createOrder(BTC, 'market', 'buy', 0.1);
  const params = { stopLossPrice: 59_000, reduceOnly: true, clientOrderId: 'stop', ...more };
  const stop = await exchange.createOrder(BTC, 'market', 'sell', 0.1, undefined, params);
  return { venue, exchange, id: `${stop.id}` };
}

describe('conditional orders of futures', () => {
  it('C6 are invisible to the plain calls and seen with { trigger: true }', async () => {
    const { exchange, id } = await longWithStop();
    expect(await exchange.fetchOpenOrders(BTC)).toEqual([]);
    expect((await failure(exchange.fetchOrder(id, BTC))).message).toContain('-2013');
    expect((await failure(exchange.cancelOrder(id, BTC))).message).toContain('-2011');
    expect((await exchange.cancelAllOrders(BTC))[0]).toMatchObject({ info: { code: 200 } });
    const [open] = await exchange.fetchOpenOrders(BTC, undefined, undefined, TRIGGER);
    expect(open).toMatchObject({ id, clientOrderId: 'stop', status: 'open', triggerPrice: 59_000 });
    const byClientId = await exchange.fetchOrder('', BTC, { ...TRIGGER, clientOrderId: 'stop' });
    expect(byClientId.id).toBe(id);
  });

  it('answer a cancel without status or amount, and are gone', async () => {
    const { exchange, id } = await longWithStop();
    const cancelled = await exchange.cancelOrder(id, BTC, TRIGGER);
    expect(cancelled).toMatchObject({ id });
    expect([cancelled.status, cancelled.amount]).toEqual([undefined, undefined]);
    expect(await exchange.fetchOpenOrders(BTC, undefined, undefined, TRIGGER)).toEqual([]);
    expect((await exchange.fetchOrder(id, BTC, TRIGGER)).status).toBe('canceled');
  });

  it('become an order with an id of its own, same client id, when their price trades', async () => {
    const { venue, exchange, id } = await longWithStop();
    venue.moveTo(BTC, 58_900);
    const stop = await exchange.fetchOrder(id, BTC, TRIGGER);
    expect(stop).toMatchObject({ status: 'closed', filled: 0 });
    const child = await exchange.fetchOrder(`${stop.info['actualOrderId']}`, BTC);
    expect(child).toMatchObject({ status: 'closed', filled: 0.1, clientOrderId: 'stop' });
    expect(child.id).not.toBe(id);
    expect(await exchange.fetchPositions([BTC])).toEqual([]);
  });

  it('C2 are told as filled on the stream though their order was cancelled unfilled', async () => {
    const { venue, exchange } = await onFutures();
    await exchange.createOrder(BTC, 'market', 'buy', 0.1);
    const told: { status: unknown; filled: unknown; raw: unknown }[] = [];
    const first = watched(exchange.watchOrders(BTC));
    await until(venue, () => venue.listening.includes('user trader'));
    await venue.settle();
    const more = { stopLossPrice: 59_900, clientOrderId: 'limit-stop', reduceOnly: true };
    const stop = await exchange.createOrder(BTC, 'limit', 'sell', 0.1, 62_000, more);
    await until(venue, () => first.done);
    venue.moveTo(BTC, 59_800);
    const child = venue.openOrders().find(({ origin }) => origin === 'stop');
    expect(child).toBeDefined();
    await exchange.cancelOrder(`${child?.id}`, BTC);
    await until(
      venue,
      () =>
        exchange.orders?.some(
          ({ id, info }: { id: string; info: Record<string, unknown> }) =>
            id === stop.id && info['X'] === 'FINISHED',
        ) === true,
    );
    for (const order of exchange.orders ?? [])
      if (order.id === stop.id)
        told.push({ status: order.status, filled: order.filled, raw: order.info['X'] });
    expect(told).toEqual([{ status: 'closed', filled: 0.1, raw: 'FINISHED' }]);
    expect(venue.fills().filter(({ side }) => side === 'sell')).toEqual([]);
    expect((await exchange.fetchOrder(`${stop.id}`, BTC, TRIGGER)).filled).toBe(0);
  });

  it('C6 can hang in TRIGGERING with no order, and are then in no list', async () => {
    const { venue, exchange, id } = await longWithStop();
    venue.faults.raise({ name: 'stop-hangs' });
    venue.moveTo(BTC, 58_900);
    expect(await exchange.fetchOrder(id, BTC, TRIGGER)).toMatchObject({ status: 'open' });
    expect(await exchange.fetchOpenOrders(BTC, undefined, undefined, TRIGGER)).toEqual([]);
    expect(await exchange.fetchOpenOrders(BTC)).toEqual([]);
    expect(await exchange.fetchPositions([BTC])).toHaveLength(1);
  });

  it('that close a position end with it; reduce-only ones stay', async () => {
    const { venue, exchange, id } = await longWithStop();
    const more = { stopLossPrice: 58_000, closePosition: true };
    const closing = await exchange.createOrder(BTC, 'market', 'sell', 0, undefined, more);
    await exchange.createOrder(BTC, 'market', 'sell', 0.1, undefined, { reduceOnly: true });
    const states = venue.futures.algos.all.map((algo) => [`${algo.id}`, algoStateOf(algo).status]);
    expect(states).toEqual([
      [id, 'NEW'],
      [closing.id, 'EXPIRED'],
    ]);
  });

  it('that only reduce never open the other side', async () => {
    const { venue, exchange, id } = await longWithStop();
    await exchange.createOrder(BTC, 'market', 'sell', 0.1);
    venue.moveTo(BTC, 58_900);
    expect((await exchange.fetchOrder(id, BTC, TRIGGER)).status).toBe('rejected');
    expect(await exchange.fetchPositions([BTC])).toEqual([]);
  });

  it('rest as reduce-only orders that shrink with the position and expire with it', async () => {
    const { venue, exchange } = await onFutures();
    await exchange.createOrder(BTC, 'market', 'buy', 0.1);
    const target = await exchange.createOrder(BTC, 'limit', 'sell', 0.1, 62_000, { reduceOnly: true });
    await exchange.createOrder(BTC, 'market', 'sell', 0.06);
    expect(venue.market(BTC).book.find('trader', Number(target.id))?.remaining.toFixed()).toBe('0.04');
    await exchange.createOrder(BTC, 'market', 'sell', 0.04);
    expect((await exchange.fetchOrder(`${target.id}`, BTC)).status).toBe('expired');
  });
});
