import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Candle } from '../../../domain/index.ts';
import { BarPieces, type Piece } from './bar-pieces.ts';
import { MINUTE_MS, OPENING } from './testing/fake-candle-venue.ts';

/** A bar as it grows with each trade, and when it is looked at. */
const anyGrowth = fc
  .array(
    fc.record({
      price: fc.integer({ min: 50, max: 150 }),
      amount: fc.integer({ min: 0, max: 9 }),
      at: fc.integer({ min: -5_000, max: MINUTE_MS + 5_000 }),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((trades) => {
    let candle: Candle | null = null;
    return trades.map(({ price, amount, at }) => {
      const before: Candle = candle ?? {
        openTime: OPENING,
        open: price,
        high: price,
        low: price,
        close: price,
        volume: 0,
      };
      candle = {
        ...before,
        high: Math.max(before.high, price),
        low: Math.min(before.low, price),
        close: price,
        volume: before.volume + amount,
      };
      return { candle, at: OPENING + at };
    });
  });

test('whenever it is cut, the pieces lie side by side and make up the bar', () => {
  fc.assert(
    fc.property(anyGrowth, (growth) => {
      const pieces = new BarPieces(MINUTE_MS);
      const cut: Piece[] = growth.flatMap(({ candle, at }) => pieces.cut(candle, at) ?? []);
      const bar = growth.at(-1)?.candle;
      if (bar === undefined) throw new TypeError('it grew');
      cut.push(pieces.last(bar));
      let at = OPENING;
      for (const { candle, durationMs } of cut) {
        expect(candle.openTime).toBe(at);
        expect(durationMs).toBeGreaterThan(0);
        expect(candle.low).toBeLessThanOrEqual(Math.min(candle.open, candle.close));
        expect(candle.high).toBeGreaterThanOrEqual(Math.max(candle.open, candle.close));
        at += durationMs;
      }
      expect(at).toBe(OPENING + MINUTE_MS);
      expect(cut[0]?.candle.open).toBe(bar.open);
      expect(cut.at(-1)?.candle.close).toBe(bar.close);
      expect(Math.max(...cut.map(({ candle }) => candle.high))).toBe(bar.high);
      expect(Math.min(...cut.map(({ candle }) => candle.low))).toBe(bar.low);
      expect(cut.reduce((sum, { candle }) => sum + candle.volume, 0)).toBe(bar.volume);
    }),
  );
});

test('a bar that was told has no news until its price moves or volume comes', () => {
  const pieces = new BarPieces(MINUTE_MS);
  const bar: Candle = { openTime: OPENING, open: 10, high: 12, low: 9, close: 11, volume: 5 };
  expect(pieces.hasNews(bar)).toBe(true);
  pieces.cut(bar, OPENING + 1_000);
  expect(pieces.hasNews(bar)).toBe(false);
  expect(pieces.hasNews({ ...bar, close: 10 })).toBe(true);
  expect(pieces.hasNews({ ...bar, volume: 6 })).toBe(true);
  expect(pieces.hasNews({ ...bar, high: 13 })).toBe(true);
  expect(pieces.hasNews({ ...bar, low: 8 })).toBe(true);
});

test('a trade that the venue took back leaves a piece without volume', () => {
  const pieces = new BarPieces(MINUTE_MS);
  const bar: Candle = { openTime: OPENING, open: 10, high: 12, low: 9, close: 11, volume: 5 };
  pieces.cut(bar, OPENING + 1_000);
  expect(pieces.last({ ...bar, volume: 4 }).candle.volume).toBe(0);
});

test('in its last moment there is no room for a piece but the last', () => {
  const pieces = new BarPieces(MINUTE_MS);
  const bar: Candle = { openTime: OPENING, open: 10, high: 12, low: 9, close: 11, volume: 5 };
  pieces.cut(bar, OPENING + MINUTE_MS + 3_000);
  expect(pieces.cut({ ...bar, volume: 9 }, OPENING + MINUTE_MS + 4_000)).toBeNull();
  expect(pieces.last({ ...bar, volume: 9 })).toMatchObject({ durationMs: 1, candle: { volume: 4 } });
});
