import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anySeries, HOUR_MS, START } from '../testing/candles.ts';
import { CandleColumns } from './candle-columns.ts';

test('candles in columns are the candles themselves, in whole and in part', () => {
  fc.assert(
    fc.property(anySeries(HOUR_MS), fc.nat(80), fc.nat(80), (candles, a, b) => {
      const columns = CandleColumns.of(candles);
      expect([...columns]).toEqual(candles);
      expect(columns.toArray()).toEqual(candles);
      expect([columns.length, columns.at(0), columns.at(-1)]).toEqual([
        candles.length,
        candles[0],
        candles.at(-1),
      ]);
      const [from, to] = [START + Math.min(a, b) * HOUR_MS, START + Math.max(a, b) * HOUR_MS];
      const within = candles.filter(({ openTime }) => openTime >= from && openTime < to);
      expect(columns.between(from, to).toArray()).toEqual(within);
      expect(CandleColumns.of(columns)).toBe(columns);
    }),
  );
});

test('what takers bought is kept where it is known', () => {
  const bar = { openTime: START, open: 1, high: 2, low: 1, close: 2, volume: 3 };
  const candles = [bar, { ...bar, openTime: START + 1, takerBuyVolume: 0 }];
  expect(CandleColumns.of(candles).toArray()).toEqual(candles);
  expect(() => new CandleColumns([])).toThrow(RangeError);
});
