import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { text } from '../../core/domain/index.ts';
import { VenueClock } from './clock/venue-clock.ts';
import { Refusal } from './orders/refusal.ts';
import { startVenue } from './start-venue.ts';
import { failure, onFutures, passUntil, until, watched } from './testing/with-venue.ts';
import type { Venue } from './venue.ts';

const BTC = 'BTC/USDT:USDT';
const position = (venue: Venue) => venue.futures.funds.of('trader').positions.of('BTCUSDT');

describe('ccxt’s own binanceusdm class on the local venue', () => {
  it('goes long and short, and the wallet has what the fills say', async () => {
    const { venue, exchange } = await onFutures();
    await exchange.setMarginMode('isolated', BTC);
    await exchange.setLeverage(3, BTC);
    const opened = await exchange.createOrder(BTC, 'market', 'buy', 0.1, undefined, { clientOrderId: 'in' });
    expect(opened).toMatchObject({ status: 'closed', filled: 0.1, clientOrderId: 'in' });
    const [long] = await exchange.fetchPositions([BTC]);
    expect(long).toMatchObject({ side: 'long', contracts: 0.1, marginMode: 'isolated' });
    await exchange.createOrder(BTC, 'market', 'sell', 0.25);
    const [short] = await exchange.fetchPositions([BTC]);
    expect(short).toMatchObject({ side: 'short', contracts: 0.15 });
    await exchange.createOrder(BTC, 'market', 'buy', 0.15, undefined, { reduceOnly: true });
    expect(await exchange.fetchPositions([BTC])).toEqual([]);
    const fills = venue.fills();
    const earned = fills.map(({ realizedPnl, fee }) => realizedPnl.minus(fee));
    const total = earned.reduce((sum, one) => sum.plus(one));
    expect((await exchange.fetchBalance())['USDT']?.total).toBe(total.plus(10_000).toNumber());
    expect((await exchange.fetchMyTrades(BTC)).map(({ id }) => id)).toEqual(
      fills.map(({ tradeId }) => `${tradeId}`),
    );
  });

  it('lets a limit order rest, amends it in place under its id, and cancels it', async () => {
    const { exchange } = await onFutures();
    const order = await exchange.createOrder(BTC, 'limit', 'buy', 0.01, 58_000, { clientOrderId: 'rest' });
    const amended = await exchange.editOrder(`${order.id}`, BTC, 'limit', 'buy', 0.02, 58_500);
    expect(amended).toMatchObject({ id: order.id, clientOrderId: 'rest', amount: 0.02, price: 58_500 });
    expect(await exchange.fetchOpenOrders(BTC)).toMatchObject([{ id: order.id, amount: 0.02 }]);
    expect(await exchange.cancelOrder(`${order.id}`, BTC)).toMatchObject({ status: 'canceled' });
  });

  it('refuses with the venue’s codes', async () => {
    const { exchange } = await onFutures();
    const code = async (call: Promise<unknown>) => {
      await failure(call);
      return /"code":(-\d+)/.exec(String(exchange.last_http_response))?.[1];
    };
    const order = (type: string, amount: number, price?: number, more = {}) =>
      exchange.createOrder(BTC, type, 'buy', amount, price, more);
    expect(await code(order('market', 0.01, undefined, { reduceOnly: true }))).toBe('-2022');
    expect(await code(order('market', 5))).toBe('-2019');
    expect(await code(order('market', 0.001, undefined, { stopLossPrice: 59_000 }))).toBe('-2021');
    await order('limit', 0.001, 58_000, { clientOrderId: 'twice' });
    expect(await code(order('limit', 0.001, 58_000, { clientOrderId: 'twice' }))).toBe('-4116');
    expect(await code(order('limit', 0.001, 70_000, { postOnly: true }))).toBe('-4016');
    expect(await code(order('limit', 0.001, 61_000, { postOnly: true }))).toBe('-5022');
    const raw = {
      symbol: 'BTCUSDT',
      side: 'SELL',
      type: 'STOP_MARKET',
      quantity: '0.001',
      stopPrice: '59000',
    };
    expect(await code(exchange['fapiPrivatePostOrder'](raw))).toBe('-4120');
    expect(await code(order('market', 0.001, undefined, { hedged: true }))).toBe('-4061');
  });

  it('pays funding every eight hours of venue time, longs to shorts', async () => {
    const clock = new VenueClock(Date.UTC(2025, 0, 1, 7, 59, 50));
    const { venue, exchange } = await onFutures({ clock });
    await exchange.createOrder(BTC, 'market', 'buy', 0.1);
    const rate = (await exchange.fetchFundingRate(BTC)).fundingRate ?? 0;
    const wallet = venue.account().holdings.total('USDT');
    await venue.advance(20_000);
    const [paid] = await exchange.fetchFundingHistory(BTC);
    expect(paid?.timestamp).toBe(Date.UTC(2025, 0, 1, 8));
    expect(Math.sign(paid?.amount ?? 0)).toBe(-Math.sign(rate));
    expect(text(venue.account().holdings.total('USDT'))).toBe(wallet.plus(paid?.amount ?? 0).toFixed());
    const [past] = await exchange.fetchFundingRateHistory(BTC);
    expect(past?.fundingRate).toBeCloseTo(rate, 12);
  });

  it('liquidates an isolated position that has eaten its margin, and takes no more than that', async () => {
    const { venue, exchange } = await onFutures();
    await exchange.setMarginMode('isolated', BTC);
    await exchange.setLeverage(20, BTC);
    await exchange.createOrder(BTC, 'market', 'buy', 0.1);
    const stake = position(venue).isolatedWallet;
    const wallet = venue.account().holdings.total('USDT');
    const [before] = await exchange.fetchPositions([BTC]);
    expect(before?.liquidationPrice).toBeGreaterThan(57_000);
    venue.moveTo('BTC/USDT', (before?.liquidationPrice ?? 0) + 50);
    await venue.advance(500);
    expect(position(venue).amount.isZero()).toBe(false);
    venue.moveTo('BTC/USDT', (before?.liquidationPrice ?? 0) - 50);
    await venue.advance(1_000);
    expect(position(venue).amount.isZero()).toBe(true);
    expect(venue.orders().at(-1)?.clientId).toMatch(/^autoclose-/);
    expect(text(venue.account().holdings.total('USDT'))).toBe(wallet.minus(stake).toFixed());
  });

  it('tells orders, fills, positions and balances on the stream of its listen key', async () => {
    const { venue, exchange } = await onFutures();
    const orders = watched(exchange.watchOrders(BTC));
    const trades = watched(exchange.watchMyTrades(BTC));
    await until(venue, () => venue.listening.includes('user trader'));
    await venue.settle();
    const order = await exchange.createOrder(BTC, 'market', 'sell', 0.01);
    await until(venue, () => orders.done && trades.done);
    expect(orders.value?.at(-1)).toMatchObject({ id: order.id });
    expect(trades.value?.[0]).toMatchObject({ order: order.id, amount: 0.01, fee: { currency: 'USDT' } });
    const moved = watched(exchange.watchPositions([BTC]));
    await until(venue, () => exchange.positions !== undefined);
    await venue.settle();
    venue.hand().sell(BTC, '0.02');
    await until(venue, () => moved.done);
    expect(moved.value?.[0]).toMatchObject({ side: 'short' });
  });

  it('tells trades, candles and the book, whose updates follow one another', async () => {
    const { venue, exchange } = await onFutures();
    const trades = watched(exchange.watchTrades(BTC));
    const candles = watched(exchange.watchOHLCV(BTC, '1m'));
    let book = watched(exchange.watchOrderBook(BTC));
    await until(venue, () => venue.listening.length === 3);
    await passUntil(venue, () => trades.done && candles.done && book.done);
    for (let update = 0; update < 10; update += 1) {
      book = watched(exchange.watchOrderBook(BTC));
      await passUntil(venue, () => book.done);
      expect(book.error).toBeUndefined();
    }
    expect(trades.value?.[0]?.symbol).toBe(BTC);
    expect(candles.value?.[0]?.[0]).toBe(Date.UTC(2025, 0, 1));
  });

  it('makes and loses nothing, whatever is traded, paid and liquidated', async () => {
    const action = fc.record({
      kind: fc.constantFrom('buy', 'sell', 'limit-buy', 'limit-sell', 'pass', 'move', 'isolate'),
      who: fc.constantFrom('trader', 'two'),
      lots: fc.integer({ min: 1, max: 400 }),
      away: fc.integer({ min: -2_500, max: 2_500 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1_000 }),
        fc.array(action, { maxLength: 20 }),
        async (seed, actions) => {
          const clock = new VenueClock(Date.UTC(2025, 0, 1, 7, 59, 55));
          const accounts = [{}, { name: 'two', apiKey: 'two', balances: { USDT: '5000' } }];
          const venue = await startVenue({
            ...{ seed, clock, accounts, symbols: ['BTC/USDT'], dialect: 'binance-usdm', historyBars: 1 },
          });
          const market = venue.market(BTC);
          for (const { kind, who, lots, away } of actions) {
            const amount = market.symbol.lot.times(lots).toFixed();
            const at = market.priceOf(market.ticksOf(market.fair + away / 50)).toFixed();
            try {
              if (kind === 'buy') venue.hand(who).buy(BTC, amount);
              if (kind === 'sell') venue.hand(who).sell(BTC, amount);
              if (kind === 'limit-buy') venue.hand(who).limit(BTC, 'buy', amount, at);
              if (kind === 'limit-sell') venue.hand(who).limit(BTC, 'sell', amount, at);
            } catch (error) {
              expect(error).toBeInstanceOf(Refusal);
            }
            const futures = venue.futures.funds.of(who);
            if (kind === 'isolate' && futures.positions.of('BTCUSDT').amount.isZero())
              futures.setMarginType('BTCUSDT', 'isolated');
            if (kind === 'pass') await venue.advance(3_000, 3_000);
            if (kind === 'move') venue.moveTo(BTC, market.fair + away);
            expect([...venue.imbalance()].filter(([, left]) => !left.isZero())).toEqual([]);
          }
          await venue.close();
        },
      ),
      { numRuns: 25 },
    );
  });
});
