import { describe, expect, test } from 'vitest';
import {
  amount,
  baseOf,
  briefPercent,
  clock,
  compact,
  date,
  dateTime,
  dateTimeSeconds,
  direction,
  duration,
  elapsed,
  figure,
  fixed,
  hourMinute,
  money,
  moneyDecimals,
  percent,
  price,
  quoteOf,
  reasonWords,
  shortTime,
  signed,
  signedMoney,
  signedPercent,
  speed,
  timeframeMs,
  words,
} from './index.ts';

describe('money', () => {
  test.each([
    ['10234.5', '10,234.50'],
    ['-3.456', '−3.46'],
    ['0', '0.00'],
    ['-0.001', '0.00'],
    ['12345678901234567890.12', '12,345,678,901,234,567,890.12'],
    ['0.005', '0.01'],
  ])('%s reads %s', (text, shown) => {
    expect(money(text)).toBe(shown);
  });

  test.each([
    ['12.3', '+12.30'],
    ['-12.3', '−12.30'],
    ['0', '0.00'],
    ['0.001', '0.00'],
    ['-0.001', '0.00'],
  ])('a result of %s reads %s', (text, shown) => {
    expect(signedMoney(text)).toBe(shown);
  });

  test.each([
    ['BTC/USDT', '0.00123456', '0.00', '0.00', 0],
    ['ETH/BTC', '0.00123456', '0.00123456', '+0.00123456', 1],
    ['ETH/BTC', '10242.04290587', '10,242.043', '+10,242.043', 1],
    ['ETH/BTC', '-15.13529501', '−15.135295', '−15.135295', -1],
    ['PEPE/BTC', '-0.000000001', '0.00000000', '0.00000000', 0],
    ['LINK/ETH:ETH', '-0.0012345', '−0.001235', '−0.001235', -1],
    ['odd', '1.5', '1.50', '+1.50', 1],
  ])(
    'of %s tells %s as finely as its currency is worth: %s, as a result %s',
    (symbol, value, plain, result, way) => {
      const decimals = moneyDecimals(quoteOf(symbol));
      expect(money(value, decimals)).toBe(plain);
      expect(signedMoney(value, decimals)).toBe(result);
      expect(direction(value, decimals)).toBe(way);
    },
  );

  test.each([
    ['12.3', 1],
    ['-0.01', -1],
    ['0.004', 0],
    ['-0.004', 0],
    [0, 0],
  ])('%s points to %i', (value, expected) => {
    expect(direction(value)).toBe(expected);
  });
});

describe('numbers', () => {
  test.each([
    [percent(12.345), '12.35\u00a0%'],
    [briefPercent(30), '30\u00a0%'],
    [briefPercent(0.4216), '0.422\u00a0%'],
    [briefPercent(12.345), '12.3\u00a0%'],
    [briefPercent(-3), '−3\u00a0%'],
    [briefPercent(-0.00001), '0\u00a0%'],
    [percent(30, 0), '30\u00a0%'],
    [signedPercent(-1.5), '−1.50\u00a0%'],
    [signedPercent(0.001), '0.00\u00a0%'],
    [signed(3, 1), '+3.0'],
    [fixed(-0.0001, 2), '0.00'],
    [fixed(1234.5, 2), '1,234.50'],
    [price('43120.5'), '43,120.50'],
    [price(187.2), '187.200'],
    [price('2.5'), '2.5000'],
    [price(0.1234567), '0.123457'],
    [price('0.0000123'), '0.00001230'],
    [price('0.0000000094'), '0.000000009400'],
    [price('0.0000000000015'), '0.000000000001500'],
    [price(1.5e-12), '0.000000000001500'],
    [price(0), '0.00000000'],
    [price('1600000000'), '1,600,000,000.00'],
    [amount('0.0125000'), '0.0125'],
    [amount('12'), '12'],
    [amount('0.0000062512'), '0.0000062512'],
    [amount('0.123456789'), '0.12345679'],
    [amount('0.0000000001'), '0.0000000001'],
    [amount('2382400000000'), '2,382,400,000,000'],
    [figure(30_000), '30,000'],
    [figure(1_234.567), '1,234.57'],
    [figure(1.23456), '1.2346'],
    [figure(0.123456), '0.12346'],
    [figure(-0.00001234), '−1.23e−5'],
    [figure(0), '0'],
    [compact(12_345), '12.35K'],
    [compact(4_560_000), '4.56M'],
  ])('%s is %s', (shown, expected) => {
    expect(shown).toBe(expected);
  });
});

describe('time', () => {
  const at = Date.UTC(2025, 2, 1, 14, 5, 9);

  test('is told in UTC', () => {
    expect(dateTime(at)).toBe('2025-03-01 14:05');
    expect(dateTimeSeconds(at)).toBe('2025-03-01 14:05:09');
    expect(date(at)).toBe('2025-03-01');
    expect(shortTime(at)).toBe('03-01 14:05');
    expect(clock(at)).toBe('14:05:09');
    expect(hourMinute(at)).toBe('14:05');
  });

  test.each([
    [-5, '0.0 s'],
    [420, '0.4 s'],
    [12_900, '12 s'],
    [180_000, '3 min'],
    [7_500_000, '2 h 05 min'],
    [100 * 3_600_000, '4 d 4 h'],
  ])('%i ms last %s', (ms, shown) => {
    expect(duration(ms)).toBe(shown);
  });

  test.each([
    [-5, '0.0 s'],
    [4_230, '4.2 s'],
    [72_500, '72.5 s'],
    [119_900, '119.9 s'],
    [180_000, '3 min'],
  ])('what took %i ms took %s', (ms, shown) => {
    expect(elapsed(ms)).toBe(shown);
  });

  test.each([
    [1, 'real time'],
    [600, '×600'],
    [1_200, '×1,200'],
  ])('a speed of %d is %s', (factor, shown) => {
    expect(speed(factor)).toBe(shown);
  });

  test.each([
    ['1m', 60_000],
    ['15m', 900_000],
    ['4h', 14_400_000],
    ['1d', 86_400_000],
  ] as const)('a candle of %s lasts %i ms', (timeframe, ms) => {
    expect(timeframeMs(timeframe)).toBe(ms);
  });
});

test.each([
  ['BTC/USDT', 'BTC', 'USDT'],
  ['BTC/USDT:USDT', 'BTC', 'USDT'],
  ['odd', 'odd', ''],
])('%s is %s for %s', (symbol, base, quote) => {
  expect(baseOf(symbol)).toBe(base);
  expect(quoteOf(symbol)).toBe(quote);
});

test.each([
  ['maxSymbolExposure', 'max symbol exposure'],
  ['out-of-distribution', 'out of distribution'],
  ['feedAge30Ms', 'feed age30 ms'],
])('%s in words is %s', (code, expected) => {
  expect(words(code)).toBe(expected);
});

test.each([
  ['late', 'late'],
  ['not-tradable', 'not tradable'],
  ['position-closed', 'position closed'],
  ['cost-gate:too-costly', 'cost gate: too costly'],
  ['position-limits:max-symbol-exposure', 'position limits: max symbol exposure'],
])('the reason %s reads %s', (code, expected) => {
  expect(reasonWords(code)).toBe(expected);
});
