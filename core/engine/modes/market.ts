import type { Settings } from '../../contract/index.ts';
import type {
  Candle,
  Clock,
  Exchange,
  HistoryStore,
  Instrument,
  KeyRights,
  Logger,
  MarketFeed,
  SimulatedVenueStore,
  StateStore,
  Timers,
  UtcMs,
  VenueReadings,
} from '../../domain/index.ts';
import type { RecentMarket } from '../../market/index.ts';
import type { Strategies } from '../../strategies/index.ts';
import type { Secrets } from '../installation/secrets.ts';
import type { Drive } from '../loop/trading-loop.ts';

export interface MarketOptions {
  readonly settings: Settings;
  readonly strategies: Strategies;
  /** What is traded, and what is still held of other symbols, for which there may be no market data any more. */
  readonly symbols: readonly string[];
  readonly history: HistoryStore;
  readonly state: StateStore;
  /** Where a simulated venue remembers. */
  readonly venueStore: SimulatedVenueStore;
  readonly replayFiles: readonly string[];
  /** Market time per real time; the mode's own when absent. */
  readonly speed?: number | undefined;
  readonly secrets: Secrets;
  readonly wallClock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
  /** Told what is being waited for, a line each. */
  readonly onProgress?: ((line: string) => void) | undefined;
  /** Gives up waiting for a venue. */
  readonly signal?: AbortSignal | undefined;
  /** Takes what is to be closed again. */
  readonly keep: <T extends { close(): void | Promise<void> }>(resource: T) => T;
}

/** What a mode trades on: where its prices come from, where its orders go, and what time it is there. Open. */
export interface Market {
  readonly feed: MarketFeed;
  readonly warmUp: ReadonlyMap<string, readonly Candle[]>;
  /** What strategies look back on that propose by themselves, beside the warm-up; by symbol. */
  readonly lookBack: ReadonlyMap<string, LookBack>;
  readonly venue: Exchange;
  readonly clock: Clock;
  /** Lets a simulated market happen; null where a real venue does what it does. */
  readonly drive: Drive | null;
  /** Market time per real time. */
  readonly speed: number;
  /** Whether the market waits for language models. */
  readonly waitForSlowVoters: boolean;
  /** How long a bar waits for bitcoin's of the same time; null where the feed has them in order. */
  readonly barrierMs: number | null;
  /** Asks the venue what the key may do; null where there is no key. */
  readonly keyRights: (() => Promise<KeyRights>) | null;
  /** What its results must be read with, a line each. */
  readonly notes: readonly string[];
  /** How the venue has answered lately; null where there is none. */
  readonly readings: (() => VenueReadings) | null;
  /** Books and trades as they were told lately; null where the market has none. */
  readonly recentMarket: RecentMarket | null;
  /** What rivals trade on paper. */
  readonly instruments: ReadonlyMap<string, Instrument>;
  /** When the last warm-up bar closed. */
  readonly startTime: UtcMs;
}

/** Closed bars of one length, ascending. */
export interface LookBack {
  readonly candles: readonly Candle[];
  readonly durationMs: number;
}

/** Each symbol's warm-up bars. */
export function warmUpOf(
  feed: MarketFeed,
  symbols: readonly string[],
): ReadonlyMap<string, readonly Candle[]> {
  return new Map(symbols.map((symbol) => [symbol, feed.warmUp(symbol)]));
}

/** When the last warm-up bar closed. */
export function endOf(
  warmUp: ReadonlyMap<string, readonly Candle[]>,
  timeframeMs: number,
  symbols: readonly string[],
): UtcMs {
  return Math.max(...symbols.map((symbol) => (warmUp.get(symbol)?.at(-1)?.openTime ?? 0) + timeframeMs));
}
