import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import type { Candle } from '../../domain/index.ts';
import { candleCsv, csv, HEADER, readContent as read, row, SOUND } from '../testing/candle-files.ts';
import { anySeries, candle, HOUR_MS, START } from '../testing/candles.ts';

const first = (values: Partial<Candle> = {}): Candle => ({
  openTime: START,
  open: 10,
  high: 12,
  low: 9,
  close: 11,
  volume: 5,
  ...values,
});

describe('formats', () => {
  const binance = (start: number, hourUnit: number): string =>
    [0, 1, 2]
      .map(
        (hour) => `${start + hour * hourUnit},10,12,9,11,5,${start + (hour + 1) * hourUnit - 1},55,3,2,22,0`,
      )
      .join('\n');
  const binanceHeader =
    'open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore\n';
  const json = JSON.stringify([0, 1, 2].map((hour) => [START + hour * HOUR_MS, 10, 12, 9, 11, 5]));
  const withFlow = `${HEADER},quote_volume,trades,taker_buy_base,taker_buy_quote\n${[0, 1, 2].map((hour) => `${row(hour)},55,3,2,22`).join('\n')}`;

  test.each<[string, string, string | Uint8Array, Candle]>([
    ['CSV', 'a.csv', SOUND, first()],
    ['CSV without a last line end', 'a.csv', SOUND.trimEnd(), first()],
    [
      'CSV with Windows line ends, a byte order mark and blank last lines',
      'a.csv',
      `\ufeff${SOUND.replaceAll('\n', '\r\n')}\r\n\n`,
      first(),
    ],
    [
      'CSV in UTF-16, as PowerShell 5.1 writes it',
      'a.csv',
      Buffer.from(`\u{feff}${SOUND}`, 'utf16le'),
      first(),
    ],
    ['JSON with a byte order mark', 'a.json', `\u{feff}${json}`, first()],
    ['JSON in UTF-16 without one', 'a.json', Buffer.from(json, 'utf16le'), first()],
    ['CSV with the time column ts', 'a.csv', SOUND.replace('timestamp_ms', 'ts'), first()],
    [
      'CSV with columns in another order',
      'a.csv',
      `volume,ts,open,high,low,close\n5,${START},10,12,9,11\n5,${START + HOUR_MS},10,12,9,11\n`,
      first(),
    ],
    ['CSV with taker flow', 'a.csv', withFlow, first({ takerBuyVolume: 2 })],
    ['CSV in gzip', 'a.csv.gz', gzipSync(SOUND), first()],
    ['CSV in gzip by another name', 'a.data', gzipSync(SOUND), first()],
    [
      'CSV in two gzip members',
      'a.csv.gz',
      Buffer.concat([gzipSync(SOUND.slice(0, 70)), gzipSync(SOUND.slice(70))]),
      first(),
    ],
    ['Binance CSV in milliseconds', 'BTCUSDT-1h.csv', binance(START, HOUR_MS), first({ takerBuyVolume: 2 })],
    [
      'Binance CSV in microseconds',
      'BTCUSDT-1h.csv',
      binance(START * 1000, HOUR_MS * 1000),
      first({ takerBuyVolume: 2 }),
    ],
    [
      'Binance CSV with header',
      'BTCUSDT-1h.csv',
      binanceHeader + binance(START, HOUR_MS),
      first({ takerBuyVolume: 2 }),
    ],
    [
      'Binance zip',
      'BTCUSDT-1h.zip',
      zipSync({ 'BTCUSDT-1h.csv': Buffer.from(binance(START, HOUR_MS)) }),
      first({ takerBuyVolume: 2 }),
    ],
    [
      'a zip that is not compressed',
      'a.zip',
      zipSync({ 'a.csv': Buffer.from(SOUND) }, { level: 0 }),
      first(),
    ],
    [
      'a zip with a folder and a comment',
      'a.zip',
      zipSync({ 'data/': new Uint8Array(), 'data/a.csv': Buffer.from(SOUND) }, { comment: 'hourly' }),
      first(),
    ],
    ['freqtrade JSON', 'BTC_USDT-1h.json', json, first()],
    ['freqtrade JSON in gzip', 'BTC_USDT-1h.json.gz', gzipSync(json), first()],
  ])('%s', (_, name, content, expected) => {
    const { candles, timeframe } = read(content, name);
    expect(candles[0]).toEqual(expected);
    expect(timeframe).toBe('1h');
    expect(candles.at(-1)?.openTime).toBe(START + (candles.length - 1) * HOUR_MS);
  });

  test('what is written is read again as it was', () => {
    fc.assert(
      fc.property(
        anySeries(HOUR_MS).filter(({ length }) => length > 1),
        fc.boolean(),
        (series, withTaker) => {
          // Two bars at the start tell the timeframe whatever is missing after them.
          const start = [candle(START - 3 * HOUR_MS), candle(START - 2 * HOUR_MS), ...series];
          const candles = withTaker
            ? start.map((each) => ({ ...each, takerBuyVolume: each.volume / 3 }))
            : start;
          fc.pre(spacings(candles).filter((spacing) => spacing === HOUR_MS).length > candles.length / 2);
          expect(read(candleCsv(candles)).candles).toEqual(candles);
        },
      ),
    );
  });
});

const spacings = (candles: readonly Candle[]): number[] =>
  candles.slice(1).map(({ openTime }, index) => openTime - (candles[index]?.openTime ?? 0));

describe('the report', () => {
  test('counts bars, gaps and repeated rows', () => {
    const { report } = read(
      csv(row(0), row(1), row(1), row(4), row(5), row(6), row(8), row(5), row(9)),
      'btc.csv',
    );
    expect(report).toEqual({
      file: 'btc.csv',
      timeframe: '1h',
      timeframeMs: HOUR_MS,
      bars: 7,
      first: START,
      last: START + 9 * HOUR_MS,
      gaps: [
        { from: START + 2 * HOUR_MS, to: START + 4 * HOUR_MS, missing: 2 },
        { from: START + 7 * HOUR_MS, to: START + 8 * HOUR_MS, missing: 1 },
      ],
      missingBars: 3,
      identicalDuplicates: 2,
    });
  });

  test('the timeframe is the most frequent spacing, of equals the shortest', () => {
    expect(read(csv(row(0), row(1), row(3))).timeframe).toBe('1h');
    expect(read(csv(row(0), row(4), row(8), row(16))).timeframe).toBe('4h');
  });

  test('bars may open beside the full hour, if all do', () => {
    expect(read(SOUND.replaceAll(/^1(\d+)/gm, (time) => `${Number(time) + 20_000}`)).report).toMatchObject({
      bars: 3,
      missingBars: 0,
    });
  });
});
