import { describe, expect, onTestFinished, test } from 'vitest';
import { intentOf, refTo } from '../../../../tests/contracts/builders.ts';
import { VirtualTimers } from '../../../../tests/contracts/virtual-timers.ts';
import type { VenueOptions } from '../../../../tests/venue/start-venue.ts';
import { type AtLocalVenue, atLocalVenue } from '../../../../tests/venue/testing/exchange-at-venue.ts';
import { SILENT_LOGGER, text } from '../../../domain/index.ts';
import { openCcxt } from './open-ccxt.ts';
import { knownDialect } from './testing/fake-ccxt.ts';
import { VenueMarkets } from './venue-markets.ts';

const SPOT = 'SOL/USDT';
const CONTRACT = 'SOL/USDT:USDT';
const STOP = { symbol: SPOT, side: 'sell', purpose: 'protection', stopPrice: '140' } as const;
const VENUES = [
  ['binance', SPOT],
  ['binanceusdm', CONTRACT],
] as const;

/** ccxt's own class, made safe, on a venue of this machine: open, and traded with. */
async function opened(id: string, given: VenueOptions = {}) {
  const there = await atLocalVenue(id, given);
  await there.exchange.open({ symbols: [id === 'binanceusdm' ? CONTRACT : SPOT] });
  return there;
}

const told = ({ events }: AtLocalVenue) =>
  events.flatMap((event) => (event.kind === 'order' ? [event.order] : []));
const connections = ({ events }: AtLocalVenue) =>
  events.flatMap((event) => (event.kind === 'connection' ? [event.connection.state] : []));

describe('an order through ccxt’s own class', () => {
  test.each(VENUES)(
    'C3 C9 of %s is of its amount, under our id, and its fills come from the list',
    async (id, symbol) => {
      const { exchange, venue } = await opened(id);
      await exchange.submit(intentOf('sMine1', { symbol, amount: '0.53' }));
      const [sent] = venue.orders();
      expect([sent?.clientId, sent?.amount.toFixed()]).toEqual(['sMine1', '0.53']);
      const { fills } = await exchange.fills({ symbol, cursor: null, since: venue.now() - 1_000 });
      const bought = venue
        .fills()
        .map(({ tradeId, price, amount }) => [`${tradeId}`, text(price), text(amount)]);
      expect(fills.map(({ tradeId, price, amount }) => [tradeId, text(price), text(amount)])).toEqual(bought);
      expect(fills.map(({ fee }) => fee?.quoteValue.gt(0))).not.toContain(false);
    },
  );

  test.each(VENUES)(
    'C17 at %s goes as it was fitted, and one below a lot goes nowhere',
    async (id, symbol) => {
      const { exchange, venue } = await opened(id);
      await exchange.submit(intentOf('a', { symbol, amount: '0.57', limitPrice: '49.99' }));
      expect(venue.openOrders().map(({ amount, price }) => [text(amount), price?.toFixed()])).toEqual([
        ['0.57', '49.99'],
      ]);
      const before = venue.requests.length;
      const crumb = exchange.submit(intentOf('b', { symbol, amount: '0.0001', limitPrice: '49.99' }));
      await expect(crumb).rejects.toMatchObject({ fault: 'rejected' });
      expect(venue.requests).toHaveLength(before);
    },
  );

  test('C2 that is a stop has filled when the order has that it became, and not before', async () => {
    const there = await opened('binanceusdm');
    const { exchange, venue, until } = there;
    const close = { symbol: CONTRACT, side: 'sell', reduceOnly: true } as const;
    await exchange.submit(intentOf('entry', { symbol: CONTRACT, amount: '0.5' }));
    await exchange.submit(
      intentOf('stop', { ...close, amount: '0.5', purpose: 'protection', stopPrice: '140' }),
    );
    venue.faults.raise({ name: 'stop-hangs', times: 1 });
    venue.moveTo(SPOT, 139);
    await venue.settle(200);
    const states = () => told(there).flatMap(({ type, status }) => (type === 'stop' ? [status] : []));
    expect(venue.fills().filter(({ side }) => side === 'sell')).toEqual([]);
    expect(new Set(states())).toEqual(new Set(['OPEN']));
    await exchange.submit(
      intentOf('other', { ...close, amount: '0.5', purpose: 'protection', stopPrice: '130' }),
    );
    venue.moveTo(SPOT, 129);
    await until(() =>
      told(there).some(
        ({ parentVenueOrderId, status }) => parentVenueOrderId !== null && status === 'FILLED',
      ),
    );
    expect(
      venue
        .fills()
        .filter(({ side }) => side === 'sell')
        .map(({ amount }) => text(amount)).length,
    ).toBeGreaterThan(0);
  });

  test('C31 that is a waiting spot stop is told as one, though ccxt calls it a market order', async () => {
    const { exchange, ccxt } = await opened('binance');
    await exchange.submit(intentOf('entry', { symbol: SPOT, amount: '0.5' }));
    await exchange.submit(intentOf('stop', { ...STOP, amount: '0.4' }));
    expect(await ccxt.api.fetchOpenOrders(SPOT)).toMatchObject([{ type: 'market', status: 'open' }]);
    const [open] = await exchange.openOrders();
    expect(open).toMatchObject({ clientOrderId: 'stop', type: 'stop', status: 'OPEN' });
    expect(open?.stopPrice?.toFixed()).toBe('140');
  });

  test('C18 is listed though no symbol is named, whatever it trades', async () => {
    const { exchange } = await opened('binance', { symbols: ['SOL/USDT', 'ETH/USDT'] });
    const prices = { 'SOL/USDT': '100', 'ETH/USDT': '2500' };
    for (const [symbol, limitPrice] of Object.entries(prices))
      await exchange.submit(intentOf(symbol.slice(0, 3), { symbol, amount: '0.5', limitPrice }));
    expect((await exchange.openOrders()).map(({ symbol }) => symbol).toSorted()).toEqual([
      'ETH/USDT',
      'SOL/USDT',
    ]);
  });

  test('C14 against a filter is refused, whichever filter it is and whatever class ccxt makes of it', async () => {
    const { exchange, venue } = await opened('binance');
    const order = { symbol: SPOT, side: 'buy', amount: '0.5', limitPrice: '50' } as const;
    const refused = async (id: string, given: Parameters<typeof intentOf>[1], words: string) =>
      expect(exchange.submit(intentOf(id, given))).rejects.toMatchObject({
        fault: 'rejected',
        message: expect.stringContaining(words),
      });
    await refused('least', { ...order, amount: '0.01' }, 'NOTIONAL');
    venue.faults.raise({ name: 'filters-changed', forMs: 1_000 });
    await refused('lot', { ...order, amount: '0.501' }, 'LOT_SIZE');
    await refused('tick', { ...order, limitPrice: '50.01' }, 'PRICE_FILTER');
    await venue.advance(1_000);
    await exchange.submit(intentOf('entry', { symbol: SPOT, amount: '0.7' }));
    for (const id of ['s1', 's2', 's3', 's4', 's5'])
      await exchange.submit(intentOf(id, { ...STOP, amount: '0.1' }));
    await refused('s6', { ...STOP, amount: '0.1' }, 'MAX_NUM_ALGO_ORDERS');
    expect(venue.openOrders()).toHaveLength(5);
  });
});

