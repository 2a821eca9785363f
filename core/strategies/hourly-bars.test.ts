import { describe, expect, it } from 'vitest';
import { HourlyBars } from './hourly-bars.ts';

const HOUR = 3_600_000;
const piece = (openTime: number, close: number, volume = 1) => ({
  ...{ openTime, open: close - 1, close, volume },
  ...{ high: close + 2, low: close - 3 },
});

describe('hourly bars', () => {
  it('are put together from pieces, and told again they change nothing', () => {
    const bars = new HourlyBars();
    for (let minute = 0; minute < 120; minute += 15)
      bars.take(piece(minute * 60_000, 100 + minute), 15 * 60_000);
    bars.take(piece(0, 9_999), HOUR);
    expect(bars.countAt(2 * HOUR)).toBe(2);
    expect(bars.before(2 * HOUR, 1)).toEqual({
      openTime: 0,
      open: 99,
      high: 147,
      low: 97,
      close: 145,
      volume: 4,
    });
    expect(bars.before(2 * HOUR, 0)).toMatchObject({ openTime: HOUR, close: 205 });
  });

  it('tell nothing of an hour that has not ended, nor of what comes after the moment asked about', () => {
    const bars = new HourlyBars();
    bars.take(piece(0, 100), HOUR);
    bars.take(piece(HOUR, 200), HOUR / 2);
    expect(bars.countAt(2 * HOUR)).toBe(1);
    bars.take(piece(1.5 * HOUR, 300), HOUR / 2);
    expect(bars.before(2 * HOUR, 0)?.close).toBe(300);
    expect(bars.before(HOUR, 0)?.close).toBe(100);
    expect(bars.countAt(HOUR - 1)).toBe(0);
    expect(bars.before(HOUR, 1)).toBeUndefined();
  });

  it('have a flat bar for an hour in which nothing was told, and none of bars that are too long', () => {
    const bars = new HourlyBars();
    bars.take(piece(0, 100), HOUR);
    bars.take(piece(3 * HOUR, 104), HOUR);
    expect(bars.before(4 * HOUR, 1)).toEqual({
      openTime: 2 * HOUR,
      open: 100,
      high: 100,
      low: 100,
      close: 100,
      volume: 0,
    });
    bars.take(piece(4 * HOUR, 1), 4 * HOUR);
    expect(bars.countAt(8 * HOUR)).toBe(4);
  });

  it('begin anew after a silence of years, and forget what nobody looks back on', () => {
    const bars = new HourlyBars();
    for (let hour = 0; hour < 20_000; hour += 1) bars.take(piece(hour * HOUR, hour), HOUR);
    expect(bars.countAt(20_000 * HOUR)).toBeLessThan(20_000);
    expect(bars.before(20_000 * HOUR, 9_000)?.close).toBe(10_999);
    bars.take(piece(900_000 * HOUR, 5), HOUR);
    expect(bars.countAt(900_001 * HOUR)).toBe(1);
    expect(new HourlyBars().countAt(HOUR)).toBe(0);
  });
});
