import { type Brief, TIMEFRAME_MS } from '../../domain/index.ts';
import { LABEL } from '../labels.ts';
import { SMALL_FEATURES, smallRows } from './model-set-folder.ts';

export const HOUR = TIMEFRAME_MS['1h'];
const WIDTH = SMALL_FEATURES.names.length;

/** Hourly bars of one symbol with the features of the small sets, for asking about them one by one or all at once. */
export class SmallMarket {
  readonly symbol: string;
  readonly times: readonly number[];
  /** bars x F; all NaN before `firstReady`. */
  readonly values: Float64Array;
  readonly firstReady: number;

  /** @param hours hours since `start` at which a bar opened, ascending. */
  constructor(
    start: number,
    hours: readonly number[],
    { symbol = 'BTC/USDT', seed = 11, firstReady = 0 } = {},
  ) {
    this.symbol = symbol;
    this.times = hours.map((hour) => start + hour * HOUR);
    this.firstReady = firstReady;
    this.values = Float64Array.from(smallRows(hours.length, seed));
    this.values.fill(Number.NaN, 0, firstReady * WIDTH);
  }

  set(bar: number, feature: string, value: number): void {
    this.values[bar * WIDTH + SMALL_FEATURES.names.indexOf(feature)] = value;
  }

  /** What the loop would tell the voters about a bar. */
  brief(bar: number, change: Partial<Brief> = {}): Brief {
    const value = (name: string): number =>
      this.values[bar * WIDTH + SMALL_FEATURES.names.indexOf(name)] ?? Number.NaN;
    return {
      symbol: this.symbol,
      timeframe: '1h',
      barOpenTime: this.times[bar] ?? 0,
      close: 100,
      ready: bar >= this.firstReady,
      feature: value,
      window: (bars) => this.#window(bar, bars),
      regime: 'ranging',
      position: { direction: 'flat', openReturn: 0, barsHeld: 0, entry: null },
      roundTripCost: LABEL.roundTripCost,
      ...change,
    };
  }

  #window(bar: number, bars: number): Float32Array | null {
    const first = bar - bars + 1;
    if (first < this.firstReady) return null;
    const span = (this.times[bar] ?? 0) - (this.times[first] ?? 0);
    if (span !== (bars - 1) * HOUR) return null;
    return Float32Array.from(this.values.subarray(first * WIDTH, (bar + 1) * WIDTH));
  }
}
