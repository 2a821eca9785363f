import type { AccountEvent } from '../accounts/account-events.ts';
import type { MarketEvent, VenueMarket } from '../market/venue-market.ts';
import type { RefusalReason } from '../orders/refusal.ts';
import type { RateTerms } from '../rest/rate-limits.ts';
import type { Route } from '../rest/route.ts';
import type { SignedParts } from '../rest/signing.ts';
import type { VenueRequest } from '../rest/venue-request.ts';
import type { StreamConnection } from '../streams/stream-connection.ts';

export interface RefusalCode {
  readonly status: number;
  readonly code: number;
  readonly msg: string;
}

/** How a venue says no. The route matters where the same reason has two codes. */
export type RefusalWords = (reason: RefusalReason, detail: string, route: string) => RefusalCode;

/** A frame of a public stream. */
export interface StreamFrame {
  readonly stream: string;
  readonly data: unknown;
}

/** How requests are signed and answers wrapped, where that is not as at Binance. */
export interface Wire {
  signed(request: VenueRequest): SignedParts;
  success(result: unknown): unknown;
  refusal(code: RefusalCode): unknown;
}

/** How one venue talks: the same market and money behind it, other paths, names and codes. */
export interface Dialect {
  readonly words: RefusalWords;
  readonly wire?: Wire;
  readonly rates: RateTerms;
  readonly routes: readonly Route[];
  /** What a market event is in streams; empty where nobody subscribed to it. */
  frames(
    market: VenueMarket,
    event: MarketEvent,
    wanted: (stream: string) => boolean,
  ): readonly StreamFrame[];
  /** Frames that come by the clock: running candles, tickers, mark prices. */
  ticks(market: VenueMarket, wanted: readonly string[]): readonly StreamFrame[];
  /** A socket was opened. False: there is no such path. */
  connect(connection: StreamConnection): boolean;
  /** A client's frame, parsed. */
  receive(connection: StreamConnection, message: unknown): void;
  /** What a user stream says about it; null: nothing. */
  userEvent(event: AccountEvent): unknown;
  /** Ends the user streams of an account. */
  expireUserStreams(account: string): void;
}
