import type { Regime } from '../contract/index.ts';
import type { Timeframe, UtcMs } from './time.ts';
import type { Vote } from './vote.ts';

/** What every voter is told about one closed bar. The same for Bull, Bear and the models. */
export interface Brief {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly barOpenTime: UtcMs;
  readonly close: number;
  /** False while there is too little history for any feature to be trusted. */
  readonly ready: boolean;
  /** A feature's value by its name in the catalogue; NaN where there is none. */
  feature(name: string): number;
  /**
   * The last `bars` rows of all candle features, oldest first: `bars` x F float32, row-major, in the catalogue's
   * order; null when fewer consecutive bars are known.
   */
  window(bars: number): Float32Array | null;
  /** The same market in larger bars; absent where nobody gathers them. */
  readonly timeframes?: readonly TimeframeFigures[];
  readonly regime: Regime;
  readonly position: PositionBrief;
  /** Fees, spread and slippage of a round trip as a fraction of the price. */
  readonly roundTripCost: number;
}

/** What the last completed bars of a larger size say. Returns are fractions. */
export interface TimeframeFigures {
  readonly timeframe: Timeframe;
  /** Over the last bar, the last 5 and the last 19. */
  readonly return1: number;
  readonly return5: number;
  readonly return19: number;
  /** The last close over the mean of 20. */
  readonly overMean20: number;
  /** The last close within the high and low of 20 bars: -1 at the low, 1 at the high. */
  readonly inRange20: number;
}

export interface PositionBrief {
  readonly direction: 'flat' | 'long' | 'short';
  /** Open profit as a fraction of the entry price; 0 when flat. */
  readonly openReturn: number;
  readonly barsHeld: number;
  /** Why the position was opened and what would prove that wrong: shown at every exit decision. */
  readonly entry: EntryThesis | null;
}

export interface EntryThesis {
  readonly thesis: string;
  readonly invalidation: string;
  readonly horizonBars: number;
}

/** Someone who has an opinion on a brief. Rules answer at once, models and LLMs later. Never throws, never rejects. */
export interface Analyst {
  opine(brief: Brief): Vote | Promise<Vote>;
}
