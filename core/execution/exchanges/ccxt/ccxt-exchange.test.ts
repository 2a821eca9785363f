import { describe, expect, test } from 'vitest';
import { refTo } from '../../../../tests/contracts/builders.ts';
import { VirtualTimers } from '../../../../tests/contracts/virtual-timers.ts';
import { SILENT_LOGGER, VenueError, type VenueEvent } from '../../../domain/index.ts';
import { CcxtExchange } from './ccxt-exchange.ts';
import { fakeCcxt, knownDialect, orderRow, refusal, tradeRow } from './testing/fake-ccxt.ts';

const SPOT = 'BTC/USDT';
const PERPETUAL = 'BTC/USDT:USDT';
const MARKET = { precision: { amount: '0.001', price: '0.1' }, limits: {} };
const BALANCE = {
  free: {},
  total: { USDT: '9' },
  info: { assets: [{ asset: 'USDT', walletBalance: '9' }] },
};
const COSTS = { makerFeeBps: 10, takerFeeBps: 10, spreadBps: 2, slippageBps: 3 };

/** What a stream says next, when a test lets it. */
function stream() {
  const waiting: ((rows: unknown) => void)[] = [];
  return {
    next: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
      }),
    say: (rows: unknown) => waiting.shift()?.(rows),
  };
}

async function opened(id = 'binance') {
  const ccxt = fakeCcxt();
  const timers = new VirtualTimers();
  const [orders, trades] = [stream(), stream()];
  const warned: string[] = [];
  const clients = { 'ws://venue': { isOpen: () => true, futures: {} } };
  Object.assign(ccxt.api, { id, markets: { [SPOT]: MARKET, [PERPETUAL]: MARKET }, clients });
  ccxt.answers('fetchTime', 0);
  ccxt.answers('fetchBalance', BALANCE);
  ccxt.answers('fetchPositions', []);
  ccxt.answers('fetchPositionMode', { hedged: false });
  ccxt.answers('watchOrders', orders.next);
  ccxt.answers('watchMyTrades', trades.next);
  const exchange = new CcxtExchange({
    ccxt,
    dialect: { ...knownDialect(id), id: 'without cures' },
    clock: timers,
    timers,
    log: { ...SILENT_LOGGER, warn: (_fields, message) => warned.push(message) },
    quote: 'USDT',
    leverage: 3,
    costs: COSTS,
  });
  const events: VenueEvent[] = [];
  exchange.onEvent((event) => events.push(event));
  const progress: string[] = [];
  const opening = exchange.open({ symbols: [SPOT, 'NO/SUCH'], onProgress: (line) => progress.push(line) });
  await timers.pass(100);
  await opening;
  const asked = (name: string) => ccxt.asked.filter(([call]) => call === name).length;
  return { ...ccxt, exchange, timers, orders, trades, events, warned, progress, asked };
}

test('V12 says what it waits for while it is opened, and knows what is listed', async () => {
  const { exchange, progress } = await opened();
  expect(progress).toEqual(['Fake: asking what is traded there', 'Fake: checking the keys and the account']);
  expect(exchange.instrument(SPOT)?.symbol).toBe(SPOT);
  expect(exchange.costs(SPOT)).toEqual({ ...COSTS, source: 'settings' });
  expect(exchange.clockOffsetMs()).toBe(0);
  await exchange.close();
});

describe('a streamed trade', () => {
  test('V14 whose fee is in a third asset is told once that asset’s worth is known', async () => {
    const { trades, timers, events, answers, asked, exchange } = await opened();
    answers('fetchTicker', { bid: '600', ask: '601' });
    trades.say([tradeRow({ fee: { currency: 'BNB', cost: '0.01' } })]);
    await timers.pass(0);
    trades.say([tradeRow({ id: '6', fee: { currency: 'BNB', cost: '0.02' } })]);
    await timers.pass(0);
    const worth = events.flatMap((event) => (event.kind === 'fill' ? [`${event.fill.fee?.quoteValue}`] : []));
    expect(worth).toEqual(['6', '12']);
    expect(asked('fetchTicker')).toBe(2);
    await exchange.close();
  });

  test('C10 is what it was when it came, though ccxt changes its object afterwards', async () => {
    const { trades, timers, events, answers, exchange } = await opened();
    const ticker = Promise.withResolvers<unknown>();
    answers('fetchTicker', () => ticker.promise);
    const row = tradeRow({ amount: '0.5', fee: { currency: 'BNB', cost: '0.01' } });
    trades.say([row]);
    await timers.pass(0);
    Object.assign(row, { amount: '0.9' });
    ticker.resolve({ bid: '600', ask: '601' });
    await timers.pass(0);
    const amounts = events.flatMap((event) => (event.kind === 'fill' ? [`${event.fill.amount}`] : []));
    expect(amounts).toEqual(['0.5']);
    await exchange.close();
  });

  test('that cannot be read is left to the next comparison', async () => {
    const { trades, timers, events, warned, exchange } = await opened();
    trades.say([tradeRow({ price: undefined })]);
    await timers.pass(0);
    expect(events.some(({ kind }) => kind === 'fill')).toBe(false);
    expect(warned).toEqual(['streamed trades could not be read']);
    await exchange.close();
  });
});

