import type { Candle } from '../domain/index.ts';
import { History, RollingCorrelation, RollingVariance } from './kernels/index.ts';
import { ratio } from './ratios.ts';
import type { SharedSeries } from './shared-series.ts';

/**
 * Bitcoin's own move, and the symbol's link with it. A bar without its bitcoin bar has NaN here and adds nothing to
 * the windows; after a hole bitcoin's bar stands alone, as the symbol's does.
 */
export class BitcoinContext {
  readonly #timeframeMs: number;
  readonly #closes = new History(24);
  readonly #returns20 = new RollingVariance(20);
  readonly #pairs168 = new RollingCorrelation(168);
  #openTime = NaN;
  #present = false;

  constructor(timeframeMs: number) {
    this.#timeframeMs = timeframeMs;
  }

  /** ln(c / c[24 bars ago]) in standard deviations of 24 one-bar returns. */
  get returnZ(): number {
    if (!this.#present) return NaN;
    const moved = Math.log(this.#closes.ago(0) / this.#closes.ago(24));
    return ratio(moved, this.#returns20.deviation * Math.sqrt(24));
  }

  /** Least-squares beta of the symbol's one-bar returns on bitcoin's. */
  get beta(): number {
    return this.#present ? this.#pairs168.beta : NaN;
  }

  get correlation(): number {
    return this.#present ? this.#pairs168.correlation : NaN;
  }

  /** `btcCandle` is of the same time as `bar`. */
  update(bar: SharedSeries, btcCandle: Candle | undefined): void {
    this.#present = btcCandle !== undefined;
    if (btcCandle === undefined) return;
    const { openTime, open, close } = btcCandle;
    const first = Number.isNaN(this.#openTime);
    const follows = this.#openTime + this.#timeframeMs === openTime;
    const previousClose = first || follows ? this.#closes.ago(0) : open;
    const logReturn = Math.log(close / previousClose);
    this.#openTime = openTime;
    this.#closes.push(close);
    this.#returns20.push(logReturn);
    this.#pairs168.push(logReturn, bar.logReturn);
  }
}
