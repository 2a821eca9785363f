import type { VenueProfile } from '../../../domain/index.ts';
import type { Params } from './ccxt-api.ts';
import type { DueLists, ErrorCodes, ErrorWords } from './faults.ts';

/** What it takes to ask a venue through ccxt, and to understand its refusals. */
export interface VenueAccess {
  /** The ccxt class. */
  readonly id: string;
  /** Whether the venue has a test network that ccxt can reach: it names some that are gone. */
  readonly hasTestNetwork: boolean;
  readonly codes: ErrorWords;
  readonly lists: DueLists;
  /** Options of the ccxt class, by name. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What the venue takes of one address, as its documents have it; absent: as ccxt paces itself. */
  readonly limit?: VenueLimit;
}

/** In units of what calls cost in ccxt, which are not always the venue's own. */
export interface VenueLimit {
  readonly unitsPerMinute: number;
  /** Calls of which ccxt has a lower cost than the venue's documents, by their path there. */
  readonly costs: Readonly<Record<string, number>>;
  /** A header of each reply that says what was used of the address's minute, by whomever; in lower case. */
  readonly used?: UsedHeader;
}

export interface UsedHeader {
  readonly header: string;
  /** How many of what it counts are one of the units here. */
  readonly perUnit: number;
}

/** How one venue differs from others when it is spoken to through ccxt: data, so that no code asks for its name. */
export interface Dialect extends VenueAccess {
  readonly markets: TradedKind;
  /** Whether it was tried, trap by trap, against a server that speaks as the venue does; else it is what ccxt says. */
  readonly isProven: boolean;
  readonly profile: VenueProfile;
  readonly lookUp: LookUp;
  readonly openOrders: OpenOrdersCall;
  /** How it is heard what happens on the account: by the venue's streams, or by asking so often. */
  readonly news: 'streams' | { readonly everyMs: number };
  /** Whether the venue says if long and short positions are held apart; else that is seen at positions alone. */
  readonly tellsPositionMode: boolean;
  readonly tellsTime: boolean;
  /** Where the raw reply has our id when ccxt's own field has another. */
  readonly ownIdField: string | null;
  /** Where the raw row of a trade names the asset of its fee, when ccxt guesses it; null where it does not. */
  readonly feeAssetField: string | null;
  /** Where the raw row of an order says why it ended, and which of that means that it was refused. */
  readonly refusals: { readonly field: string; readonly words: ReadonlySet<string> } | null;
  /** What every call about a stop that waits needs besides; null where stops are orders like any other. */
  readonly stopParams: Params | null;
  /** Where the raw order of a stop names the order that it became; null where it stays the same order. */
  readonly childField: string | null;
  readonly fills: FillPaging;
  /** How the venue lists money that moved by other ways than trades; null where it does not. */
  readonly ledger: LedgerWords | null;
  /** Whether funding is asked for by itself, symbol by symbol, where nothing else that moved money is told. */
  readonly hasFundingHistory: boolean;
  /** Where the raw balance has the money itself, when ccxt's total has open profits in it; null where it has not. */
  readonly money: MoneyWords | null;
  /** Whether reduce-only is a flag of the venue's. */
  readonly reduceOnlyFlag: boolean;
  /**
   * What makes a limit order one that never takes: ccxt's own word, which it turns into the venue's (`LIMIT_MAKER` on
   * Binance spot, `timeInForce` GTX on its futures). Null where the venue has no such orders.
   */
  readonly postOnlyParams: Params | null;
  /**
   * Whether the venue cancels everything by itself once it has not been called for a while. Such a switch is never armed
   * where it takes with it the orders that protect and reduce, as all that are known do: a line that breaks would leave a
   * position without its stop.
   */
  readonly deadManSwitch: DeadManSwitch;
  /** Where the venue says what a key may do; null where it does not. */
  readonly keyRights: RightsWords | null;
}

/** The venue's words for what a derivatives account holds: a list of the raw balance, and fields of its rows. */
export interface MoneyWords {
  readonly list: string;
  readonly asset: string;
  readonly amount: string;
}

/** `takes-stops` is also what is believed of a switch of which nobody says what it leaves standing. */
export type DeadManSwitch = 'none' | 'takes-stops';

/** The venue's words for what a key may do: a call of its own, by ccxt's name for it, and flags of the reply. */
export interface RightsWords {
  readonly call: string;
  readonly trading: string;
  readonly withdrawals: string;
  readonly ipRestricted: string;
}

export type TradedKind = 'spot' | 'perpetual';

