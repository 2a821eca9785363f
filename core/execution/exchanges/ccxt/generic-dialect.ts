import { z } from 'zod';
import type { CcxtApi } from './ccxt-api.ts';
import { DAY_MS, type Dialect, type EndedList, type LookUp, type TradedKind } from './dialect.ts';
import { CCXT_CLASSES } from './faults.ts';

/** The part of a ccxt class that says what its venue can do. */
export type VenueClass = Pick<
  CcxtApi,
  'id' | 'name' | 'has' | 'features' | 'requiredCredentials' | 'urls' | 'options'
>;

const Flag = z.boolean().nullish().catch(null);
const Count = z.coerce.number().int().positive().nullish().catch(null);
const part = <T extends z.ZodRawShape>(shape: T) => z.object(shape).partial().nullish().catch(null);

/** What ccxt writes down of one kind of market, as far as it decides anything here. */
const FeaturesReply = z
  .object({
    sandbox: Flag,
    createOrder: part({
      stopLossPrice: Flag,
      marketBuyRequiresPrice: Flag,
      timeInForce: part({ PO: Flag }),
    }),
    fetchOrder: part({ trigger: Flag }),
    fetchOpenOrders: part({ trigger: Flag, limit: Count }),
    fetchMyTrades: part({ limit: Count, daysBack: Count, untilDays: Count }),
  })
  .partial();
type Features = z.infer<typeof FeaturesReply>;

/** An order is believed to be nowhere later than at a venue whose receive window is known. */
const ABSENCE = { answers: 5, windowMs: 60_000 } as const;
/** Of venues that do not say how many of an answer's rows there may be. */
const USUAL_LIMIT = 100;
/** How far back trades are asked for: what is told beyond costs a question a stretch. */
const USUAL_LOOK_BACK_DAYS = 30;
const LONGEST_LOOK_BACK_DAYS = 90;
const ROUND_MS = 3_000;

/**
 * How a venue is traded at of which nothing is known but what ccxt says, or undefined where it has no such markets. What
 * ccxt leaves open is answered by what can do no harm: a stop rests there only if ccxt can find it again, what fills
 * is asked for, and no order is believed to be nowhere before a minute of answers.
 */
export function genericDialect(api: VenueClass, kind: TradedKind): Dialect | undefined {
  if (api.has[kind === 'spot' ? 'spot' : 'swap'] !== true) return undefined;
  const { createOrder, fetchOrder, fetchOpenOrders, fetchMyTrades, sandbox } = featuresOf(api, kind);
  const can = (call: string): boolean => api.has[call] === true;
  const nativeStops =
    createOrder?.stopLossPrice === true && fetchOrder?.trigger === true && fetchOpenOrders?.trigger === true;
  const { limit, daysBack, untilDays } = fetchMyTrades ?? {};
  const lookBackDays = Math.min(daysBack ?? USUAL_LOOK_BACK_DAYS, LONGEST_LOOK_BACK_DAYS);
  return {
    id: api.id,
    markets: kind,
    isProven: false,
    profile: {
      clientOrderId: { maxLength: 32, uniqueAmong: 'open-orders', isUnproven: true },
      account: 'shared',
      nativeStops,
      stopsBecomeOrders: nativeStops,
      maxStops: 2,
      goodTillDate: false,
      absence: ABSENCE,
      fillsLookBackMs: lookBackDays * DAY_MS,
    },
    hasTestNetwork: api.urls.test !== undefined && sandbox !== false,
    codes: CCXT_CLASSES,
    lists: {},
    options: optionsOf(api, kind),
    lookUp: lookUpOf(can),
    openOrders: { bySymbol: true, limit: fetchOpenOrders?.limit ?? null },
    news: { everyMs: ROUND_MS },
    tellsPositionMode: can('fetchPositionMode'),
    tellsTime: can('fetchTime'),
    ownIdField: null,
    feeAssetField: null,
    refusals: null,
    stopParams: nativeStops ? { trigger: true } : null,
    childField: null,
    fills: {
      by: 'time',
      limit: limit ?? USUAL_LIMIT,
      windowMs: untilDays == null ? null : Math.min(untilDays, lookBackDays) * DAY_MS,
      hasEnd: untilDays != null,
    },
    ledger: null,
    hasFundingHistory: kind === 'perpetual' && can('fetchFundingHistory'),
    money: null,
    reduceOnlyFlag: kind === 'perpetual',
    postOnlyParams: createOrder?.timeInForce?.PO === true ? { postOnly: true } : null,
    deadManSwitch: can('cancelAllOrdersAfter') ? 'takes-stops' : 'none',
    keyRights: null,
  };
}

