import { expect, test } from 'vitest';
import { labelledNumbers } from './verdict-numbers.ts';

const lines = (numbers: Readonly<Record<string, number>>, symbol = 'BTC/USDT') =>
  labelledNumbers(numbers, symbol).map(({ label, value, limit }) =>
    [`${label}: ${value}`, limit]
      .filter((part) => part !== null)
      .join(', ')
      .replaceAll('\u00a0', ' '),
  );

test('the size of an entry reads as a sum, in the currencies of its symbol', () => {
  const numbers = {
    equity: 10_000,
    symbolExposure: 0.1234,
    openPositions: 1,
    maxPositions: 5,
    maxSymbolExposure: 0.3,
    riskPerTrade: 0.01,
    stopDistance: 1_904.5,
    wantedByRisk: 5_250.33,
    cash: 8_700,
    amount: 0.0186,
    notional: 1_771.46,
    lossAtStop: 35.42,
    lossAtStopShare: 0.003_542,
    roomSymbol: 1_766,
    roomStrategy: 4_766,
    roomPortfolio: 7_766,
  };
  expect(lines(numbers)).toEqual([
    'Equity: 10,000.00 USDT',
    'In this symbol: 12.3 %, max 30 %',
    'Positions: 1, max 5',
    'A stop may cost: 1 %',
    'Stop away by: 1,904.50 USDT',
    'Wanted by risk: 5,250.33 USDT',
    'Room in this symbol: 1,766.00 USDT',
    'Room in this strategy: 4,766.00 USDT',
    'Room altogether: 7,766.00 USDT',
    'Cash to spend: 8,700.00 USDT',
    'Amount: 0.0186 BTC',
    'Worth: 1,771.46 USDT',
    'Loss at the stop: 35.42 USDT',
    'Share lost at the stop: 0.354 %',
  ]);
});

test('what the risk of a trade would give is not said where the strategy states its target, and decides nothing', () => {
  const numbers = {
    riskPerTrade: 0.01,
    stopDistance: 6_686.13,
    wantedByRisk: 1_095.93,
    lossAtStopShare: 0.0182,
  };
  expect(lines({ ...numbers, wantedByTarget: 1_998.46 })).toEqual([
    'Stop away by: 6,686.13 USDT',
    'Wanted by the target: 1,998.46 USDT',
    'Share lost at the stop: 1.82 %',
  ]);
});

test.each([
  ['money of a fine currency', { notional: 0.001_234_56 }, 'ETH/BTC', ['Worth: 0.00123456 BTC']],
  ['a derivative', { amount: 2, notional: 100 }, 'ETH/USDT:USDT', ['Amount: 2 ETH', 'Worth: 100.00 USDT']],
  [
    'a drift',
    { drift: 0.312_345, maxEntryDrift: 0.5 },
    'BTC/USDT',
    ['Price moved by: 0.312 ATR, max 0.5 ATR'],
  ],
  [
    'the age of data',
    { ageMs: 47_200, clockOffsetMs: -300 },
    'BTC/USDT',
    ['Age of the last message: 47.2 s', 'Clocks apart by: 0.3 s'],
  ],
  [
    'a gate that is off',
    { costMultiple: 0, needed: 0 },
    'BTC/USDT',
    ['Must exceed costs: off', 'Needed: 0 %'],
  ],
  [
    'a gate that is on',
    { costMultiple: 1.5, needed: 0.0042 },
    'BTC/USDT',
    ['Must exceed costs: × 1.5', 'Needed: 0.42 %'],
  ],
  ['a single bar', { barsHeld: 1, minHoldBars: 3 }, 'BTC/USDT', ['Held for: 1 bar, min 3 bars']],
  ['a halt', { until: Date.UTC(2025, 0, 15, 4) }, 'BTC/USDT', ['Until: 2025-01-15 04:00 UTC']],
  ['a floor below which nothing is known yet', { minWinRate: 0.3 }, 'BTC/USDT', ['Win rate: –, min 30 %']],
  [
    'a share of almost nothing',
    { dailyLoss: -0.000_000_1, maxDailyLoss: 0.03 },
    'BTC/USDT',
    ['Lost today: 0 %, max 3 %'],
  ],
  ['a day in profit', { dailyLoss: -0.001_66, maxDailyLoss: 0.03 }, 'BTC/USDT', ['Lost today: 0 %, max 3 %']],
  ['a number that nobody has named', { someNewFigure: 0.5 }, 'BTC/USDT', ['some new figure: 0.5']],
  ['nothing', {}, 'BTC/USDT', []],
])('%s is told with its unit', (_name, numbers, symbol, told) => {
  expect(lines(numbers, symbol)).toEqual(told);
});
