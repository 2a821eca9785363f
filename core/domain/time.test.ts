import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  barOpenTime,
  ManualClock,
  TIMEFRAME_MS,
  TIMEFRAMES,
  timeframeOfMs,
  utcDayStart,
  utcText,
} from './index.ts';

describe('timeframes', () => {
  test('each has a length, and the length leads back to it', () => {
    for (const timeframe of TIMEFRAMES) {
      expect(timeframeOfMs(TIMEFRAME_MS[timeframe])).toBe(timeframe);
    }
    expect(TIMEFRAMES.map((timeframe) => TIMEFRAME_MS[timeframe])).toEqual(
      [...Object.values(TIMEFRAME_MS)].sort((a, b) => a - b),
    );
  });

  test('anything else is not one', () => {
    expect(timeframeOfMs(61_000)).toBeUndefined();
  });
});

test('an instant reads as a date and a time to the second, in UTC', () => {
  expect(utcText(Date.UTC(2024, 0, 31, 9, 5, 0, 999))).toBe('2024-01-31 09:05:00 UTC');
});

describe('bars', () => {
  test('a bar opens at or before an instant in it, aligned to the Unix epoch', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.constantFrom(...TIMEFRAMES), (at, timeframe) => {
        const length = TIMEFRAME_MS[timeframe];
        const open = barOpenTime(at, length);
        expect(open % length).toBe(0);
        expect(open <= at && at < open + length).toBe(true);
      }),
    );
  });

  test('a UTC day starts at midnight, whatever the machine thinks', () => {
    expect(utcDayStart(Date.UTC(2024, 1, 29, 23, 59, 59, 999))).toBe(Date.UTC(2024, 1, 29));
    expect(utcDayStart(Date.UTC(2024, 1, 29))).toBe(Date.UTC(2024, 1, 29));
  });
});

describe('a manual clock', () => {
  test('shows what it was last set to and never goes back', () => {
    const clock = new ManualClock(100);
    expect(clock.now()).toBe(100);
    clock.advanceTo(200);
    clock.advanceTo(150);
    expect(clock.now()).toBe(200);
  });
});
