import { expect, test } from 'vitest';
import { readMarket, TICK_SIZE } from './markets.ts';

const market = (changes: object = {}) => ({
  active: true,
  contractSize: undefined,
  precision: { amount: '0.00001', price: '0.01' },
  limits: { amount: { min: '0.0001' }, cost: { min: '5' } },
  ...changes,
});

test('a market’s filters are as the venue has them', () => {
  const instrument = readMarket('BTC/USDT', market(), TICK_SIZE) ?? expect.fail('it was not read');
  const { tickSize, lotSize, minAmount, minNotional, contractSize, ...terms } = instrument;
  expect([tickSize, lotSize, minAmount, minNotional, contractSize].map((value) => value.toFixed())).toEqual([
    '0.01',
    '0.00001',
    '0.0001',
    '5',
    '1',
  ]);
  expect(terms).toEqual({
    symbol: 'BTC/USDT',
    base: 'BTC',
    quote: 'USDT',
    settle: 'USDT',
    kind: 'spot',
    isLinear: true,
    status: 'trading',
  });
});

test('#19 contracts are counted in coins', () => {
  const precision = { amount: '1', price: '0.1' };
  const instrument = readMarket('BTC/USDT:USDT', market({ contractSize: '0.001', precision }), TICK_SIZE);
  expect(instrument).toMatchObject({ kind: 'perpetual' });
  expect(instrument?.lotSize.toFixed()).toBe('0.001');
  expect(instrument?.minAmount.toFixed()).toBe('0.0000001');
});

test('precision told in decimal places is a step', () => {
  const instrument = readMarket('BTC/USDT', market({ precision: { amount: 3, price: 2 } }), 2);
  expect(instrument?.lotSize.toFixed()).toBe('0.001');
  expect(instrument?.tickSize.toFixed()).toBe('0.01');
});

test('without a minimum the least is a lot', () => {
  const limits = { amount: undefined, cost: undefined };
  const instrument = readMarket('BTC/USDT', market({ limits }), TICK_SIZE);
  expect(instrument?.minAmount.toFixed()).toBe('0.00001');
  expect(instrument?.minNotional.toFixed()).toBe('0');
});

test('one in maintenance is halted', () => {
  expect(readMarket('BTC/USDT', market({ active: false }), TICK_SIZE)?.status).toBe('halted');
});

test.each<[string, string, unknown, number]>([
  ['an inverse contract', 'BTC/USD:BTC', market(), TICK_SIZE],
  ['one that expires', 'BTC/USDT:USDT-250328', market(), TICK_SIZE],
  ['no symbol', 'BTC', market(), TICK_SIZE],
  ['filters that are missing', 'BTC/USDT', { active: true }, TICK_SIZE],
  ['a step of nothing', 'BTC/USDT', market({ precision: { amount: '0', price: '0.01' } }), TICK_SIZE],
  ['a tick of nothing', 'BTC/USDT', market({ precision: { amount: '1', price: '0' } }), TICK_SIZE],
  ['precision by significant digits', 'BTC/USDT', market(), 3],
])('V16 %s is not listed here', (_name, symbol, given, mode) => {
  expect(readMarket(symbol, given, mode)).toBeUndefined();
});
