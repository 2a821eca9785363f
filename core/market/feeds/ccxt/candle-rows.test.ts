import { describe, expect, test } from 'vitest';
import { readCandleRows } from './candle-rows.ts';
import { MINUTE_MS, OPENING } from './testing/fake-candle-venue.ts';

const row = (minute: number, ...cells: readonly unknown[]): unknown[] => [
  OPENING + minute * MINUTE_MS,
  ...cells,
];
const good = row(0, 10, 12, 9, 11, 5);

describe('rows of candles', () => {
  test('are read whether ccxt gives numbers or text, in order of time', () => {
    const read = readCandleRows([row(1, '11', '11', '11', '11', '0'), good], MINUTE_MS);
    expect(read).toEqual([
      { openTime: OPENING, open: 10, high: 12, low: 9, close: 11, volume: 5 },
      { openTime: OPENING + MINUTE_MS, open: 11, high: 11, low: 11, close: 11, volume: 0 },
    ]);
  });

  test('may have more cells than are needed', () => {
    expect(readCandleRows([[...good, 7, null]], MINUTE_MS)).toHaveLength(1);
  });

  test.each<[string, unknown]>([
    ['no list', {}],
    ['nothing', undefined],
    ['undefined cells', [[undefined, undefined, undefined, undefined, undefined, undefined]]],
    ['a row that is cut', [good, row(1, 10, 12)]],
    ['no number', [row(0, 10, 'much', 9, 11, 5)]],
    ['empty text', [row(0, 10, 12, 9, '', 5)]],
    ['a volume of null', [row(0, 10, 12, 9, 11, null)]],
    ['an infinite price', [row(0, 10, Number.POSITIVE_INFINITY, 9, 11, 5)]],
    ['a price of zero', [row(0, 10, 12, 0, 11, 5)]],
    ['a close above the high', [row(0, 10, 12, 9, 13, 5)]],
    ['an open below the low', [row(0, 8, 12, 9, 11, 5)]],
    ['a volume below zero', [row(0, 10, 12, 9, 11, -1)]],
    ['a time off the grid', [[OPENING + 1, 10, 12, 9, 11, 5]]],
    ['a time in seconds', [[OPENING / 1_000 + 1, 10, 12, 9, 11, 5]]],
    ['the same bar twice', [good, good]],
  ])('with %s are an error, and never no bars', (_, reply) => {
    expect(() => readCandleRows(reply, MINUTE_MS)).toThrow("the venue's candles cannot be read");
  });
});
