import type { VenueProfile } from '../../../domain/index.ts';
import type { Params } from './ccxt-api.ts';
import type { DueLists, ErrorCodes } from './faults.ts';

/** What it takes to ask a venue through ccxt, and to understand its refusals. */
export interface VenueAccess {
  /** The ccxt class. */
  readonly id: string;
  /** Whether the venue has a test network that ccxt can reach: it names some that are gone. */
  readonly hasTestNetwork: boolean;
  readonly codes: ErrorCodes;
  readonly lists: DueLists;
  /** Options of the ccxt class, by name. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** How one venue differs from others when it is spoken to through ccxt: data, so that no code asks for its name. */
export interface Dialect extends VenueAccess {
  readonly markets: 'spot' | 'perpetual';
  readonly profile: VenueProfile;
  /** The parameter that carries our id in calls about an order that exists. */
  readonly clientIdIn: string;
  /** Where the raw reply has our id when ccxt's own field has another. */
  readonly ownIdField: string | null;
  /** What every call about a stop that waits needs besides; null where stops are orders like any other. */
  readonly stopParams: Params | null;
  /** Where the raw order of a stop names the order that it became; null where it stays the same order. */
  readonly childField: string | null;
  readonly fills: FillPaging;
  /** How the venue lists money that moved by other ways than trades; null where it does not. */
  readonly ledger: LedgerWords | null;
  /** Where the raw balance has the money itself, when ccxt's total has open profits in it; null where it has not. */
  readonly money: MoneyWords | null;
  /** Whether reduce-only is a flag of the venue's. */
  readonly reduceOnlyFlag: boolean;
  /**
   * What makes a limit order one that never takes: ccxt's own word, which it turns into the venue's (`LIMIT_MAKER` on
   * Binance spot, `timeInForce` GTX on its futures). Null where the venue has no such orders.
   */
  readonly postOnlyParams: Params | null;
  /** Where the venue says what a key may do; null where it does not. */
  readonly keyRights: RightsWords | null;
}

/** The venue's words for what a derivatives account holds: a list of the raw balance, and fields of its rows. */
export interface MoneyWords {
  readonly list: string;
  readonly asset: string;
  readonly amount: string;
}

/** The venue's words for what a key may do: a call of its own, by ccxt's name for it, and flags of the reply. */
export interface RightsWords {
  readonly call: string;
  readonly trading: string;
  readonly withdrawals: string;
  readonly ipRestricted: string;
}

/** How a venue's list of our trades is read from beginning to end. */
export interface FillPaging {
  /** The parameter that takes the id of the first trade wanted. */
  readonly fromId: string;
  readonly limit: number;
  /** How long a stretch one question may cover, from its beginning on; null: any. */
  readonly windowMs: number | null;
}

/** The venue's words for what moved money. */
export interface LedgerWords {
  readonly typeField: string;
  /** What trades and their fees moved: that is in the trades. */
  readonly trades: ReadonlySet<string>;
  readonly funding: string;
  /** In or out by its sign. */
  readonly transfer: string;
  readonly limit: number;
  readonly windowMs: number;
  readonly lookBackMs: number;
}

const DAY_MS = 86_400_000;

const BINANCE_CODES: ErrorCodes = {
  code: 'code',
  message: 'msg',
  well: new Set(['0', '200']),
  refusesWith200: false,
  orderUnknown: new Set(['-2013', '-2011']),
  unauthorised: new Set(['-2015', '-2014', '-1022', '-1002']),
  rateLimited: new Set(['-1003', '-1015', '-1034']),
  uncertain: new Set(['-1000', '-1001', '-1006', '-1007', '-1008', '-1016']),
  outOfTime: new Set(['-1021']),
  alreadySo: new Set(['-4046', '-4059', '-4028']),
};

const BINANCE_LISTS: DueLists = {
  exchangeInfo: 'symbols',
  klines: null,
  aggTrades: null,
  openOrders: null,
};

/** An order that arrives after its receive window is refused: what is not there long after that never comes. */
const BINANCE_ABSENCE = { answers: 3, windowMs: 10_000 } as const;

const BINANCE: Dialect = {
  id: 'binance',
  markets: 'spot',
  profile: {
    clientOrderId: { maxLength: 36, uniqueAmong: 'open-orders' },
    account: 'shared',
    nativeStops: true,
    stopsBecomeOrders: false,
    maxStops: 5,
    goodTillDate: false,
    absence: BINANCE_ABSENCE,
    fillsLookBackMs: null,
  },
  hasTestNetwork: true,
  codes: BINANCE_CODES,
  lists: { ...BINANCE_LISTS, account: 'balances', myTrades: null },
  options: {
    defaultType: 'spot',
    fetchMarkets: { types: ['spot'] },
    fetchMargins: false,
    fetchCurrencies: false,
    fetchOpenOrders: { warnWithoutSymbol: false },
    warnOnFetchOpenOrdersWithoutSymbol: false,
    createOrder: { quoteOrderQty: false },
  },
  clientIdIn: 'origClientOrderId',
  // The reply to a cancel has a new random id where ours should be.
  ownIdField: 'origClientOrderId',
  stopParams: null,
  childField: null,
  fills: { fromId: 'fromId', limit: 500, windowMs: null },
  ledger: null,
  money: null,
  reduceOnlyFlag: false,
  postOnlyParams: { postOnly: true },
  keyRights: {
    call: 'sapiGetAccountApiRestrictions',
    trading: 'enableSpotAndMarginTrading',
    withdrawals: 'enableWithdrawals',
    ipRestricted: 'ipRestrict',
  },
};

const BINANCE_FUTURES: Dialect = {
  ...BINANCE,
  id: 'binanceusdm',
  markets: 'perpetual',
  hasTestNetwork: false,
  profile: { ...BINANCE.profile, stopsBecomeOrders: true, maxStops: 10, fillsLookBackMs: 90 * DAY_MS },
  lists: {
    ...BINANCE_LISTS,
    account: 'assets',
    openAlgoOrders: null,
    positionRisk: null,
    userTrades: null,
    income: null,
  },
  options: {
    defaultType: 'swap',
    fetchMarkets: { types: ['linear'] },
    fetchMargins: false,
    fetchCurrencies: false,
    fetchOpenOrders: { warnWithoutSymbol: false },
    warnOnFetchOpenOrdersWithoutSymbol: false,
    // ccxt asks for a snapshot that nobody waits for: its failure would end the process.
    watchPositions: { fetchPositionsSnapshot: false, awaitPositionsSnapshot: false },
  },
  ownIdField: null,
  clientIdIn: 'clientOrderId',
  stopParams: { trigger: true },
  childField: 'actualOrderId',
  fills: { fromId: 'fromId', limit: 500, windowMs: 7 * DAY_MS },
  ledger: {
    typeField: 'incomeType',
    trades: new Set(['REALIZED_PNL', 'COMMISSION']),
    funding: 'FUNDING_FEE',
    transfer: 'TRANSFER',
    limit: 1_000,
    windowMs: 7 * DAY_MS,
    lookBackMs: 90 * DAY_MS,
  },
  money: { list: 'assets', asset: 'asset', amount: 'walletBalance' },
  reduceOnlyFlag: true,
  keyRights: {
    call: 'sapiGetAccountApiRestrictions',
    trading: 'enableFutures',
    withdrawals: 'enableWithdrawals',
    ipRestricted: 'ipRestrict',
  },
};

/** Venues that orders may be sent to: each was tried, trap by trap, against a server that speaks as it does. */
export const DIALECTS: readonly Dialect[] = [BINANCE, BINANCE_FUTURES];

export function dialectOf(id: string): Dialect | undefined {
  return DIALECTS.find((dialect) => dialect.id === id);
}
