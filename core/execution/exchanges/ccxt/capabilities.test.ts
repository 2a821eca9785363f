import { expect, test } from 'vitest';
import { capabilitiesOf, venueIds } from './capabilities.ts';

test.each([
  [
    'binance',
    {
      markets: ['spot'],
      credentials: ['apiKey', 'secret'],
      hasTestNetwork: true,
      hasDeadManSwitch: false,
      isTraded: true,
      isProven: true,
    },
  ],
  [
    'binanceusdm',
    { markets: ['perpetual'], hasTestNetwork: false, hasDeadManSwitch: true, isTraded: true, isProven: true },
  ],
  ['kraken', { markets: ['spot'], hasTestNetwork: false, isTraded: true, isProven: false, refusals: [] }],
  [
    'hyperliquid',
    {
      markets: ['spot', 'perpetual'],
      credentials: ['privateKey', 'walletAddress'],
      isTraded: false,
      isProven: false,
      refusals: [
        'spot: Hyperliquid takes order ids of a form of its own',
        'perpetuals: Hyperliquid takes order ids of a form of its own',
      ],
    },
  ],
])('%s is told as it is', async (id, expected) => {
  expect(await capabilitiesOf(id)).toMatchObject({ id, ...expected });
});

test('every venue of ccxt can be described, also one without sockets, and no other', async () => {
  const ids = await venueIds();
  expect(ids.length).toBeGreaterThan(90);
  const all = await Promise.all(ids.map(capabilitiesOf));
  expect(all.map((each) => each?.id)).toEqual(ids);
  expect(await capabilitiesOf('nowhere')).toBeUndefined();
});

test.each([
  ['bitfinex', 'spot'],
  ['ndax', 'spot'],
  ['lighter', 'perpetuals'],
])('no order goes to %s, which does not keep ids with letters', async (id, kind) => {
  const venue = await capabilitiesOf(id);
  expect(venue?.isTraded).toBe(false);
  expect(venue?.refusals).toContain(`${kind}: ${venue?.name} takes order ids that are numbers alone`);
});
