import { expect, test } from 'vitest';
import { writtenZone } from './written-time.ts';

test.each([
  ['Date(UTC)', 0],
  ['dateutc', 0],
  ['Timestamp (UTC+0)', 0],
  ['Time(UTC+8)', 480],
  ['Time (UTC-03:30)', -210],
  ['Binance-Spot-Trade-History-202603230406(UTC--6)_abcd.csv', -360],
  ['fills_UTC+8-2024.csv', 480],
  ['x(UTC+0530).csv', 330],
  ['UTC+14', 840],
  // A date behind the word is no zone.
  ['trades-UTC-2024-01-31.csv', 0],
  ['trades-UTC-20240131.csv', 0],
  ['trades-UTC-01-31-2024.csv', 0],
  ['trades_UTC+202401.csv', 0],
  ['UTC+99.csv', 0],
  ['UTC+15', 0],
  ['Dutch.csv', null],
  ['Dutch(UTC+8).csv', 480],
  ['trades.csv', null],
])('the clock of %s is %s minutes before UTC', (given, minutes) => {
  expect(writtenZone(given)).toBe(minutes);
});
