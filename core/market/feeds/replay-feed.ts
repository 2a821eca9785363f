import {
  type Candle,
  type Connection,
  type MarketEvent,
  type MarketFeed,
  TIMEFRAME_MS,
  type Timeframe,
  type UtcMs,
} from '../../domain/index.ts';
import { CandleColumns } from '../candles/candle-columns.ts';
import { lowerBound } from '../candles/candle-series.ts';
import { FeedLife } from './feed-life.ts';
import { type ComesWhole, ReplayCursor, type ReplaySeries } from './replay-cursor.ts';

export interface ReplayOptions {
  readonly timeframe: Timeframe;
  readonly series: readonly ReplaySeries[];
  /** So many of each symbol's first bars are given as warm-up and not replayed. */
  readonly warmUpBars?: number;
  /** A symbol's bars that open before its time are given as warm-up and not replayed: to go on after a restart. */
  readonly fromTime?: (symbol: string) => UtcMs;
  /** Of which bars the detail makes no difference to anybody, asked before the first of it; none when absent. */
  readonly comesWhole?: ComesWhole;
}

const NEVER: ComesWhole = () => false;

/** With `fromTime` there may be years before the start; warming up takes no more than this. */
const MOST_WARM_UP_BARS = 1000;

/**
 * Replays stored bars of several symbols in the order in which they became known. Each bar comes as steps (its
 * detail candles, else the bar itself), then as the closed bar; a gap is told before the bar that follows it.
 * At one instant: steps of all symbols, then bars, then gaps; symbols in the order given. No bar is made up.
 */
export class ReplayFeed implements MarketFeed {
  readonly symbols: readonly string[];
  /** When the first bar to be replayed opens; undefined when there is none. */
  readonly startTime: UtcMs | undefined;
  readonly #warmUp: ReadonlyMap<string, readonly Candle[]>;
  readonly #life = new FeedLife();
  #cursors: readonly ReplayCursor[];

  /** @throws RangeError when a series does not ascend or its detail does not divide the timeframe. */
  constructor({ timeframe, series, warmUpBars = 0, fromTime = () => 0, comesWhole = NEVER }: ReplayOptions) {
    const timeframeMs = TIMEFRAME_MS[timeframe];
    const starts = series.map((each) => {
      assertReplayable(each, timeframeMs);
      const reached = lowerBound(each.bars, fromTime(each.symbol));
      return Math.min(each.bars.length, Math.max(warmUpBars, reached));
    });
    const openTimes = series.flatMap(({ bars }, index) => bars[starts[index] ?? 0]?.openTime ?? []);
    this.startTime = openTimes.length === 0 ? undefined : Math.min(...openTimes);
    this.symbols = series.map(({ symbol }) => symbol);
    this.#cursors = series.map(
      (each, index) => new ReplayCursor(each, starts[index] ?? 0, timeframeMs, comesWhole),
    );
    this.#warmUp = new Map(
      series.map(({ symbol, bars }, index) => {
        const start = starts[index] ?? 0;
        return [symbol, bars.slice(Math.max(0, start - Math.max(warmUpBars, MOST_WARM_UP_BARS)), start)];
      }),
    );
  }

  /** At once: history is there already. */
  async open(): Promise<void> {
    this.#life.opened();
  }

  /** Synchronous, so that a backtest waits for nobody. */
  next(): MarketEvent | undefined {
    let earliest = this.#earliest();
    while (earliest?.becomesWhole()) earliest = this.#earliest();
    return earliest?.next();
  }

  #earliest(): ReplayCursor | undefined {
    let earliest: ReplayCursor | undefined;
    for (const cursor of this.#cursors) {
      if (cursor.key < (earliest?.key ?? Number.POSITIVE_INFINITY)) earliest = cursor;
    }
    return earliest;
  }

  warmUp(symbol: string): readonly Candle[] {
    return this.#warmUp.get(symbol) ?? [];
  }

  connection(symbol: string): Connection {
    return this.#life.connection(symbol, this.symbols);
  }

  async close(): Promise<void> {
    this.#life.closed();
    this.#cursors = [];
  }
}

function assertReplayable({ symbol, bars, detail = [], detailMs }: ReplaySeries, timeframeMs: number): void {
  if (detail.length > 0 && (detailMs === undefined || timeframeMs % detailMs !== 0)) {
    throw new RangeError(`${symbol}: detail of ${detailMs} ms does not divide bars of ${timeframeMs} ms`);
  }
  assertAscending(
    symbol,
    Float64Array.from(bars, ({ openTime }) => openTime),
    timeframeMs,
  );
  assertAscending(symbol, CandleColumns.of(detail).openTimes, detailMs ?? 1);
}

function assertAscending(symbol: string, openTimes: Float64Array, durationMs: number): void {
  let earliest = Number.NEGATIVE_INFINITY;
  for (const openTime of openTimes) {
    if (!(openTime >= earliest))
      throw new RangeError(`${symbol}: the candle of ${openTime} begins before the one before it ends`);
    earliest = openTime + durationMs;
  }
}
