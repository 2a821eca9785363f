import { expect, test } from 'vitest';
import type { MarketEvent } from '../../../domain/index.ts';
import { EventQueue } from './event-queue.ts';
import { bar, MINUTE_MS, OPENING } from './testing/fake-candle-venue.ts';

const never = new AbortController().signal;
const step = (second: number, price: number, symbol = 'BTC/USDT'): MarketEvent => ({
  kind: 'step',
  symbol,
  candle: bar(OPENING + second * 1_000, price, 1),
  durationMs: 1_000,
});
const closed = (symbol = 'BTC/USDT'): MarketEvent => ({ kind: 'bar', symbol, candle: bar(OPENING, 100) });

async function taken(queue: EventQueue): Promise<readonly MarketEvent[]> {
  const events: MarketEvent[] = [];
  for (
    let event = await queue.next(AbortSignal.abort());
    event;
    event = await queue.next(AbortSignal.abort())
  )
    events.push(event);
  return events;
}

test('events come in the order in which they were told, to whoever waits or comes later', async () => {
  const queue = new EventQueue(MINUTE_MS);
  const waiting = queue.next(never);
  queue.push(step(0, 100));
  queue.push(closed());
  expect(await waiting).toEqual(step(0, 100));
  expect(await queue.next(never)).toEqual(closed());
});

test('pieces of one bar that nobody took become one, which is all of them', async () => {
  const queue = new EventQueue(MINUTE_MS);
  for (const [second, price] of [
    [0, 100],
    [1, 120],
    [2, 90],
  ] as const)
    queue.push(step(second, price));
  expect(await taken(queue)).toEqual([
    {
      kind: 'step',
      symbol: 'BTC/USDT',
      candle: { openTime: OPENING, open: 100, high: 120, low: 90, close: 90, volume: 3 },
      durationMs: 3_000,
    },
  ]);
});

test('pieces of other symbols, of the next bar and after a bar stay apart', async () => {
  const queue = new EventQueue(MINUTE_MS);
  const events = [step(58, 100), step(58, 100, 'ETH/USDT'), step(61, 100), closed(), step(62, 100)];
  for (const event of events) queue.push(event);
  expect(await taken(queue)).toEqual(events);
});

test('an abort ends the wait and loses nothing', async () => {
  const queue = new EventQueue(MINUTE_MS);
  const stop = new AbortController();
  const waiting = queue.next(stop.signal);
  stop.abort();
  expect(await waiting).toBeUndefined();
  queue.push(closed());
  expect(await queue.next(never)).toEqual(closed());
});

test('at the end everybody who waits is told, and nothing comes any more', async () => {
  const queue = new EventQueue(MINUTE_MS);
  const waiting = [queue.next(never), queue.next(never)];
  queue.end();
  queue.push(closed());
  expect(await Promise.all(waiting)).toEqual([undefined, undefined]);
  expect(await queue.next(never)).toBeUndefined();
});
