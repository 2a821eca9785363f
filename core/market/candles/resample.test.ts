import fc from 'fast-check';
import { expect, test } from 'vitest';
import { barOpenTime, type Candle } from '../../domain/index.ts';
import { DataError, resample } from '../index.ts';
import { anySeries, candle, candlesAt, HOUR_MS, MINUTE_MS, START } from '../testing/candles.ts';

const FIFTEEN_MS = 15 * MINUTE_MS;
const quarters = (...present: readonly boolean[]): Candle[] => candlesAt(START, FIFTEEN_MS, present);
const whole = [true, true, true, true];

test('four quarters make an hour', () => {
  expect(resample(quarters(...whole, ...whole), '15m', '1h')).toEqual([
    { openTime: START, open: 100, high: 106, low: 98, close: 104, volume: 46 },
    { openTime: START + HOUR_MS, open: 104, high: 110, low: 102, close: 108, volume: 62 },
  ]);
});

test('taker volume is summed when every piece has it', () => {
  const withTaker = quarters(...whole).map((piece) => ({ ...piece, takerBuyVolume: 2 }));
  expect(resample(withTaker, '15m', '1h')[0]).toHaveProperty('takerBuyVolume', 8);
  expect(resample([candle(START), ...withTaker.slice(1)], '15m', '1h')[0]).not.toHaveProperty(
    'takerBuyVolume',
  );
});

test.each<[string, readonly boolean[], readonly number[]]>([
  ['a hole in the middle of a bar', [true, false, true, true, ...whole], [0, 1]],
  ['a bar without any candle', [...whole, false, false, false, false, ...whole], [0, 2]],
  ['the first bar without its beginning', [false, true, true, true, ...whole], [1]],
  ['the last bar without its end', [...whole, true, true, true, false], [0]],
  ['an inner bar without its beginning or end', [...whole, false, true, true, false, ...whole], [0, 1, 2]],
  ['one bar without beginning or end', [false, true, true, false], []],
  ['one bar without an end', [true, true, true, false], []],
  ['nothing', [], []],
])('%s', (_, present, hours) => {
  const times = resample(quarters(...present), '15m', '1h').map(({ openTime }) => openTime);
  expect(times).toEqual(hours.map((hour) => START + hour * HOUR_MS));
});

test('the same timeframe is the same bars', () => {
  const candles = quarters(...whole);
  expect(resample(candles, '15m', '15m')).toEqual(candles);
});

test.each([
  ['1h', '15m'],
  ['3m', '5m'],
] as const)('bars of %s cannot become bars of %s', (from, to) => {
  expect(() => resample([], from, to)).toThrow(DataError);
});

test('a candle across the border of a bar is refused', () => {
  expect(() => resample([candle(START + HOUR_MS - MINUTE_MS)], '15m', '1h')).toThrow('crosses the border');
});

test('volume, high, low, open and close of every whole bar are those of its pieces', () => {
  fc.assert(
    fc.property(anySeries(FIFTEEN_MS), (candles) => {
      const bars = resample(candles, '15m', '1h');
      for (const bar of bars) {
        const pieces = candles.filter(({ openTime }) => barOpenTime(openTime, HOUR_MS) === bar.openTime);
        expect(bar.volume).toBe(pieces.reduce((total, { volume }) => total + volume, 0));
        expect(bar.high).toBe(Math.max(...pieces.map(({ high }) => high)));
        expect(bar.low).toBe(Math.min(...pieces.map(({ low }) => low)));
        expect([bar.open, bar.close]).toEqual([pieces[0]?.open, pieces.at(-1)?.close]);
      }
      const inside = new Set(candles.map(({ openTime }) => barOpenTime(openTime, HOUR_MS)));
      expect(bars.length).toBeGreaterThanOrEqual(inside.size - 2);
    }),
  );
});
