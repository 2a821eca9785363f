import { expect, test } from 'vitest';
import { bitcoinFirst, bitcoinOf, isBitcoin } from './index.ts';

test.each([
  ['BTC/USDT', true],
  ['BTC/USDC:USDC', true],
  ['ETH/BTC', false],
  ['BTCDOM/USDT', false],
  ['WBTC/USDT', false],
])('%s is bitcoin: %s', (symbol, expected) => {
  expect(isBitcoin(symbol)).toBe(expected);
});

test.each([
  ['ETH/USDT', ['BTC/USDT:USDT', 'BTC/USDT', 'ETH/USDT'], 'BTC/USDT'],
  ['ETH/USDT:USDT', ['BTC/USDT', 'BTC/USDT:USDT'], 'BTC/USDT:USDT'],
  ['ETH/USDC', ['BTC/USDT', 'BTC/USDT:USDT'], 'BTC/USDT'],
  ['ETH/USDT', ['SOL/USDT'], undefined],
  ['BTC/USDT', ['BTC/USDT', 'BTC/USDT:USDT'], undefined],
])('%s among %o is measured against %s', (symbol, symbols, expected) => {
  expect(bitcoinOf(symbol, symbols)).toBe(expected);
});

test('bitcoin goes first, on every market of it, and the order is kept otherwise', () => {
  const symbols = ['ETH/USDT', 'BTC/USDC', 'SOL/USDT', 'BTC/USDT', 'ADA/BTC'];
  expect(symbols.sort(bitcoinFirst)).toEqual(['BTC/USDC', 'BTC/USDT', 'ETH/USDT', 'SOL/USDT', 'ADA/BTC']);
});
