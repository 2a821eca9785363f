/** The part of a ccxt exchange that candles come from. What comes back is unknown until `candle-rows.ts` has read it. */
export interface CandleVenue {
  readonly id: string;
  readonly name: string;
  /** Unified calls by name: true, 'emulated', false, or undefined where nobody has tried. */
  readonly has: Readonly<Record<string, boolean | 'emulated' | undefined>>;
  /** The venue's words for the timeframes that it offers; undefined where it offers none. */
  readonly timeframes?: Readonly<Record<string, unknown>> | undefined;
  /** What some calls can do, by kind of market. Undefined where ccxt has not written it down. */
  readonly features?: unknown;
  /** Milliseconds between requests that the venue allows. */
  readonly rateLimit: number;
  /** Markets by symbol, once loaded. */
  readonly markets: Readonly<Record<string, unknown>> | undefined;
  loadMarkets(): Promise<unknown>;
  fetchTime(): Promise<unknown>;
  fetchOHLCV(symbol: string, timeframe: string, since?: number, limit?: number): Promise<unknown>;
  watchOHLCV(symbol: string, timeframe: string): Promise<unknown>;
  /** Closes every socket. Calls that come later open new ones. */
  close(): Promise<unknown>;
}

/** An instance that is the candles' own, and the caller that turns whatever fails in it into a VenueError. */
export interface CandleLine {
  readonly api: CandleVenue;
  readonly calls: { make<T>(call: () => Promise<T>): Promise<T> };
}