/** How one order is found. */
export type LookUp =
  /** By a call for one order, in which a parameter carries our id. */
  | { readonly by: 'order'; readonly clientIdIn: string }
  /** In the symbol's lists of orders, working ones first: not every venue can be asked for one by our id. */
  | {
      readonly by: 'lists';
      /** The lists of orders that have ended. With none, an order that does not work cannot be told of. */
      readonly ended: readonly EndedList[];
      /** Whether one whose id at the venue is known is asked for by it. */
      readonly asksByVenueId: boolean;
      /** The parameters by which a list is of one order; null: rows are gone through. */
      readonly idsIn: { readonly client: string; readonly venue: string } | null;
      /** As many rows may be cut off. */
      readonly limit: number;
    };

export type EndedList =
  | 'fetchOrders'
  | 'fetchCanceledAndClosedOrders'
  | 'fetchClosedOrders'
  | 'fetchCanceledOrders';

/** How the list of working orders is had. */
export interface OpenOrdersCall {
  /** Whether it is asked for by symbol, since in one for all some would be missing. */
  readonly bySymbol: boolean;
  /** As many rows as an answer holds: with so many, some may be missing. Null: it holds them all. */
  readonly limit: number | null;
  /** Up to so many symbols are cheaper to ask about one by one than all at once; absent: none. */
  readonly fewSymbols?: number;
}

/** How a venue's list of our trades is read from beginning to end. */
export type FillPaging = FillPagingById | FillPagingByTime;

export interface FillPagingById {
  readonly by: 'id';
  /** The parameter that takes the id of the first trade wanted. */
  readonly fromId: string;
  readonly limit: number;
  /** How long a stretch one question may cover, from its beginning on; null: any. */
  readonly windowMs: number | null;
}

export interface FillPagingByTime {
  readonly by: 'time';
  readonly limit: number;
  readonly windowMs: number | null;
  /** Whether a question may name its end: where an answer is full, that tells which end of the stretch is missing. */
  readonly hasEnd: boolean;
  /** What every question says besides; undefined takes back what ccxt would say. */
  readonly params?: Readonly<Record<string, undefined>>;
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

export const DAY_MS = 86_400_000;

const BINANCE_CODES: ErrorCodes = {
  by: 'code',
  code: 'code',
  message: 'msg',
  well: new Set(['0', '200']),
  refusesWith200: false,
  orderUnknown: new Set(['-2013', '-2011']),
  unauthorised: new Set(['-2015', '-2014', '-1022', '-1002']),
  rateLimited: new Set(['-1003', '-1015', '-1034']),
  shutOut: new Set([429, 418]),
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
  isProven: true,
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
  // 6,000 of the venue's own, of which ccxt counts five as one.
  limit: { unitsPerMinute: 1_200, costs: {}, used: { header: 'x-mbx-used-weight-1m', perUnit: 5 } },
  lookUp: { by: 'order', clientIdIn: 'origClientOrderId' },
  openOrders: { bySymbol: false, limit: null, fewSymbols: 10 },
  news: 'streams',
  tellsPositionMode: true,
  tellsTime: true,
  // The reply to a cancel has a new random id where ours should be.
  ownIdField: 'origClientOrderId',
  feeAssetField: null,
  refusals: null,
  stopParams: null,
  childField: null,
  fills: { by: 'id', fromId: 'fromId', limit: 500, windowMs: null },
  ledger: null,
  hasFundingHistory: false,
  money: null,
  reduceOnlyFlag: false,
  postOnlyParams: { postOnly: true },
  deadManSwitch: 'none',
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
  limit: {
    unitsPerMinute: 2_400,
    costs: { account: 5, balance: 5, positionRisk: 5 },
    used: { header: 'x-mbx-used-weight-1m', perUnit: 1 },
  },
  ownIdField: null,
  lookUp: { by: 'order', clientIdIn: 'clientOrderId' },
  stopParams: { trigger: true },
  childField: 'actualOrderId',
  fills: { by: 'id', fromId: 'fromId', limit: 500, windowMs: 7 * DAY_MS },
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
  // `countdownCancelAll`: all open orders of the symbol, reduce-only ones among them.
  deadManSwitch: 'takes-stops',
  keyRights: {
    call: 'sapiGetAccountApiRestrictions',
    trading: 'enableFutures',
    withdrawals: 'enableWithdrawals',
    ipRestricted: 'ipRestrict',
  },
};

export const BINANCE_DIALECTS: readonly Dialect[] = [BINANCE, BINANCE_FUTURES];
