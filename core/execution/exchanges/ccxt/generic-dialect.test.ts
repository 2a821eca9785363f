import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { loadCcxt } from './ccxt-api.ts';
import { DAY_MS, type TradedKind } from './dialect.ts';
import { genericDialect, lacksOf, type VenueClass } from './generic-dialect.ts';
import { tradingAt, tradingOf } from './trading.ts';

const { exchanges, venue } = await loadCcxt();
const KINDS = ['spot', 'perpetual'] as const;
/** Every venue and kind of market of the installed ccxt, without asking anybody. */
const EVERY = exchanges.flatMap((id) => {
  const Venue = venue(id) ?? expect.fail(`ccxt lists ${id} and does not have it`);
  const api = new Venue({});
  return KINDS.map((kind) => ({
    id,
    kind,
    api,
    dialect: genericDialect(api, kind),
    lacks: lacksOf(api, kind),
  }));
});
const LISTED = EVERY.flatMap(({ dialect, ...each }) => (dialect === undefined ? [] : [{ ...each, dialect }]));
const TAKEN = LISTED.filter(({ lacks }) => lacks.length === 0);

/** A class that says everything well, with changes. */
function classOf(changes: {
  readonly has?: Readonly<Record<string, boolean>>;
  readonly features?: unknown;
  readonly options?: Record<string, unknown>;
  readonly test?: unknown;
}): VenueClass {
  const calls = [
    ...['spot', 'swap', 'createOrder', 'cancelOrder', 'fetchBalance', 'fetchOpenOrders', 'fetchMyTrades'],
    ...['fetchOrder', 'fetchOrders', 'fetchPositions', 'setLeverage', 'setMarginMode', 'fetchTime'],
  ];
  return {
    id: 'somewhere',
    name: 'Somewhere',
    has: { ...Object.fromEntries(calls.map((call) => [call, true])), ...changes.has },
    features: changes.features ?? { spot: { createOrder: { marketBuyRequiresPrice: false } } },
    requiredCredentials: { apiKey: true },
    urls: { api: 'https://somewhere.example', test: changes.test },
    options: changes.options ?? {},
  };
}
const dialectOf = (changes: Parameters<typeof classOf>[0], kind: TradedKind = 'spot') =>
  genericDialect(classOf(changes), kind) ?? expect.fail('it has such markets');

