import { describe, expect, test } from 'vitest';
import { intentOf, refTo } from '../../../../tests/contracts/builders.ts';
import { type AtLocalVenue, atLocalVenue } from '../../../../tests/venue/testing/exchange-at-venue.ts';

/** What is asked, by the path that is struck. */
type Question = readonly [path: string, ask: (there: AtLocalVenue, symbol: string) => Promise<unknown>];

const orders: Question['1'] = ({ exchange }) => exchange.openOrders();
const account: Question['1'] = ({ exchange }) => exchange.account();
const fills: Question['1'] = ({ exchange }, symbol) => exchange.fills({ symbol, cursor: null, since: 0 });

const EVERYWHERE: readonly Question[] = [
  ['/exchangeInfo', ({ ccxt: { api, calls } }) => calls.make(() => api.loadMarkets(true))],
  ['/klines', ({ ccxt: { api, calls } }, symbol) => calls.make(() => api.fetchOHLCV(symbol, '1m'))],
  ['/aggTrades', ({ ccxt: { api, calls } }, symbol) => calls.make(() => api.fetchTrades(symbol))],
  ['/openOrders', orders],
  ['/account', account],
  ['GET', ({ exchange }, symbol) => exchange.order(refTo('resting', { symbol }))],
  [
    'POST',
    ({ exchange }, symbol) =>
      exchange.submit(intentOf('another', { symbol, amount: '0.5', limitPrice: '50' })),
  ],
];
const VENUES: readonly (readonly [string, string, readonly Question[]])[] = [
  ['binance', 'SOL/USDT', [...EVERYWHERE, ['/myTrades', fills]]],
  [
    'binanceusdm',
    'SOL/USDT:USDT',
    [
      ...EVERYWHERE,
      ['/openAlgoOrders', orders],
      ['/positionRisk', account],
      ['/userTrades', fills],
      ['/income', ({ exchange, venue }) => exchange.accountEvents(venue.now() - 60_000)],
    ],
  ],
];
const TRAPS = VENUES.flatMap(([id, symbol, questions]) =>
  questions.flatMap(([on, ask]) =>
    (['cut-json', 'empty-answer'] as const).map((fault) => ({ id, symbol, fault, on, ask })),
  ),
);

describe('an answer with HTTP 200 and not all of what is due in it', () => {
  test.each(TRAPS)('C1 is none: $fault of $on at $id', async ({ id, symbol, fault, on, ask }) => {
    const there = await atLocalVenue(id);
    await there.exchange.open({ symbols: [symbol] });
    // Something of everything that could be taken for nothing.
    await there.exchange.submit(intentOf('filled', { symbol, amount: '0.5' }));
    await there.exchange.submit(intentOf('resting', { symbol, amount: '0.5', limitPrice: '50' }));
    there.venue.faults.raise({ name: fault, on, forMs: 1_000 });
    await expect(ask(there, symbol)).rejects.toMatchObject({ fault: 'uncertain' });
    expect(there.venue.faults.strikes.map(({ name }) => name)).toContain(fault);
  });
});
