import { expect, test } from 'vitest';
import { MemoryStateStore } from '../../storage/index.ts';
import { referencePrices } from './reference-prices.ts';

test('reference prices outlive a restart, also those from before documents had versions', () => {
  const state = new MemoryStateStore();
  expect(referencePrices(state).read()).toEqual({ ok: true, value: {} });
  state.write('reference-prices', { 'BTC/USDT': 60_000 });
  expect(referencePrices(state).read()).toEqual({ ok: true, value: { 'BTC/USDT': 60_000 } });
  referencePrices(state).write({ 'BTC/USDT': 60_000, 'ETH/USDT': 3_000 });
  expect(referencePrices(state).read()).toMatchObject({ value: { 'ETH/USDT': 3_000 } });
});

test.each([
  ['text', { 'BTC/USDT': '60000' }],
  ['nothing', { 'BTC/USDT': 0 }],
  ['no number', { 'BTC/USDT': null }],
])('a price that is %s is no price to derive filters from', (_, prices) => {
  const state = new MemoryStateStore();
  state.write('reference-prices', prices);
  expect(referencePrices(state).read().ok).toBe(false);
});