describe('a refusal through ccxt’s own class', () => {
  test.each(VENUES)('C13 of the key at %s is one, though everything went well before', async (id) => {
    const { exchange, venue } = await opened(id);
    await exchange.account();
    venue.faults.raise({ name: 'key-revoked' });
    await expect(exchange.account()).rejects.toMatchObject({ fault: 'unauthorised' });
  });

  test('C22 of the secret is told at the opening, though the stream would open with it', async () => {
    const { exchange, ccxt } = await atLocalVenue('binanceusdm');
    Object.assign(ccxt.api, { secret: 'wrong' });
    await expect(exchange.open({ symbols: [CONTRACT] })).rejects.toMatchObject({ fault: 'unauthorised' });
  });

  test('C15 says how long to wait in its own call, and in no other that is under way', async () => {
    const { exchange, venue } = await opened('binance');
    venue.faults.raise({ name: 'too-many-requests', on: '/myTrades', ms: 7_000 });
    venue.faults.raise({ name: 'bad-gateway', on: '/openOrders' });
    const [fills, orders] = await Promise.allSettled([
      exchange.fills({ symbol: SPOT, cursor: null, since: venue.now() }),
      exchange.openOrders(),
    ]);
    expect(fills).toMatchObject({ reason: { fault: 'rate-limited', retryAfterMs: 7_000 } });
    expect(orders).toMatchObject({ reason: { fault: 'uncertain', retryAfterMs: null } });
  });

  test.each(VENUES)('C16 of a cancel at %s is asked about: the order had filled', async (id, symbol) => {
    const { exchange, venue } = await opened(id);
    const { venueOrderId } = await exchange.submit(intentOf('a', { symbol, amount: '0.5' }));
    await venue.advance(1_000);
    const ended = exchange.cancel(refTo('a', { symbol, venueOrderId }));
    await expect(ended).resolves.toMatchObject({ status: 'FILLED' });
    await expect(exchange.cancel(refTo('never', { symbol }))).rejects.toMatchObject({ fault: 'rejected' });
  });

  test('C32 because it is so already is none', async () => {
    const { ccxt } = await opened('binanceusdm');
    const again = ccxt.calls.make(() => ccxt.api.setMarginMode('isolated', CONTRACT));
    await expect(again).rejects.toMatchObject({ fault: 'rejected', code: '-4046' });
    const fallback = { makerFeeBps: 1, takerFeeBps: 1, spreadBps: 1, slippageBps: 1 };
    const markets = new VenueMarkets({ ccxt, dialect: knownDialect('binanceusdm'), now: () => 0, fallback });
    await markets.load(false);
    await expect(markets.prepare(CONTRACT, 3)).resolves.toBeUndefined();
  });
});

