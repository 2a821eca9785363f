import { expect, test } from 'vitest';
import type { CcxtApi } from './ccxt-api.ts';
import { TICK_SIZE } from './markets.ts';
import { publicAccess } from './public-access.ts';
import { publicTerms } from './public-terms.ts';

const market = {
  precision: { amount: '0.001', price: '0.1' },
  limits: {},
  maker: '0.0002',
  taker: 0.0005,
};

const venue = (markets: Readonly<Record<string, unknown>> | undefined): CcxtApi =>
  // Only what is read of it.
  ({ markets, precisionMode: TICK_SIZE }) as CcxtApi;

test('a market’s filters and fees are what the venue says to everybody', () => {
  const terms = publicTerms(venue({ 'BTC/USDT': market }), 'BTC/USDT');
  expect(terms?.instrument.tickSize.toFixed()).toBe('0.1');
  expect([terms?.makerFeeBps, terms?.takerFeeBps]).toEqual([2, 5]);
});

test('fees that it does not say are not made up', () => {
  const silent = { ...market, maker: undefined, taker: '' };
  expect(publicTerms(venue({ 'BTC/USDT': silent }), 'BTC/USDT')).toMatchObject({
    makerFeeBps: null,
    takerFeeBps: null,
  });
});

test.each([
  ['markets that were not loaded', undefined],
  ['another market', { 'ETH/USDT': market }],
  ['a market that cannot be read', { 'BTC/USDT': { precision: {} } }],
])('of %s there are no terms', (_, markets) => {
  expect(publicTerms(venue(markets), 'BTC/USDT')).toBeUndefined();
});

test('a venue that was never traded at is asked by what ccxt says, and so is the other market of one that was', () => {
  expect(publicAccess('binance', 'spot').codes.unauthorised.size).toBeGreaterThan(0);
  expect(publicAccess('binance', 'perpetual')).toMatchObject({ id: 'binance', hasTestNetwork: false });
  expect(publicAccess('kraken', 'spot')).toMatchObject({ id: 'kraken', hasTestNetwork: false, options: {} });
});
