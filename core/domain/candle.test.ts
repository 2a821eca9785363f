import { expect, test } from 'vitest';
import { type Candle, candleFault } from './index.ts';

const sound: Candle = { openTime: 60_000, open: 10, high: 12, low: 9, close: 11, volume: 5 };

test('a sound candle has no fault, also when nothing moved or traded', () => {
  expect(candleFault(sound)).toBeUndefined();
  expect(candleFault({ openTime: 0, open: 1, high: 1, low: 1, close: 1, volume: 0 })).toBeUndefined();
});

test.each([
  [{ close: Number.NaN }, 'close is not a finite number'],
  [{ high: Number.POSITIVE_INFINITY }, 'high is not a finite number'],
  [{ openTime: 0.5 }, 'the time is not a whole number of milliseconds'],
  [{ openTime: -1 }, 'the time is not a whole number of milliseconds'],
  [{ low: 0 }, 'low must be above 0'],
  [{ volume: -1 }, 'volume must not be negative'],
  [{ high: 8, open: 9, close: 9 }, 'high is below low'],
  [{ open: 13 }, 'open lies outside low..high'],
  [{ open: 8 }, 'open lies outside low..high'],
  [{ close: 13 }, 'close lies outside low..high'],
  [{ close: 8 }, 'close lies outside low..high'],
])('%j is a fault: %s', (wrong, fault) => {
  expect(candleFault({ ...sound, ...wrong })).toBe(fault);
});
