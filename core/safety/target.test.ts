import { expect, test } from 'vitest';
import { price, quoteAmount, text } from '../domain/index.ts';
import { allowedWorth, type EntryRequest, sizeEntry } from './index.ts';
import { exposures, REQUEST, SAFETY, withAccount } from './testing/entry-request.ts';

/** A target of a quarter of 10,000, its stop 10 below the price of 100. */
const TARGET = { ...REQUEST, targetShare: 0.25, stopPrice: price(90) };

test.each<[string, Partial<EntryRequest>, Partial<typeof SAFETY>, number]>([
  ['is the target where nothing stands against it', {}, {}, 2_500],
  ['is nothing of no target', { targetShare: 0 }, {}, 0],
  ["is cut to the symbol's limit", { targetShare: 0.5 }, {}, 3_000],
  [
    'is cut to it as well where more is held',
    { targetShare: 0.5, ...withAccount({ exposures: exposures({ 'BTC/USDT': 4_000 }) }) },
    {},
    3_000,
  ],
  [
    'is the target where more is held, whatever has no room',
    { ...withAccount({ exposures: exposures({ 'BTC/USDT': 4_000, X: 6_000 }) }) },
    {},
    2_500,
  ],
  [
    "is what is held and the strategy's room",
    withAccount({ exposures: exposures({ 'BTC/USDT': 1_000, X: 4_500 }) }),
    {},
    1_500,
  ],
  [
    'is what is held where nothing has room',
    withAccount({ exposures: exposures({ 'BTC/USDT': 1_000, X: 8_500 }) }),
    {},
    1_000,
  ],
  ['counts the open risk to its own stop', withAccount({ openRisk: quoteAmount(500) }), {}, 1_000],
  ['keeps the costs back from the cash', withAccount({ cash: quoteAmount(1_000) }), {}, 997],
])('what a strategy may have of its target %s', (_, request, settings, worth) => {
  const asked = { ...TARGET, ...request, targetShare: request.targetShare ?? 0.25, stopPrice: price(90) };
  expect(allowedWorth(asked, { ...SAFETY, ...settings }).toNumber()).toBe(worth);
});

test('a stop that the strategy places is the one that is planned, without any average true range', () => {
  const result = sizeEntry({ ...TARGET, atr: Number.NaN }, SAFETY);
  expect(result.ok && [text(result.plan.amount), text(result.plan.stopPrice)]).toEqual(['25', '90']);
});

test('one above the price would trigger at once', () => {
  expect(sizeEntry({ ...TARGET, stopPrice: price(101) }, SAFETY)).toMatchObject({ code: 'stop-too-close' });
});
