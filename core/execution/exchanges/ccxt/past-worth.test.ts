import { expect, test } from 'vitest';
import type { Instrument } from '../../../domain/index.ts';
import { PastWorth } from './past-worth.ts';
import { fakeCcxt } from './testing/fake-ccxt.ts';

const HOUR = 3_600_000;

/** A venue that lists these, and tells these hourly openings. */
function worthAt(listed: readonly string[], rows: readonly unknown[]) {
  const ccxt = fakeCcxt();
  ccxt.answers('fetchOHLCV', rows);
  // Only whether it is there is looked at.
  const instrument = (symbol: string) => (listed.includes(symbol) ? ({} as Instrument) : undefined);
  return { ...ccxt, worth: new PastWorth(ccxt, instrument) };
}

test('an asset is worth what it was when the hour of the trade began, and is asked about once for many hours', async () => {
  const { worth, asked } = worthAt(
    ['BNB/USDT'],
    [
      [5 * HOUR, '600.1', '0'],
      [6 * HOUR, '610.25', '0'],
    ],
  );
  expect(worth.known('BNB', 'USDT', 5 * HOUR)).toBeNull();
  await worth.ask('BNB', 'USDT', 5 * HOUR + 1);
  await worth.ask('BNB', 'USDT', 7 * HOUR - 1);
  expect(worth.known('BNB', 'USDT', 6 * HOUR - 1)?.toFixed()).toBe('600.1');
  expect(worth.known('BNB', 'USDT', 6 * HOUR)?.toFixed()).toBe('610.25');
  expect(asked).toEqual([['fetchOHLCV', 'BNB/USDT', '1h', 5 * HOUR, 1_000]]);
});

test('where only its perpetual is listed, that says what it was worth', async () => {
  const { worth, asked } = worthAt(['BNB/USDT:USDT'], [[0, '600', '0']]);
  await worth.ask('BNB', 'USDT', 1);
  expect(asked[0]?.[1]).toBe('BNB/USDT:USDT');
});

test.each<[string, readonly string[], readonly unknown[]]>([
  ['is not listed', [], [[0, '600', '0']]],
  ['was not traded then', ['BNB/USDT'], [[HOUR, '600', '0']]],
])('of an asset that %s nothing is made up', async (_what, listed, rows) => {
  const { worth } = worthAt(listed, rows);
  await expect(worth.ask('BNB', 'USDT', 1)).rejects.toThrow(
    'a fee was taken in BNB, and Fake does not tell what that was worth in USDT at 1970-01-01T00:00',
  );
});

test('an answer that is no list of candles is none', async () => {
  const { worth } = worthAt(['BNB/USDT'], [['?']]);
  await expect(worth.ask('BNB', 'USDT', 1)).rejects.toThrow('candles cannot be read');
});