/** Why no order can go to such markets of a venue, in words that go on its name; empty where one can. */
export function lacksOf(api: VenueClass, kind: TradedKind): readonly string[] {
  const { createOrder } = featuresOf(api, kind);
  const without = (call: string): boolean => api.has[call] !== true;
  const lacks: readonly (readonly [boolean, string])[] = [
    [Object.values(api.requiredCredentials).every((needed) => !needed), 'names no key that it takes'],
    [without('createOrder') || without('cancelOrder'), 'takes no orders, or cancels none'],
    [api.has['createMarketOrder'] === false, 'has no market orders'],
    [
      kind === 'spot' && createOrder?.marketBuyRequiresPrice !== false,
      'buys at the market by cost and not by amount, or does not say',
    ],
    [without('fetchBalance'), 'tells no balance'],
    [without('fetchOpenOrders'), 'tells no working orders'],
    [without('fetchMyTrades'), 'tells no trades of ours'],
    [
      without('fetchOrder') && endedLists((call) => !without(call)).length === 0,
      'tells of no order what became of it',
    ],
    [kind === 'perpetual' && without('fetchPositions'), 'tells no positions'],
    [
      kind === 'perpetual' && (without('setLeverage') || without('setMarginMode')),
      'does not let margin and leverage be set',
    ],
  ];
  return lacks.flatMap(([isSo, words]) => (isSo ? [words] : []));
}

function featuresOf({ features }: VenueClass, kind: TradedKind): Features {
  const Kinds = z.object({
    spot: FeaturesReply.nullish().catch(null),
    swap: part({ linear: FeaturesReply.nullish().catch(null) }),
  });
  const told = Kinds.partial()
    .catch({})
    .parse(features ?? {});
  return (kind === 'spot' ? told.spot : told.swap?.linear) ?? {};
}

function lookUpOf(can: (call: string) => boolean): LookUp {
  return {
    by: 'lists',
    ended: endedLists(can),
    asksByVenueId: can('fetchOrder'),
    idsIn: null,
    limit: USUAL_LIMIT,
  };
}

/** The fewest lists that have every order that has ended. */
function endedLists(can: (call: string) => boolean): readonly EndedList[] {
  const whole = (['fetchOrders', 'fetchCanceledAndClosedOrders'] as const).find(can);
  if (whole !== undefined) return [whole];
  return (['fetchClosedOrders', 'fetchCanceledOrders'] as const).filter(can);
}

/** One kind of market alone is loaded: of two, ccxt takes one's for the other's where another host stands for the venue. */
function optionsOf({ options }: VenueClass, kind: TradedKind): Readonly<Record<string, unknown>> {
  const Types = z.object({ types: z.array(z.string()) });
  const { data } = Types.safeParse(options['fetchMarkets']);
  const types = data?.types.filter((type) =>
    kind === 'spot' ? type === 'spot' : ['linear', 'swap'].includes(type),
  );
  return {
    defaultType: kind === 'spot' ? 'spot' : 'swap',
    ...(types === undefined || types.length === 0 ? {} : { fetchMarkets: { types } }),
    warnOnFetchOpenOrdersWithoutSymbol: false,
    // ccxt asks for a snapshot that nobody waits for: its failure would end the process.
    watchPositions: { fetchPositionsSnapshot: false, awaitPositionsSnapshot: false },
  };
}
