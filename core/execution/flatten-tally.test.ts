import { expect, test } from 'vitest';
import { DOUBTFUL, executionDesk } from '../../tests/contracts/execution-desk.ts';
import { VirtualTimers } from '../../tests/contracts/virtual-timers.ts';
import { VenueError } from '../domain/index.ts';
import { FlattenTally } from './flatten-tally.ts';
import { flattenIn } from './testing/flattening.ts';

const NONE = new Map<string, string>();

test('nothing was sent, and nothing is told of symbols with which nothing is wrong', () => {
  const tally = new FlattenTally(new VirtualTimers());
  expect(tally.results(['BTC/USDT'], [], NONE)).toEqual([]);
  expect([tally.cancelsSentMs, tally.closesSentMs]).toEqual([null, null]);
});

test('what was sent is counted by symbol, and the last of the first ones is timed', async () => {
  const timers = new VirtualTimers();
  const tally = new FlattenTally(timers);
  const begun = timers.monotonicMs();
  for (const [symbol, isFirst] of [
    ['A/USDT', true],
    ['B/USDT', true],
    ['A/USDT', false],
  ] as const) {
    tally.cancelled(symbol, isFirst);
    await timers.pass(10);
    tally.closed(symbol);
  }
  expect(tally.results([], [], NONE)).toEqual([
    { symbol: 'A/USDT', cancels: 2, closes: 2, failures: [], left: null },
    { symbol: 'B/USDT', cancels: 1, closes: 1, failures: [], left: null },
  ]);
  expect(tally.cancelsSentMs).toBe(begun + 10);
  expect(tally.closesSentMs).toBe(begun + 20);
});

test('a problem is its own symbol only, also where another name begins the same', () => {
  const tally = new FlattenTally(new VirtualTimers());
  const problems = [
    { about: 'BTC/USDT', line: 'one' },
    { about: 'BTC/USDT fills', line: 'two' },
    { about: 'BTC/USDT:USDT', line: 'three' },
    { about: 'account', line: 'four' },
  ];
  const left = new Map([['ETH/USDT', 'dust']]);
  expect(tally.results(['BTC/USDT', 'BTC/USDT:USDT'], problems, left)).toEqual([
    { symbol: 'ETH/USDT', cancels: 0, closes: 0, failures: [], left: 'dust' },
    { symbol: 'BTC/USDT', cancels: 0, closes: 0, failures: ['one', 'two'], left: null },
    { symbol: 'BTC/USDT:USDT', cancels: 0, closes: 0, failures: ['three'], left: null },
  ]);
});

test('a flattening tells what it did with each symbol, and when', async () => {
  const desk = executionDesk();
  await desk.enter('long', 100);
  await desk.place('working', { type: 'limit', limitPrice: 50, amount: 1 });
  const begun = desk.timers.monotonicMs();
  const { flat, symbols, cancelsSentMs, closesSentMs } = await flattenIn(desk);
  expect(flat).toBe(true);
  expect(symbols).toEqual([{ symbol: 'BTC/USDT', cancels: 1, closes: 1, failures: [], left: null }]);
  expect(cancelsSentMs).toBe(begun);
  expect(closesSentMs).toBe(begun);
});

test('an order of which nobody knows what became is told with its symbol', async () => {
  const desk = executionDesk({ profile: DOUBTFUL });
  desk.exchange.instead.submit = async () => {
    throw new VenueError('uncertain', 'timed out');
  };
  await desk.place('a');
  desk.exchange.instead.order = async () => {
    throw new VenueError('unavailable', 'in maintenance');
  };
  const { flat, symbols } = await flattenIn(desk);
  expect(flat).toBe(false);
  expect(symbols).toMatchObject([
    {
      symbol: 'BTC/USDT',
      failures: expect.arrayContaining(['simulated: it is not known what became of order a']),
    },
  ]);
});