describe('a socket of ccxt’s own class', () => {
  test('C24 tells a market’s trades under its own name, though the host is another', async () => {
    const { venue, ccxt } = await opened('binance');
    const { api } = ccxt;
    expect(Object.keys(api.markets ?? {}).filter((symbol) => symbol.includes(':'))).toEqual([]);
    const trades = api.watchTrades(SPOT);
    await venue.settle(20);
    await venue.advance(5_000);
    // What ccxt tells of a market, as far as it matters here.
    const told = (await trades) as readonly { readonly symbol: string }[];
    expect(new Set(told.map(({ symbol }) => symbol))).toEqual(new Set([SPOT]));
  });

  test.each(VENUES)('C20 B5 at %s that says nothing is given up within twenty seconds', async (id) => {
    const { ccxt } = await opened(id);
    // ccxt gives a socket up when two of its questions went unanswered, some classes when three did. Its sockets are not in its published types.
    const { clients } = ccxt.api as unknown as { clients: Record<string, { keepAlive?: number }> };
    const sockets = Object.entries(clients).filter(([url]) => url.startsWith('ws'));
    expect(sockets.length).toBeGreaterThan(0);
    for (const [, { keepAlive = Number.NaN }] of sockets) expect(3 * keepAlive).toBeLessThanOrEqual(20_000);
  });

  test('C27 works without TLS, and its end by our own hand is no failure', async () => {
    const there = await opened('binance');
    expect(there.venue.wsUrl).toMatch(/^ws:/);
    expect(there.venue.listening).toContain('user trader');
    await there.exchange.close();
    await there.venue.settle(50);
    expect(connections(there)).toEqual(['connected', 'closed']);
  });
});

test('C30 money is read to the last digit, beyond what a float holds', async () => {
  const balances = { USDT: '9007199254740993.12345678' };
  const { exchange } = await opened('binance', { accounts: [{ balances }] });
  expect((await exchange.account()).assets.get('USDT')?.total.toFixed()).toBe(balances.USDT);
});

test('C28 a cancel does not wait behind forty questions, nor does an order that reduces', async () => {
  const { venue } = await atLocalVenue('binance');
  const timers = new VirtualTimers();
  const dialect = knownDialect('binance');
  const connection = { dialect, clock: venue.clock, timers, log: SILENT_LOGGER };
  const credentials = { apiKey: venue.apiKey, secret: venue.secret };
  const { api, calls } = await openCcxt({
    ...connection,
    credentials,
    endpoint: { rest: venue.restUrl },
  });
  onTestFinished(async () => {
    await api.close();
  });
  await calls.make(() => api.loadMarkets());
  // As it was sent, it is answered for.
  const { id } = (await calls.make(() => api.createOrder(SPOT, 'limit', 'buy', '0.5', '50'), true)) as {
    id: string;
  };
  // Time does not pass: what has to wait for the budget waits for ever.
  let answers = 0;
  for (let question = 0; question < 400; question += 1)
    void calls
      .make(() => api.fetchOpenOrders(SPOT))
      .then(() => {
        answers += 1;
      });
  for (let before = -1; before < answers; await venue.settle(50)) before = answers;
  const before = answers;
  expect(before).toBeLessThan(360);
  await calls.make(() => api.cancelOrder(id, SPOT), true);
  await calls.make(() => api.createOrder(SPOT, 'market', 'buy', '0.5'), true);
  expect(answers).toBe(before);
});
