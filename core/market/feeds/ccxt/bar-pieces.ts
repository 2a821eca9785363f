import type { Candle, UtcMs } from '../../../domain/index.ts';

/** A piece of a bar, as a candle of its own. */
export interface Piece {
  readonly candle: Candle;
  readonly durationMs: number;
}

/** What has been told of the bar at hand. */
interface Told {
  readonly openTime: UtcMs;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  /** Where the last piece ended. */
  readonly until: UtcMs;
}

/**
 * Cuts a bar that is forming into pieces which, put together again, are the bar: they lie side by side from its
 * beginning to its end, their extremes are its extremes and their volumes add up to its volume.
 */
export class BarPieces {
  readonly #timeframeMs: number;
  #told: Told | null = null;

  constructor(timeframeMs: number) {
    this.#timeframeMs = timeframeMs;
  }

  /** Whether the price moved or volume came since the last piece. */
  hasNews(bar: Candle): boolean {
    const told = this.#toldOf(bar);
    return told === null || bar.close !== told.close || bar.volume > told.volume || reachesOut(bar, told);
  }

  /** What happened up to `at`; null where there is no room for a piece before the bar's end. */
  cut(bar: Candle, at: UtcMs): Piece | null {
    const from = this.#toldOf(bar)?.until ?? bar.openTime;
    // Only the last piece ends where the bar ends.
    const until = Math.min(Math.max(at, from + 1), bar.openTime + this.#timeframeMs - 1);
    return until > from ? this.#piece(bar, from, until) : null;
  }

  /** What is left of the bar. */
  last(bar: Candle): Piece {
    return this.#piece(bar, this.#toldOf(bar)?.until ?? bar.openTime, bar.openTime + this.#timeframeMs);
  }

  #piece(bar: Candle, from: UtcMs, until: UtcMs): Piece {
    const told = this.#toldOf(bar);
    const candle = told === null ? bar : { openTime: from, ...sinceTold(bar, told) };
    const { high, low, close, volume, openTime } = bar;
    this.#told = { openTime, high, low, close, volume, until };
    return { candle, durationMs: until - from };
  }

  #toldOf({ openTime }: Candle): Told | null {
    return this.#told?.openTime === openTime ? this.#told : null;
  }
}

function sinceTold(bar: Candle, told: Told): Omit<Candle, 'openTime'> {
  const [open, close] = [told.close, bar.close];
  return {
    open,
    high: Math.max(open, close, bar.high > told.high ? bar.high : 0),
    low: Math.min(open, close, bar.low < told.low ? bar.low : Number.POSITIVE_INFINITY),
    close,
    // Venues take a trade back at times.
    volume: Math.max(0, bar.volume - told.volume),
  };
}

const reachesOut = (bar: Candle, told: Told): boolean => bar.high > told.high || bar.low < told.low;
