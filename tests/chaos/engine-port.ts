import type { Action, ExecutionSettings, PositionView } from '../../core/contract/index.ts';
import type {
  BaseAmount,
  Clocks,
  Exchange,
  MarketFeed,
  QuoteAmount,
  Timers,
  UtcMs,
} from '../../core/domain/index.ts';
import type { DurableStores } from './durable-stores.ts';

/** What one process is started with. */
export interface EngineParts {
  readonly symbols: readonly string[];
  readonly capital: string;
  readonly venue: Exchange;
  readonly feed: MarketFeed;
  readonly clocks: Clocks;
  readonly timers: Timers;
  readonly stores: DurableStores;
  /** Where the latch file is. */
  readonly directory: string;
  /** What the voters want on the bar of a symbol that opened then. */
  readonly wish: (symbol: string, barOpenTime: UtcMs) => Action;
  /** The share of the equity that a strategy wants held on that bar, null where it does not say; null: the voters decide. */
  readonly target: ((symbol: string, barOpenTime: UtcMs) => number | null) | null;
  /** How long the voters think. */
  readonly voterLatencyMs: number;
  /** How entries get in; the settings' own way where nothing is said. */
  readonly execution: Partial<ExecutionSettings>;
  /** Told when the run ends by an error, which it must not. */
  readonly onFailure: (error: unknown) => void;
}

/** What a run with faults asks of an engine: what it shows, and never what it knows. */
export interface EngineUnderTest {
  /** Connects, compares its books with the venue's and begins to trade. Resolves when it trades. */
  start(): Promise<void>;
  /** Presses the emergency stop. */
  kill(reason: string): void;
  killStage(): 'armed' | 'latched' | 'flattening' | 'flat' | 'failed';
  protectionOf(symbol: string): PositionView['protection'];
  /** Whether a critical alert stands that this symbol's position has no stop at the venue. */
  alarmed(symbol: string): boolean;
  position(symbol: string): BaseAmount;
  cash(): QuoteAmount;
  /** What stands against trading: differences with the venue and frozen symbols, a line each. */
  troubles(): readonly string[];
}

export type OpenEngine = (parts: EngineParts) => EngineUnderTest;
