import { describe, expect, it } from 'vitest';
import { onSpot, passUntil, until, watched } from './testing/with-venue.ts';

const BTC = 'BTC/USDT';

describe('streams of the local venue through ccxt’s own class', () => {
  it('tells trades, candles and the book of one and the same market', async () => {
    const { venue, exchange } = await onSpot();
    const trades = watched(exchange.watchTrades(BTC));
    const candles = watched(exchange.watchOHLCV(BTC, '1m'));
    const book = watched(exchange.watchOrderBook(BTC));
    await until(venue, () => venue.listening.length === 3);
    await passUntil(venue, () => trades.done && candles.done && book.done);
    const told = trades.value?.[0];
    const traded = venue.market(BTC).trades.find(({ id }) => `${id}` === told?.id);
    expect(traded?.price.toNumber()).toBe(told?.price);
    expect(candles.value?.[0]?.[0]).toBe(Date.UTC(2025, 0, 1));
    expect(book.value?.bids.length).toBeGreaterThan(5);
  });

  it('keeps a client’s book equal to its own over many depth updates', async () => {
    const { venue, exchange } = await onSpot();
    let book = watched(exchange.watchOrderBook(BTC));
    await until(venue, () => book.done);
    for (let update = 0; update < 30; update += 1) {
      const next = watched(exchange.watchOrderBook(BTC));
      await passUntil(venue, () => next.done);
      expect(next.error).toBeUndefined();
      book = next;
    }
    await venue.advance(200);
    const theirs = venue.book(BTC);
    const levels = (side: typeof theirs.bids) =>
      side.map(({ price, amount }) => [price.toNumber(), amount.toNumber()]);
    await until(venue, () => exchange.orderbooks[BTC]?.nonce === venue.market(BTC).updateId);
    expect([...(book.value?.bids ?? [])].map(([price, amount]) => [price, amount])).toEqual(
      levels(theirs.bids),
    );
    expect([...(book.value?.asks ?? [])].map(([price, amount]) => [price, amount])).toEqual(
      levels(theirs.asks),
    );
  });

  it('knows when a client has read all that was streamed, and waits for none that is deaf', async () => {
    const { venue, exchange } = await onSpot();
    const book = watched(exchange.watchOrderBook(BTC));
    await until(venue, () => book.done);
    let told = 0;
    venue.market(BTC).subscribe(({ kind }) => {
      if (kind === 'depth') told = venue.market(BTC).updateId;
    });
    for (let second = 0; second < 20; second += 1) {
      venue.clock.advanceTo(venue.now() + 1_000);
      await venue.heard(5);
      expect(exchange.orderbooks[BTC]?.nonce).toBe(told);
    }
    venue.faults.raise({ name: 'half-open-sockets', forMs: 60_000 });
    venue.clock.advanceTo(venue.now() + 1_000);
    await venue.heard(5);
    expect(exchange.orderbooks[BTC]?.nonce).toBeLessThan(told);
  });

  it('tells orders, fills and balances on the user stream', async () => {
    const { venue, exchange } = await onSpot();
    const orders = watched(exchange.watchOrders());
    const trades = watched(exchange.watchMyTrades());
    const balance = watched(exchange.watchBalance());
    await until(venue, () => venue.listening.includes('user trader'));
    const order = await exchange.createOrder(BTC, 'market', 'buy', 0.01, undefined, {
      clientOrderId: 'mine',
    });
    await until(venue, () => orders.done && trades.done && balance.done);
    expect(orders.value?.at(-1)).toMatchObject({ id: order.id, clientOrderId: 'mine' });
    expect(trades.value?.[0]).toMatchObject({ order: order.id, side: 'buy', takerOrMaker: 'taker' });
    expect(exchange.balance).toHaveProperty('spot');
  });

  it('tells an order by a sum as filled', async () => {
    const { venue, exchange } = await onSpot();
    const orders = watched(exchange.watchOrders());
    await until(venue, () => venue.listening.includes('user trader'));
    await venue.settle();
    await exchange.createMarketBuyOrderWithCost(BTC, 500);
    await until(venue, () => orders.done && exchange.orders?.at(-1)?.status === 'closed');
    expect(venue.account().holdings.of('USDT').locked.isZero()).toBe(true);
  });

  it('tells what another hand did on the account, and deposits', async () => {
    const { venue, exchange } = await onSpot();
    const orders = watched(exchange.watchOrders());
    await until(venue, () => venue.listening.includes('user trader'));
    // ccxt loses an event that comes in one breath with the answer to its subscription.
    await venue.settle();
    const byHand = venue.hand().buy(BTC, '0.02');
    await until(venue, () => orders.done);
    expect(orders.value?.at(-1)?.id).toBe(`${byHand.id}`);
    expect(orders.value?.at(-1)?.clientOrderId).toMatch(/^web_/);
    venue.deposit('USDT', '500');
    await venue.settle();
    const [deposit] = await exchange.fetchDeposits();
    expect(deposit).toMatchObject({ currency: 'USDT', amount: 500, status: 'ok' });
  });

  it('closes a candle with the trades that the venue lists for its minute', async () => {
    const { venue, exchange } = await onSpot();
    await venue.advance(180_000);
    const start = Date.UTC(2025, 0, 1) + 60_000;
    const [bar] = await exchange.fetchOHLCV(BTC, '1m', start, 1);
    const trades = venue.market(BTC).trades.filter(({ time }) => time >= start && time < start + 60_000);
    const prices = trades.map(({ price }) => price.toNumber());
    const volume = trades.reduce(
      (sum, { amount }) => sum.plus(amount),
      venue.market(BTC).symbol.lot.times(0),
    );
    expect(bar).toEqual([
      ...[start, prices[0], Math.max(...prices), Math.min(...prices), prices.at(-1)],
      volume.toNumber(),
    ]);
    const unified = await exchange.fetchTrades(BTC, start, 1000, { until: start + 59_999 });
    expect(unified.map(({ id }) => id)).toEqual(trades.map(({ id }) => `${id}`));
  });
});
