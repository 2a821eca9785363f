import { DAY_MS, type Dialect, type VenueAccess } from './dialect.ts';
import type { ErrorCodes } from './faults.ts';

const CODES: ErrorCodes = {
  by: 'code',
  code: 'retCode',
  message: 'retMsg',
  well: new Set(['0']),
  refusesWith200: true,
  orderUnknown: new Set(['110001', '170213']),
  unauthorised: new Set(['10003', '10004', '10005', '10010', '33004']),
  rateLimited: new Set(['10006', '10018']),
  // 403 for ten minutes after 600 requests in five seconds; also where it serves nobody of a country.
  shutOut: new Set([429, 418, 403]),
  // Some of their own failures look like refusals.
  uncertain: new Set([
    '10000',
    '10016',
    '10019',
    '429',
    '10429',
    '170007',
    '170032',
    '170146',
    '170147',
    '170149',
    '170234',
  ]),
  outOfTime: new Set(['10002']),
  alreadySo: new Set(['110043', '110025', '110026', '34040']),
};

/** Bybit as it is asked: its refusals come with HTTP 200, and a list is in a field of each answer. */
export const BYBIT_ACCESS: VenueAccess = {
  id: 'bybit',
  hasTestNetwork: true,
  codes: CODES,
  lists: {
    'instruments-info': 'result.list',
    kline: 'result.list',
    'recent-trade': 'result.list',
    orderbook: 'result.b',
    tickers: 'result.list',
    'wallet-balance': 'result.list',
    realtime: 'result.list',
    history: 'result.list',
    // Trades and positions.
    list: 'result.list',
  },
  // Options and inverse contracts are not traded here, and cost ten more questions at each opening.
  options: { fetchMarkets: { types: ['spot', 'linear'] } },
};

/** Of a unified account, which each of Bybit's is by now. */
export const BYBIT_SPOT: Dialect = {
  ...BYBIT_ACCESS,
  markets: 'spot',
  isProven: true,
  profile: {
    clientOrderId: { maxLength: 36, uniqueAmong: 'all-orders' },
    account: 'shared',
    // Spot stops there have no direction, and are cancelled and listed by kind: the engine watches the price.
    nativeStops: false,
    stopsBecomeOrders: false,
    maxStops: 0,
    goodTillDate: false,
    absence: { answers: 3, windowMs: 10_000 },
    fillsLookBackMs: 90 * DAY_MS,
  },
  options: {
    defaultType: 'spot',
    fetchMarkets: { types: ['spot'] },
    // Else ccxt asks what kind of account it is before the first order, and its failure looks like the order's.
    enableUnifiedMargin: false,
    enableUnifiedAccount: true,
    unifiedMarginStatus: 6,
  },
  // By a call for one order ccxt answers with some other one, where only our id is known.
  lookUp: {
    by: 'lists',
    ended: ['fetchCanceledAndClosedOrders'],
    asksByVenueId: false,
    idsIn: { client: 'orderLinkId', venue: 'orderId' },
    limit: 50,
  },
  openOrders: { bySymbol: true, limit: 50 },
  // Its streams go deaf for good after one failed log-in, and tell fills before and after what they were of.
  news: { everyMs: 1_000 },
  tellsPositionMode: false,
  tellsTime: true,
  ownIdField: null,
  // ccxt takes what was bought or sold for it, also where the trader pays in MNT.
  feeAssetField: 'feeCurrency',
  refusals: {
    field: 'rejectReason',
    words: new Set([
      'EC_PostOnlyWillTakeLiquidity',
      'EC_NoImmediateQtyToFill',
      'EC_NoEnoughQtyToFill',
      'EC_InsufficientBalance',
    ]),
  },
  stopParams: null,
  childField: null,
  // ccxt leaves liquidations out.
  fills: { by: 'time', limit: 100, windowMs: 7 * DAY_MS, hasEnd: true, params: { execType: undefined } },
  ledger: null,
  hasFundingHistory: false,
  money: null,
  reduceOnlyFlag: false,
  postOnlyParams: { postOnly: true },
  // "Disconnect cancel all".
  deadManSwitch: 'takes-stops',
  keyRights: null,
};
