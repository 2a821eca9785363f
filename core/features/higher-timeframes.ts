import { TIMEFRAME_MS, type Timeframe, type TimeframeFigures, type UtcMs } from '../domain/index.ts';

/** Completed bars looked at, of each size. */
const BARS = 20;
const SHOWN = 3;
/** Sizes that are looked at, where they are larger than the bars that come in. */
const LADDER: readonly Timeframe[] = ['15m', '1h', '4h', '12h', '1d'];

interface Gathered {
  readonly timeframe: Timeframe;
  readonly ms: number;
  readonly closes: number[];
  readonly highs: number[];
  readonly lows: number[];
  start: UtcMs;
  high: number;
  low: number;
  close: number;
}

type ClosedBar = {
  readonly openTime: UtcMs;
  readonly high: number;
  readonly low: number;
  readonly close: number;
};

/**
 * The same market in larger bars, by UTC: what the last completed ones of each size say. Causal: a larger bar counts when
 * the small bar that ends it has closed, never before.
 */
export class HigherTimeframes {
  readonly #smallMs: number;
  readonly #gathered: readonly Gathered[];
  /** Null until asked for since a larger bar was completed. */
  #figures: readonly TimeframeFigures[] | null = null;

  constructor(timeframe: Timeframe) {
    this.#smallMs = TIMEFRAME_MS[timeframe];
    this.#gathered = LADDER.filter((larger) => {
      const ms = TIMEFRAME_MS[larger];
      return ms > this.#smallMs && ms % this.#smallMs === 0;
    })
      .slice(0, SHOWN)
      .map((larger) => {
        return {
          ...{ timeframe: larger, ms: TIMEFRAME_MS[larger], closes: [], highs: [], lows: [] },
          ...{ start: Number.NaN, high: 0, low: 0, close: 0 },
        };
      });
  }

  /** Takes a closed bar. */
  close({ openTime, high, low, close }: ClosedBar): void {
    for (const bars of this.#gathered) {
      const start = openTime - (openTime % bars.ms);
      if (start !== bars.start) {
        // One whose end was missing is complete all the same, as far as it was seen.
        if (!Number.isNaN(bars.start)) this.#complete(bars);
        bars.start = start;
        bars.high = high;
        bars.low = low;
      }
      bars.high = Math.max(bars.high, high);
      bars.low = Math.min(bars.low, low);
      bars.close = close;
      if (openTime + this.#smallMs === start + bars.ms) {
        this.#complete(bars);
        bars.start = Number.NaN;
      }
    }
  }

  /** Of each size that has enough completed bars, the smallest first. */
  figures(): readonly TimeframeFigures[] {
    this.#figures ??= this.#gathered.flatMap(({ timeframe, closes, highs, lows }) => {
      const last = closes.at(-1);
      const [first] = closes;
      if (closes.length < BARS || last === undefined || first === undefined) return [];
      const mean = closes.reduce((sum, close) => sum + close, 0) / closes.length;
      const [highest, lowest] = [Math.max(...highs), Math.min(...lows)];
      return [
        {
          timeframe,
          return1: last / (closes.at(-2) ?? last) - 1,
          return5: last / (closes.at(-6) ?? last) - 1,
          return19: last / first - 1,
          overMean20: last / mean - 1,
          inRange20: highest > lowest ? (2 * (last - lowest)) / (highest - lowest) - 1 : 0,
        },
      ];
    });
    return this.#figures;
  }

  #complete(bars: Gathered): void {
    this.#figures = null;
    complete(bars);
  }
}

function complete(bars: Gathered): void {
  bars.closes.push(bars.close);
  bars.highs.push(bars.high);
  bars.lows.push(bars.low);
  for (const list of [bars.closes, bars.highs, bars.lows]) if (list.length > BARS) list.shift();
}