describe('of every venue in ccxt', () => {
  test('most spot markets and some perpetuals can be sent orders, each other with its reason', () => {
    const count = (kind: TradedKind) => [
      TAKEN.filter((each) => each.kind === kind).length,
      LISTED.filter((each) => each.kind === kind).length,
    ];
    const [spot = 0, spotListed = 0] = count('spot');
    const [perpetual = 0, perpetualListed = 0] = count('perpetual');
    expect(spot).toBeGreaterThan(spotListed / 2);
    expect(perpetual).toBeGreaterThan(10);
    expect(perpetual).toBeLessThan(perpetualListed);
  });

  test('none that takes orders lacks a call without which the books cannot be kept', () => {
    const kept = ['createOrder', 'cancelOrder', 'fetchBalance', 'fetchOpenOrders', 'fetchMyTrades'];
    const wrong = TAKEN.filter(({ api, dialect }) => {
      const calls =
        dialect.markets === 'spot' ? kept : [...kept, 'fetchPositions', 'setLeverage', 'setMarginMode'];
      return calls.some((call) => api.has[call] !== true);
    });
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  test('each can find an order: by its id, or in a list of those that have ended', () => {
    const lost = TAKEN.filter(
      ({ dialect: { lookUp } }) =>
        lookUp.by !== 'lists' || !(lookUp.asksByVenueId || lookUp.ended.length > 0),
    );
    expect(lost.map(({ id }) => id)).toEqual([]);
  });

  test('what ccxt leaves open is answered with care', () => {
    for (const { dialect } of LISTED) {
      const { profile, codes, fills, stopParams, isProven } = dialect;
      expect(isProven).toBe(false);
      expect(profile.clientOrderId).toEqual({ maxLength: 32, uniqueAmong: 'open-orders', isUnproven: true });
      expect(profile.absence).toEqual({ answers: 5, windowMs: 60_000 });
      expect(codes.by).toBe('class');
      expect(fills.limit).toBeGreaterThan(0);
      expect(profile.fillsLookBackMs).toBeLessThanOrEqual(90 * DAY_MS);
      expect(stopParams).toEqual(profile.nativeStops ? { trigger: true } : null);
    }
  });

  test('its keys are among those that can be kept', () => {
    const names = TAKEN.flatMap(({ api }) =>
      Object.keys(api.requiredCredentials).filter((name) => api.requiredCredentials[name] === true),
    );
    const known = [
      'apiKey',
      'secret',
      'password',
      'uid',
      'login',
      'accountId',
      'walletAddress',
      'privateKey',
    ];
    expect([...new Set(names)].filter((name) => !known.includes(name))).toEqual([]);
  });

  test('classes are asked for one kind of market, where they can be', () => {
    const wrong = LISTED.filter(({ kind, dialect: { options } }) => {
      const { types = [] } = (options['fetchMarkets'] ?? {}) as { readonly types?: readonly string[] };
      return kind === 'spot' ? types.some((type) => type !== 'spot') : types.includes('spot');
    });
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });
});

describe('a venue by its class', () => {
  test('has no such markets where ccxt does not say so', () => {
    expect(genericDialect(classOf({ has: { spot: false } }), 'spot')).toBeUndefined();
  });

  test('of which nothing is said beyond its calls is asked in pages, from a month ago on', () => {
    const dialect = dialectOf({ features: 'none' });
    expect(dialect.fills).toEqual({ by: 'time', limit: 100, windowMs: null, hasEnd: false });
    expect(dialect).toMatchObject({
      profile: { nativeStops: false, fillsLookBackMs: 30 * DAY_MS },
      openOrders: { bySymbol: true, limit: null },
      postOnlyParams: null,
      hasTestNetwork: false,
      reduceOnlyFlag: false,
      deadManSwitch: 'none',
    });
  });

  test('is taken at its word where that is told', () => {
    const features = {
      swap: {
        linear: {
          sandbox: true,
          createOrder: { stopLossPrice: true, timeInForce: { PO: true } },
          fetchOrder: { trigger: true },
          fetchOpenOrders: { trigger: true, limit: 50 },
          fetchMyTrades: { limit: 20, daysBack: 60, untilDays: 7 },
        },
      },
    };
    const has = { fetchPositionMode: true, fetchFundingHistory: true, cancelAllOrdersAfter: true };
    expect(dialectOf({ features, has, test: 'https://test.example' }, 'perpetual')).toMatchObject({
      profile: { nativeStops: true, stopsBecomeOrders: true, fillsLookBackMs: 60 * DAY_MS },
      openOrders: { limit: 50 },
      fills: { limit: 20, windowMs: 7 * DAY_MS, hasEnd: true },
      stopParams: { trigger: true },
      postOnlyParams: { postOnly: true },
      hasTestNetwork: true,
      reduceOnlyFlag: true,
      tellsPositionMode: true,
      hasFundingHistory: true,
      deadManSwitch: 'takes-stops',
    });
  });

  test('keeps no stop of ours where ccxt could not find it again', () => {
    const createOrder = { stopLossPrice: true };
    for (const features of [
      { spot: { createOrder, fetchOrder: { trigger: true } } },
      { spot: { createOrder, fetchOpenOrders: { trigger: true } } },
      { spot: { fetchOrder: { trigger: true }, fetchOpenOrders: { trigger: true } } },
    ])
      expect(dialectOf({ features }).profile.nativeStops).toBe(false);
  });

  test.each<[Readonly<Record<string, boolean>>, readonly string[]]>([
    [{}, ['fetchOrders']],
    [{ fetchOrders: false, fetchCanceledAndClosedOrders: true }, ['fetchCanceledAndClosedOrders']],
    [
      { fetchOrders: false, fetchClosedOrders: true, fetchCanceledOrders: true },
      ['fetchClosedOrders', 'fetchCanceledOrders'],
    ],
    [{ fetchOrders: false }, []],
  ])('with %j has as lists of ended orders %j', (has, ended) => {
    expect(dialectOf({ has }).lookUp).toMatchObject({ by: 'lists', ended });
  });

  test.each<[Parameters<typeof classOf>[0], TradedKind, string]>([
    [{ has: { cancelOrder: false } }, 'spot', 'takes no orders'],
    [{ has: { createOrder: false } }, 'spot', 'takes no orders'],
    [{ has: { createMarketOrder: false } }, 'spot', 'no market orders'],
    [{ features: { spot: { createOrder: { marketBuyRequiresPrice: true } } } }, 'spot', 'by cost'],
    [{ has: { fetchBalance: false } }, 'spot', 'no balance'],
    [{ has: { fetchOpenOrders: false } }, 'spot', 'no working orders'],
    [{ has: { fetchMyTrades: false } }, 'spot', 'no trades'],
    [{ has: { fetchOrder: false, fetchOrders: false } }, 'spot', 'what became of it'],
    [{ has: { fetchPositions: false } }, 'perpetual', 'no positions'],
    [{ has: { setLeverage: false } }, 'perpetual', 'margin and leverage'],
    [{ has: { setMarginMode: false } }, 'perpetual', 'margin and leverage'],
  ])('%j takes no order in %s: %s', (changes, kind, words) => {
    expect(lacksOf(classOf({}), kind)).toEqual([]);
    expect(lacksOf(classOf(changes), kind)).toEqual([expect.stringContaining(words)]);
  });

  test('without a key that it takes no orders go there', () => {
    expect(lacksOf({ ...classOf({}), requiredCredentials: { apiKey: false } }, 'spot')).toHaveLength(1);
  });

  test('with several kinds of market loads the one', () => {
    const options = { fetchMarkets: { types: ['spot', 'linear', 'inverse'] } };
    expect(dialectOf({ options }).options['fetchMarkets']).toEqual({ types: ['spot'] });
    expect(dialectOf({ options }, 'perpetual').options['fetchMarkets']).toEqual({ types: ['linear'] });
    expect(
      dialectOf({ options: { fetchMarkets: { types: ['future'] } } }).options['fetchMarkets'],
    ).toBeUndefined();
  });
});

describe('a venue to trade at', () => {
  test('is what was written down here, else what ccxt says, else refused by its name', async () => {
    expect(await tradingAt('binance', 'spot')).toMatchObject({ dialect: { isProven: true }, refusal: null });
    expect(await tradingAt('kraken', 'spot')).toMatchObject({ dialect: { isProven: false }, refusal: null });
    expect(await tradingAt('paymium', 'spot')).toEqual({
      dialect: null,
      refusal: expect.stringMatching(/^Paymium .*tells no working orders/),
    });
    expect(await tradingAt('nowhere', 'spot')).toBeUndefined();
    expect(await tradingAt('kraken', 'perpetual')).toBeUndefined();
  });

  test('in another name of ccxt’s is not in this one', () => {
    const binance = venue('binance') ?? expect.fail('ccxt has no binance');
    expect(tradingOf(new binance({}), 'perpetual')).toBeUndefined();
  });

  test.each([
    'bit2c',
    'bitbank',
    'bitbns',
    'bitopro',
    'bitvavo',
    'deribit',
    'hollaex',
    'independentreserve',
    'luno',
  ])('that tells our orders without our ids is refused: %s', async (id) => {
    expect(await tradingAt(id, 'spot')).toMatchObject({
      dialect: null,
      refusal: expect.stringContaining('keeps no order ids of ours'),
    });
  });

  test('that tells our orders without our ids is none, as its class is written', () => {
    const Class = z.object({
      parseOrder: z.custom<(row: unknown) => unknown>((value) => value instanceof Function),
    });
    const dropping = EVERY.filter(({ api, kind }) => tradingOf(api, kind)?.dialect != null).filter(
      ({ api }) => /'clientOrderId': undefined/.test(`${Class.parse(api).parseOrder}`),
    );
    expect(dropping.map(({ id }) => id)).toEqual([]);
  });

  test('that buys at the market by cost is refused, also where ccxt does not say so', async () => {
    for (const id of ['coinmate', 'coinsph', 'lbank', 'poloniex', 'toobit', 'xt'])
      expect(await tradingAt(id, 'spot')).toMatchObject({ refusal: expect.stringContaining('by cost') });
    expect(await tradingAt('xt', 'perpetual')).toMatchObject({ refusal: null });
  });

  test('of which ccxt says too much is refused', async () => {
    expect(await tradingAt('hyperliquid', 'perpetual')).toEqual({
      dialect: null,
      refusal: 'Hyperliquid takes order ids of a form of its own',
    });
  });
});
