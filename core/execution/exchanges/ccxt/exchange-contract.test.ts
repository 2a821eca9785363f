import { afterEach, expect, test } from 'vitest';
import { intentOf } from '../../../../tests/contracts/builders.ts';
import { type ExchangeUnderTest, exchangeContract } from '../../../../tests/contracts/exchange-contract.ts';
import { readFills } from '../../../../tests/contracts/exchange-harness.ts';
import type { DialectName } from '../../../../tests/venue/kinds.ts';
import { startVenue } from '../../../../tests/venue/start-venue.ts';
import type { Venue } from '../../../../tests/venue/venue.ts';
import { SILENT_LOGGER, type Timers } from '../../../domain/index.ts';
import { SYSTEM_TIMERS } from '../../../engine/installation/system-timers.ts';
import { loadCcxt } from './ccxt-api.ts';
import { CcxtExchange } from './ccxt-exchange.ts';
import type { Dialect } from './dialect.ts';
import { genericDialect } from './generic-dialect.ts';
import { openCcxt } from './open-ccxt.ts';
import { knownDialect } from './testing/fake-ccxt.ts';

const COSTS = { makerFeeBps: 10, takerFeeBps: 10, spreadBps: 2, slippageBps: 2 };
const toClose: { close(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const each of toClose.splice(0)) await each.close();
});

/** Where the market goes in steps no larger than this, it trades with everybody on the way. */
const STEP = 1;

async function walk(venue: Venue, market: string, from: number, to: number): Promise<void> {
  for (let at = from; at !== to; ) {
    at = Math.abs(to - at) <= STEP ? to : at + Math.sign(to - at) * STEP;
    venue.moveTo(market, at);
    await venue.advance(1_000);
  }
  // What happened is on its way through sockets.
  await venue.settle(100);
}

const SPOKEN: Readonly<Record<string, DialectName>> = {
  binanceusdm: 'binance-usdm',
  bybit: 'bybit-spot',
};

/** Waiting between two questions takes a fiftieth of its time. */
const HURRIED: Timers = {
  ...SYSTEM_TIMERS,
  monotonicMs: () => SYSTEM_TIMERS.monotonicMs(),
  wait: (ms, signal) => SYSTEM_TIMERS.wait(Math.min(ms, Math.max(20, ms / 50)), signal),
};

/** What ccxt says of a venue, and nothing that was written down here. */
async function derived(id: string): Promise<Dialect> {
  const Venue = (await loadCcxt()).venue(id) ?? expect.fail(`ccxt has no ${id}`);
  const kind = id === 'binanceusdm' ? 'perpetual' : 'spot';
  return genericDialect(new Venue({}), kind) ?? expect.fail(`${id} has no such markets`);
}

/** Where news is asked for: one round may have begun before what it is to tell of. */
async function twoRounds(venue: Venue): Promise<void> {
  const asked = (): number =>
    venue.requests.filter(({ route }) => /myTrades|userTrades|execution/.test(route)).length;
  const before = asked();
  for (let turn = 0; turn < 100 && asked() < before + 2; turn += 1) await HURRIED.wait(5);
  await venue.settle(100);
}

async function atVenue(
  id: string,
  dialect = knownDialect(id),
  timers: Timers = SYSTEM_TIMERS,
): Promise<ExchangeUnderTest> {
  const isFutures = id === 'binanceusdm';
  const market = 'SOL/USDT';
  const venue = await startVenue({
    dialect: SPOKEN[id] ?? 'binance-spot',
    symbols: [market, 'BNB/USDT'],
    historyBars: 10,
    // Fees in coins would leave less to sell than was bought.
    accounts: [{ balances: { USDT: '10000', BNB: '10' }, feeAsset: 'BNB' }],
  });
  venue.moveTo(market, 100);
  await venue.advance(1_000);
  const connection = { dialect, clock: venue.clock, timers, log: SILENT_LOGGER };
  const credentials = { apiKey: venue.apiKey, secret: venue.secret };
  const ccxt = await openCcxt({ ...connection, credentials, endpoint: { rest: venue.restUrl } });
  const exchange = new CcxtExchange({ ...connection, ccxt, quote: 'USDT', leverage: 3, costs: COSTS });
  toClose.push(exchange, venue);
  let last = 100;
  return {
    exchange,
    symbol: isFutures ? `${market}:USDT` : market,
    now: () => venue.now(),
    async moveTo(to) {
      await walk(venue, market, last, to);
      last = to;
      if (dialect.news !== 'streams') await twoRounds(venue);
    },
  };
}

exchangeContract('ccxt binance', () => atVenue('binance'));
exchangeContract('ccxt binanceusdm', () => atVenue('binanceusdm'));
exchangeContract('ccxt bybit', async () => atVenue('bybit', knownDialect('bybit'), HURRIED));
exchangeContract('ccxt binance, by what ccxt says alone', async () =>
  atVenue('binance', await derived('binance'), HURRIED),
);
exchangeContract('ccxt binanceusdm, by what ccxt says alone', async () =>
  atVenue('binanceusdm', await derived('binanceusdm'), HURRIED),
);

test.each(['binance', 'binanceusdm'])(
  'at %s what fills before anybody listens is told to the first who does, once',
  async (id) => {
    const { exchange, symbol, moveTo } = await atVenue(id);
    await exchange.open({ symbols: [symbol] });
    await exchange.submit(intentOf('t1', { symbol, amount: '0.5' }));
    await moveTo(101);
    const told: string[] = [];
    const listen = () =>
      exchange.onEvent((event) => {
        if (event.kind === 'fill') told.push(event.fill.tradeId);
      });
    listen();
    await Promise.resolve();
    const { fills } = await readFills(exchange, symbol);
    expect(fills).not.toEqual([]);
    expect(told).toEqual(fills.map(({ tradeId }) => tradeId));
    listen();
    await Promise.resolve();
    expect(told).toHaveLength(fills.length);
  },
);
