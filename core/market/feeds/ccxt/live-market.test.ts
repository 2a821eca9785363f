import { describe, expect, onTestFinished, test } from 'vitest';
import { VirtualTimers } from '../../../../tests/contracts/virtual-timers.ts';
import { SILENT_LOGGER } from '../../../domain/index.ts';
import { LiveMarket, type LiveVenue } from './live-market.ts';
import { FakeCandleVenue } from './testing/fake-candle-venue.ts';

const SYMBOL = 'BTC/USDT';
const START = 1_000_000;

type Reply = () => unknown;

/** A venue whose streams and answers a test decides. */
function scene(
  has: Readonly<Record<string, boolean>> = { watchOrderBook: true, watchTrades: true },
  answers = new Map<string, Reply>(),
) {
  const timers = new VirtualTimers();
  const asked: string[] = [];
  const waiting = new Map<string, { resolve(reply: unknown): void; reject(error: unknown): void }>();
  const watch = (what: string) => () =>
    new Promise<unknown>((resolve, reject) => waiting.set(what, { resolve, reject }));
  const ask = (what: string) => async (): Promise<unknown> => {
    asked.push(what);
    return answers.get(what)?.();
  };
  const fake = new FakeCandleVenue(timers, [SYMBOL]);
  const api: LiveVenue = Object.assign(fake, {
    watchOrderBook: watch('book'),
    watchTrades: watch('trades'),
    fetchOrderBook: ask('book'),
    fetchTrades: ask('trades'),
  });
  fake.has = has;
  const told: string[] = [];
  const live = new LiveMarket({
    line: { ...fake.line, api },
    contractSizes: new Map([[SYMBOL, 0.5]]),
    clock: { now: () => START + timers.now() },
    timers,
    log: SILENT_LOGGER,
    onBook: (symbol, { time, bids, asks }) =>
      told.push(`${symbol} book ${time - START}: ${bids.join()} | ${asks.join()}`),
    onTrade: (symbol, { time, price, amount }) =>
      told.push(`${symbol} trade ${time - START}: ${amount}@${price}`),
  });
  onTestFinished(() => live.close());
  live.start();
  const settle = (): Promise<void> => timers.pass(0);
  return {
    ...{ timers, asked, answers, told, live },
    async stream(what: string, reply: unknown): Promise<void> {
      await settle();
      waiting.get(what)?.resolve(reply);
      await settle();
    },
    async breakOff(what: string): Promise<void> {
      await settle();
      waiting.get(what)?.reject(new Error('the line broke'));
      await settle();
    },
  };
}

const book = (bid: number) => ({ bids: [[bid, 2]], asks: [[bid + 1, 2]] });
const trade = (id: string, at: number, timestamp = START) => ({ id, timestamp, price: at, amount: 2 });

describe('the live market', () => {
  test('tells books and trades as they are streamed, in coins', async () => {
    const { stream, told, timers, asked } = scene();
    await stream('book', book(99));
    await timers.pass(100);
    await stream('book', book(98));
    await stream('trades', [trade('1', 99), trade('2', 98)]);
    expect(told).toEqual([
      `${SYMBOL} book 0: 99,1 | 100,1`,
      `${SYMBOL} book 100: 98,1 | 99,1`,
      `${SYMBOL} trade 0: 1@99`,
      `${SYMBOL} trade 0: 1@98`,
    ]);
    expect(asked).toEqual([]);
  });

  test('tells each trade once, and none from before it listened', async () => {
    const { stream, told } = scene();
    await stream('trades', [trade('0', 97, START - 1), trade('1', 99)]);
    await stream('trades', [trade('1', 99), trade('2', 98)]);
    expect(told.map((line) => line.split('@')[1])).toEqual(['99', '98']);
  });

  test('remembers only so many trades', async () => {
    const { stream, told } = scene();
    const many = Array.from({ length: 2_001 }, (_, index) => trade(`${index}`, 99));
    await stream('trades', many);
    await stream('trades', [trade('0', 99), trade('2000', 99)]);
    expect(told).toHaveLength(2_002);
  });

  test('B5 asks when a stream says nothing for eight seconds, and listens on', async () => {
    const { stream, told, timers, asked, answers } = scene();
    answers.set('book', () => book(97));
    answers.set('trades', () => []);
    await stream('book', book(99));
    await timers.pass(7_999);
    expect(asked).toEqual([]);
    await timers.pass(1);
    expect(asked.toSorted()).toEqual(['book', 'trades']);
    await stream('book', book(96));
    expect(told.map((line) => line.split(': ')[1])).toEqual(['99,1 | 100,1', '97,1 | 98,1', '96,1 | 97,1']);
  });

  test('waits longer and longer after failures, and asks in the place of the stream', async () => {
    const { breakOff, told, timers, asked, answers } = scene();
    answers.set('book', () => book(97));
    await breakOff('book');
    await timers.pass(499);
    expect(asked).toEqual([]);
    await timers.pass(1);
    await breakOff('book');
    await timers.pass(999);
    expect(asked).toEqual(['book']);
    await timers.pass(1);
    expect(asked).toEqual(['book', 'book']);
    expect(told).toHaveLength(2);
  });

  test('goes on when an answer cannot be read, or does not come', async () => {
    const { breakOff, stream, told, timers, answers } = scene();
    answers.set('book', () => {
      throw new Error('the line is down');
    });
    await breakOff('book');
    await timers.pass(500);
    await stream('book', 'nonsense');
    await timers.pass(1_000);
    await stream('book', book(99));
    expect(told).toEqual([`${SYMBOL} book 1500: 99,1 | 100,1`]);
  });

  test('B1 asks every two seconds in the place of a stream that has lost a change, so that its book crosses', async () => {
    const { stream, told, timers, asked, answers } = scene();
    answers.set('book', () => book(97));
    const crossed = { bids: [[101, 2]], asks: [[100, 2]] };
    for (let second = 0; second < 6; second += 1) {
      await stream('book', crossed);
      await timers.pass(1_000);
    }
    expect(asked).toEqual(['book', 'book', 'book']);
    expect(told.map((line) => line.split(': ')[1])).toEqual(Array(3).fill('97,1 | 98,1'));
    await stream('book', book(99));
    expect(told).toHaveLength(4);
  });

  test('asks every two seconds where the venue streams nothing', async () => {
    const answers = new Map<string, Reply>([
      ['book', () => book(97)],
      ['trades', () => [trade('1', 97)]],
    ]);
    const { told, timers, asked } = scene({}, answers);
    await timers.pass(4_000);
    expect(asked.filter((what) => what === 'book')).toHaveLength(3);
    expect(told.filter((line) => line.includes('trade'))).toHaveLength(1);
  });

  test('tells nothing any more once it is closed', async () => {
    const { stream, breakOff, told, live, asked, timers } = scene();
    await stream('book', book(99));
    await live.close();
    await stream('book', book(98));
    await breakOff('trades');
    await timers.pass(60_000);
    expect([told.length, asked]).toEqual([1, []]);
  });
});
