import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Candle } from '../../domain/index.ts';
import { type CandleSeries, DataError, mergeCandles } from '../index.ts';
import { candle, candlesAt, HOUR_MS, MINUTE_MS, START } from '../testing/candles.ts';
import { describeSeries } from './candle-series.ts';

const hours = (from: number, to: number): Candle[] =>
  Array.from({ length: to - from }, (_, index) => candle(START + (from + index) * HOUR_MS, from + index));
const file = (name: string, candles: readonly Candle[]): CandleSeries => describeSeries(name, candles, 0);

test('files in any order become one series; bars in both are taken once', () => {
  const { candles, report } = mergeCandles([
    file('c', hours(8, 12)),
    file('a', hours(0, 5)),
    file('b', hours(3, 7)),
  ]);
  expect(candles.map(({ openTime }) => (openTime - START) / HOUR_MS)).toEqual([
    0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11,
  ]);
  expect(report).toMatchObject({ file: 'c + a + b', bars: 11, missingBars: 1, identicalDuplicates: 2 });
});

test('one file stays as it is', () => {
  const only = file('a', hours(0, 5));
  expect(mergeCandles([only])).toBe(only);
});

test('a bar with taker volume is preferred to the same bar without', () => {
  const plain = hours(0, 3);
  const rich = plain.map((each) => ({ ...each, takerBuyVolume: 1 }));
  expect(mergeCandles([file('a', plain), file('b', rich)]).candles).toEqual(rich);
  expect(mergeCandles([file('a', rich), file('b', plain)]).candles).toEqual(rich);
});

test.each([
  ['no file', [], 'no candle files were given'],
  [
    'two timeframes',
    [file('a', hours(0, 5)), file('b', candlesAt(START, MINUTE_MS, [true, true]))],
    'a + b: bars of 1h and 1m cannot be joined; give files of one timeframe',
  ],
  [
    'a bar on which they disagree',
    [file('a', hours(0, 3)), file('b', [...hours(1, 2), { ...candle(START + 2 * HOUR_MS, 2), volume: 1 }])],
    'a + b: they disagree on the bar of 2024-01-01 02:00; keep the file you trust',
  ],
])('%s is refused', (_, parts, message) => {
  expect(() => mergeCandles(parts)).toThrow(DataError);
  expect(() => mergeCandles(parts)).toThrow(message);
});

test('however a series is cut into overlapping files, joining gives the series', () => {
  const all = hours(0, 40);
  const piece = fc.tuple(fc.nat(37), fc.integer({ min: 3, max: 40 }));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 5 }), fc.integer({ min: 3, max: 37 }), (pieces, cut) => {
      const cuts = [
        ...pieces.map(([from, length]) => all.slice(from, from + length)),
        all.slice(0, cut),
        all.slice(cut),
      ];
      expect(mergeCandles(cuts.map((candles, index) => file(`${index}`, candles))).candles).toEqual(all);
    }),
  );
});
