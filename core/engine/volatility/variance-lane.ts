import { type Candle, isBitcoin, TIMEFRAME_MS, type UtcMs } from '../../domain/index.ts';
import { FeatureStream, FeatureWindow } from '../../features/index.ts';
import type { VolatilityForecaster } from '../../inference/index.ts';

const HOUR_MS = TIMEFRAME_MS['1h'];

/** What is asked about a bar. */
export interface VarianceQuestion {
  readonly row: Float32Array;
  /** For the nets; null where bars are missing, or no net is asked. */
  readonly window: Float32Array | null;
}

/** What volatility is foretold from, of one symbol, bar by bar. The same live and over history. */
export class VarianceLane {
  readonly #stream: FeatureStream;
  readonly #window = new FeatureWindow(HOUR_MS);
  /** Opening time of the last bar taken. */
  last: UtcMs = Number.NEGATIVE_INFINITY;

  constructor(symbol: string) {
    this.#stream = new FeatureStream({
      timeframeMs: HOUR_MS,
      isBtc: isBitcoin(symbol),
      groups: ['variance'],
    });
  }

  /** @param bitcoin its bar of the same time, where there is one. */
  take(candle: Candle, bitcoin: Candle | undefined): void {
    const context = bitcoin === undefined ? undefined : { btcCandle: bitcoin };
    this.#window.push(this.#stream.update(candle, context));
    this.last = candle.openTime;
  }

  /** The question about the last bar; null before there are enough of them. */
  question({ set, asksNets }: Pick<VolatilityForecaster, 'set' | 'asksNets'>): VarianceQuestion | null {
    const row = this.#window.last(1);
    if (row === null) return null;
    return { row, window: asksNets ? this.#windowOf(set.manifest.window) : null };
  }

  /** Every eighth row, the newest last; null where bars are missing. */
  #windowOf({ rows, everyBars }: VolatilityForecaster['set']['manifest']['window']): Float32Array | null {
    const span = (rows - 1) * everyBars + 1;
    const all = this.#window.last(span);
    if (all === null) return null;
    const width = all.length / span;
    const chosen = new Float32Array(rows * width);
    for (let row = 0; row < rows; row += 1) {
      const from = row * everyBars * width;
      chosen.set(all.subarray(from, from + width), row * width);
    }
    return chosen;
  }
}
