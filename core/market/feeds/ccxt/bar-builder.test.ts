import { expect, test } from 'vitest';
import type { Candle } from '../../../domain/index.ts';
import { BarBuilder } from './bar-builder.ts';
import { bar, MINUTE_MS, OPENING } from './testing/fake-candle-venue.ts';

const at = (minute: number): number => OPENING + minute * MINUTE_MS;
const of = (minute: number, volume: number): Candle => bar(at(minute), 100, volume);
/** The bar of minute 0 is next. */
const started = (): BarBuilder => new BarBuilder(MINUTE_MS, at(-1));
const taken = (builder: BarBuilder): unknown[] =>
  builder.take().map((each) => (each.kind === 'bar' ? each.candle.volume : each));

test('C26 the stream closes a bar by beginning a later one', () => {
  const builder = started();
  builder.streamed([of(0, 1)]);
  builder.streamed([of(0, 2)]);
  expect(taken(builder)).toEqual([]);
  builder.streamed([of(0, 3), of(1, 1)]);
  expect(taken(builder)).toEqual([3]);
});

test('a late message takes a bar back neither before nor after it is closed', () => {
  const builder = started();
  builder.streamed([of(0, 5)]);
  builder.streamed([of(0, 4)]);
  expect(builder.forming?.volume).toBe(5);
  builder.streamed([of(1, 1)]);
  builder.streamed([of(0, 6)]);
  expect(taken(builder)).toEqual([5]);
  builder.streamed([of(0, 7)]);
  expect(taken(builder)).toEqual([]);
});

test('an answer closes a bar that has a later one in it', () => {
  const builder = started();
  builder.answered({ candles: [of(0, 5), of(1, 1)], settledUntil: at(1) - 1_000 });
  expect(taken(builder)).toEqual([5]);
});

test('an answer that knows less of a bar than the stream told closes it only when it says so again', () => {
  const builder = started();
  builder.streamed([of(0, 9)]);
  builder.broke();
  const behind = { candles: [of(0, 5), of(1, 1)], settledUntil: at(1) };
  builder.answered(behind);
  expect(taken(builder)).toEqual([]);
  builder.answered(behind);
  expect(taken(builder)).toEqual([5]);
});

test('C26 the newest bar of an answer is closed when two say the same after its end has settled', () => {
  const builder = started();
  builder.answered({ candles: [of(0, 5)], settledUntil: at(1) - 1 });
  builder.answered({ candles: [of(0, 5)], settledUntil: at(1) });
  expect(taken(builder)).toEqual([]);
  builder.answered({ candles: [of(0, 6)], settledUntil: at(1) + 1 });
  expect(taken(builder)).toEqual([]);
  builder.answered({ candles: [of(0, 6)], settledUntil: at(1) + 2 });
  expect(taken(builder)).toEqual([6]);
});

test.each(['open', 'high', 'low', 'close'] as const)(
  'two answers that differ in their %s do not agree',
  (name) => {
    const builder = started();
    builder.answered({ candles: [of(0, 5)], settledUntil: at(1) });
    builder.answered({ candles: [{ ...of(0, 5), [name]: 101 }], settledUntil: at(1) });
    expect(taken(builder)).toEqual([]);
  },
);

test('agreeing about a bar that is not over closes nothing', () => {
  const builder = started();
  for (let answer = 0; answer < 3; answer += 1)
    builder.answered({ candles: [of(0, 5)], settledUntil: at(0) });
  expect(taken(builder)).toEqual([]);
});

test('bars that two answers leave out before a later one are a gap', () => {
  const builder = started();
  const holed = { candles: [of(0, 5), of(3, 1), of(4, 1)], settledUntil: at(4) };
  builder.answered(holed);
  expect(taken(builder)).toEqual([5]);
  builder.answered(holed);
  expect(taken(builder)).toEqual([{ kind: 'gap', from: at(1), missingBars: 2 }, 1]);
});

test('a bar that the stream told and two answers do not have is none', () => {
  const builder = started();
  builder.streamed([of(0, 5)]);
  builder.broke();
  const without = { candles: [of(1, 1), of(2, 1)], settledUntil: at(2) };
  builder.answered(without);
  builder.answered(without);
  expect(taken(builder)).toEqual([{ kind: 'gap', from: at(0), missingBars: 1 }, 1]);
});

test('a bar that only one answer left out is no gap', () => {
  const builder = started();
  builder.answered({ candles: [of(1, 1), of(2, 1)], settledUntil: at(2) });
  builder.answered({ candles: [of(0, 5), of(1, 1), of(2, 1)], settledUntil: at(2) });
  expect(taken(builder)).toEqual([5, 1]);
});

test('it is stuck while a later bar has begun and nobody has closed the one before', () => {
  const builder = started();
  builder.streamed([of(0, 5)]);
  expect(builder.isStuck).toBe(false);
  builder.broke();
  builder.streamed([of(1, 1)]);
  expect(taken(builder)).toEqual([]);
  expect(builder.isStuck).toBe(true);
  builder.answered({ candles: [of(0, 8), of(1, 1)], settledUntil: at(1) });
  expect(taken(builder)).toEqual([8]);
  expect([builder.isStuck, builder.anchor, builder.next]).toEqual([false, at(0), at(1)]);
});

test('without a past, bars begin with the first that is seen', () => {
  const builder = new BarBuilder(MINUTE_MS, null);
  expect([builder.next, builder.forming, builder.isStuck]).toEqual([null, null, false]);
  builder.answered({ candles: [of(7, 1)], settledUntil: at(7) });
  builder.streamed([of(7, 2), of(8, 1)]);
  expect(taken(builder)).toEqual([2]);
});
