/** Where a venue is asked, by kind of question. */
export type Addresses = string | { readonly [kind: string]: Addresses };

/** What a ccxt call takes besides its own arguments, in the venue's words. */
export type Params = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * The part of a ccxt exchange that is used here. What comes back is unknown until it has been read (`reading.ts`): a
 * cut body becomes an empty answer in ccxt, and an order that was never found becomes some other one.
 */
export interface CcxtApi {
  readonly id: string;
  readonly name: string;
  /** Unified calls by name: true, 'emulated', false, or undefined where nobody has tried. */
  readonly has: Readonly<Record<string, boolean | 'emulated' | undefined>>;
  /** What some calls can do, by kind of market. Undefined where ccxt has not written it down. */
  readonly features?: unknown;
  /** What the venue calls each length of a bar. */
  readonly timeframes: Readonly<Record<string, unknown>> | undefined;
  readonly requiredCredentials: Readonly<Record<string, boolean>>;
  /** Markets by symbol, once loaded. */
  readonly markets: Readonly<Record<string, unknown>> | undefined;
  /** Decimal places, significant digits or tick sizes: how `markets` gives precision. */
  readonly precisionMode: number;
  readonly urls: { api: Addresses; test?: unknown };
  readonly rateLimit: number;
  options: Record<string, unknown>;

  // ccxt calls these on itself: replacing them on the instance hardens it.
  fetch(url: string, method?: string, headers?: unknown, body?: unknown): Promise<unknown>;
  handleErrors(...reply: CcxtReply): unknown;
  throttle(cost?: number | string): Promise<unknown>;
  /** What a call costs, by the path of the venue's that it goes to. */
  calculateRateLimiterCost(kind: unknown, method: string, path: string, ...rest: readonly unknown[]): unknown;
  milliseconds(): number;
  log(...words: unknown[]): void;

  setSandboxMode(on: boolean): void;
  implodeHostname(url: string): string;
  loadHttpProxyAgent(): Promise<unknown>;
  close(): Promise<unknown>;
  loadMarkets(reload?: boolean): Promise<unknown>;
  fetchTime(): Promise<unknown>;
  fetchOHLCV(symbol: string, timeframe: string, since?: number, limit?: number): Promise<unknown>;
  watchOHLCV(symbol: string, timeframe: string): Promise<unknown>;
  fetchOrderBook(symbol: string, limit?: number): Promise<unknown>;
  watchOrderBook(symbol: string): Promise<unknown>;
  fetchTrades(symbol: string, since?: number, limit?: number): Promise<unknown>;
  watchTrades(symbol: string): Promise<unknown>;
  fetchBalance(params?: Params): Promise<unknown>;
  fetchPositions(symbols?: readonly string[], params?: Params): Promise<unknown>;
  fetchTradingFee(symbol: string): Promise<unknown>;
  fetchTicker(symbol: string): Promise<unknown>;
  createOrder(
    symbol: string,
    type: string,
    side: string,
    amount: string,
    price?: string,
    params?: Params,
  ): Promise<unknown>;
  cancelOrder(id: string | undefined, symbol: string, params?: Params): Promise<unknown>;
  fetchOrder(id: string | undefined, symbol: string, params?: Params): Promise<unknown>;
  fetchOpenOrders(symbol?: string, since?: number, limit?: number, params?: Params): Promise<unknown>;
  fetchOrders(symbol?: string, since?: number, limit?: number, params?: Params): Promise<unknown>;
  fetchClosedOrders(symbol?: string, since?: number, limit?: number, params?: Params): Promise<unknown>;
  fetchCanceledOrders(symbol?: string, since?: number, limit?: number, params?: Params): Promise<unknown>;
  fetchCanceledAndClosedOrders(
    symbol?: string,
    since?: number,
    limit?: number,
    params?: Params,
  ): Promise<unknown>;
  fetchMyTrades(symbol: string, since?: number, limit?: number, params?: Params): Promise<unknown>;
  fetchLedger(code?: string, since?: number, limit?: number, params?: Params): Promise<unknown>;
  fetchFundingHistory(symbol: string, since?: number, limit?: number): Promise<unknown>;
  fetchPositionMode(symbol?: string): Promise<unknown>;
  setLeverage(leverage: number, symbol: string): Promise<unknown>;
  setMarginMode(mode: string, symbol: string): Promise<unknown>;
  watchOrders(symbol?: string): Promise<unknown>;
  watchMyTrades(symbol?: string): Promise<unknown>;
}

/** An HTTP reply as ccxt hands it on. */
export type CcxtReply = readonly [
  status: number,
  statusText: string,
  url: string,
  method: string,
  headers: Readonly<Record<string, string | undefined>>,
  body: string,
  /** Parsed; undefined where the body is no JSON. */
  response: unknown,
  requestHeaders: unknown,
  requestBody: unknown,
];

/** A class of ccxt, with WebSocket where the venue has it. */
export type CcxtClass = new (config: Readonly<Record<string, unknown>>) => CcxtApi;

/** Every venue that ccxt knows. */
export interface Ccxt {
  readonly exchanges: readonly string[];
  /** The class of a venue, with WebSocket where ccxt has that; undefined for one that it does not know. */
  venue(id: string): CcxtClass | undefined;
  /** Whether an error is one of ccxt's. */
  isOwn(error: unknown): boolean;
}

interface CcxtModule {
  readonly default: {
    readonly exchanges: readonly string[];
    readonly BaseError: new (message: string) => Error;
    readonly pro: Readonly<Record<string, CcxtClass>>;
  } & Readonly<Record<string, unknown>>;
}

/** Loaded when first asked for: it takes half a second and 100 MB. */
export async function loadCcxt(): Promise<Ccxt> {
  // ccxt's own types promise numbers where we ask for text, and checked replies where there are none.
  const { default: ccxt } = (await import('ccxt')) as unknown as CcxtModule;
  return {
    exchanges: ccxt.exchanges,
    // Every name of the list is a class of the module.
    venue: (id) => ccxt.pro[id] ?? (ccxt.exchanges.includes(id) ? (ccxt[id] as CcxtClass) : undefined),
    isOwn: (error) => error instanceof ccxt.BaseError,
  };
}