test('C10 a streamed order is what it was when it came, though ccxt changes its object afterwards', async () => {
  const { orders, timers, events, exchange } = await opened();
  const row = orderRow({ filled: '0.2' });
  orders.say([row]);
  await timers.pass(0);
  Object.assign(row, { filled: '0.5', status: 'closed' });
  const told = events.flatMap((event) => (event.kind === 'order' ? [event.order] : []));
  expect(told.map(({ status, filledAmount }) => [status, `${filledAmount}`])).toEqual([
    ['PARTIALLY_FILLED', '0.2'],
  ]);
  await exchange.close();
});

describe('a streamed stop that has a list of its own', () => {
  const row = orderRow({ symbol: PERPETUAL, triggerPrice: '90', status: 'closed', filled: '0.5' });

  test('C2 is asked about: the stream tells it as filled when it has only triggered', async () => {
    const { orders, timers, events, answers, exchange } = await opened('binanceusdm');
    answers('fetchOrder', { ...row, status: 'open', filled: '0' });
    orders.say([row]);
    await timers.pass(0);
    expect(events.at(-1)).toMatchObject({ kind: 'order', order: { status: 'OPEN', type: 'stop' } });
    await exchange.close();
  });

  test('is told of no further where nothing is found, or nobody answers', async () => {
    const { orders, timers, events, warned, answers, exchange } = await opened('binanceusdm');
    answers('fetchOrder', refusal('-2013'));
    orders.say([row]);
    await timers.pass(0);
    answers('fetchOrder', refusal('-1006'));
    orders.say([row]);
    await timers.pass(0);
    expect(events.some(({ kind }) => kind === 'order')).toBe(false);
    expect(warned).toEqual(['a stop could not be asked about']);
    await exchange.close();
  });
});

test('markets, costs and the clock are asked anew every five minutes, through failures, until it is closed', async () => {
  const { exchange, timers, answers, asked, warned } = await opened();
  await timers.pass(300_000);
  expect([asked('loadMarkets'), asked('fetchTime')]).toEqual([2, 2]);
  answers('loadMarkets', refusal('-1000'));
  await timers.pass(300_000);
  expect(warned).toEqual(['what the venue trades could not be asked anew']);
  answers('loadMarkets', {});
  await timers.pass(300_000);
  expect(asked('loadMarkets')).toBe(4);
  await exchange.close();
  await timers.pass(900_000);
  expect(asked('loadMarkets')).toBe(4);
});

describe('a request that the venue finds out of time', () => {
  test('has the clock measured anew at once, once for all that are refused meanwhile', async () => {
    const { exchange, answers, asked, timers } = await opened();
    answers('fetchBalance', refusal('-1021'));
    answers('fetchTime', 61_000);
    const refused = await Promise.allSettled([exchange.account(), exchange.account()]);
    expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await timers.pass(0);
    expect(asked('fetchTime')).toBe(2);
    expect(exchange.clockOffsetMs()).toBe(60_900);
    await expect(exchange.account()).rejects.toMatchObject({ fault: 'rejected' });
    await timers.pass(0);
    expect(asked('fetchTime')).toBe(3);
    await exchange.close();
  });

  test('leaves the clock as it was where nobody tells the time, and no other refusal asks for it', async () => {
    const { exchange, answers, asked, timers, warned } = await opened();
    answers('fetchBalance', refusal('-1021'));
    answers('fetchTime', refusal('-1000'));
    await expect(exchange.account()).rejects.toMatchObject({ fault: 'rejected' });
    await timers.pass(0);
    expect(exchange.clockOffsetMs()).toBe(0);
    expect(warned).toEqual(['the venue finds our clock wrong and does not tell the time']);
    answers('fetchBalance', refusal('-2010'));
    await expect(exchange.account()).rejects.toMatchObject({ fault: 'rejected' });
    await timers.pass(0);
    expect(asked('fetchTime')).toBe(2);
    await exchange.close();
  });
});

test('an answer that comes after it was closed changes nothing', async () => {
  const { exchange, events, timers } = await opened();
  await exchange.close();
  await timers.pass(60_000);
  expect(events.at(-1)).toMatchObject({ kind: 'connection', connection: { state: 'closed' } });
  await expect(exchange.order(refTo('a'))).rejects.toMatchObject({ fault: 'unavailable' });
});

test('an order that is looked up and not found teaches nothing', async () => {
  const { exchange, answers } = await opened();
  answers('fetchOrder', refusal('-2013'));
  expect(await exchange.order(refTo('a'))).toEqual({ kind: 'absent' });
  await exchange.close();
});

test('a venue that does not take the key is as good as gone, whatever its stream does, until it takes it again', async () => {
  const { exchange, events, answers, orders, timers } = await opened();
  const connections = () =>
    events.flatMap((event) => (event.kind === 'connection' ? [event.connection.state] : []));
  expect(connections()).toEqual(['connected']);
  answers('fetchBalance', new VenueError('unauthorised', '-2015'));
  await expect(exchange.account()).rejects.toThrow('-2015');
  await expect(exchange.account()).rejects.toThrow('-2015');
  expect(exchange.connection.message).toContain('Fake does not take the key any more (-2015)');
  answers('fetchBalance', BALANCE);
  await exchange.account();
  expect(connections()).toEqual(['connected', 'disconnected', 'connected']);
  expect(exchange.connection).toEqual({ state: 'connected', message: '' });
  answers('fetchBalance', new VenueError('unauthorised', '-2015'));
  await expect(exchange.account()).rejects.toThrow('-2015');
  // The stream breaks as well: that it is gone has been told.
  answers('watchOrders', new Error('closed'));
  orders.say([]);
  await timers.pass(100);
  expect(connections()).toHaveLength(4);
  await exchange.close();
  expect(exchange.connection.state).toBe('closed');
});
