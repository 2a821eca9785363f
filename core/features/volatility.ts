import { columnsOf } from './catalogue.ts';
import type { FeatureGroupComputer } from './feature-group.ts';
import { YangZhang } from './indicators/yang-zhang.ts';
import { ema, RollingSum, RollingVariance, rollingMax, rollingMin } from './kernels/index.ts';
import { centredPosition, logRatio, ratio } from './ratios.ts';
import type { SharedSeries } from './shared-series.ts';

const AT = columnsOf('volatility');

/** How much the price moves, in which range, and whether that is growing. */
export class Volatility implements FeatureGroupComputer {
  readonly #trueRange20 = new RollingSum(20);
  readonly #trueRange50 = new RollingSum(50);
  readonly #closes20 = new RollingVariance(20);
  readonly #highest20 = rollingMax(20);
  readonly #lowest20 = rollingMin(20);
  readonly #highest55 = rollingMax(55);
  readonly #lowest55 = rollingMin(55);
  readonly #squares6 = new RollingSum(6);
  readonly #squares48 = new RollingSum(48);
  readonly #squares168 = new RollingSum(168);
  readonly #downSquares48 = new RollingSum(48);
  readonly #sizes48 = new RollingVariance(48);
  readonly #squaredLogRange24 = new RollingSum(24);
  readonly #rangeEma = ema(9);
  readonly #rangeEmaEma = ema(9);
  readonly #mass25 = new RollingSum(25);
  readonly #yangZhang24 = new YangZhang(24);

  update(bar: SharedSeries, columns: Float64Array): void {
    this.#trueRange(bar, columns);
    this.#bands(bar, columns);
    this.#realised(bar, columns);
    this.#intrabar(bar, columns);
  }

  /** ATR (Wilder, 1978) and the choppiness index (E. W. Dreiss, 1993). */
  #trueRange(bar: SharedSeries, columns: Float64Array): void {
    this.#trueRange50.push(bar.trueRange);
    columns[AT.natr_14] = bar.atr / bar.close;
    columns[AT.tr_ratio_7_50] = logRatio(bar.trueRange7.mean, this.#trueRange50.mean);
    columns[AT.chop_14] = logRatio(bar.trueRange14.value, bar.highest14 - bar.lowest14) / Math.log(14);
  }

  /** Bollinger bands (2002), Keltner-type channel, their squeeze (J. Carter, 2005), Donchian channels. */
  #bands({ high, low, close, trueRange }: SharedSeries, columns: Float64Array): void {
    const closes = this.#closes20;
    closes.push(close);
    this.#trueRange20.push(trueRange);
    const deviation = closes.deviation;
    const lowest20 = this.#lowest20.push(low);
    const lowest55 = this.#lowest55.push(low);
    columns[AT.bb_width_20] = (4 * deviation) / closes.mean;
    columns[AT.bb_pctb_20] = ratio(close - closes.mean, 2 * deviation);
    columns[AT.squeeze_20] = logRatio(2 * deviation, 1.5 * this.#trueRange20.mean);
    columns[AT.donchian_pos_20] = centredPosition(close - lowest20, this.#highest20.push(high) - lowest20);
    columns[AT.donchian_pos_55] = centredPosition(close - lowest55, this.#highest55.push(high) - lowest55);
  }

  /** Realised volatility of one-bar log returns: its size, change, downside share and own variability. */
  #realised({ logReturn, realisedVolatility24 }: SharedSeries, columns: Float64Array): void {
    const square = logReturn * logReturn;
    this.#squares6.push(square);
    this.#squares48.push(square);
    this.#squares168.push(square);
    this.#sizes48.push(Math.abs(logReturn));
    const down = this.#downSquares48.push(logReturn > 0 ? 0 : square);
    const sizes = this.#sizes48;
    columns[AT.rv_24] = realisedVolatility24;
    columns[AT.rv_ratio_6_48] = logRatio(Math.sqrt(this.#squares6.mean), Math.sqrt(this.#squares48.mean));
    columns[AT.rv_168] = Math.sqrt(this.#squares168.mean);
    // Without any movement neither side has a share: one half.
    columns[AT.semivar_down_48] = (centredPosition(down, this.#squares48.value) + 1) / 2;
    columns[AT.vov_48] = ratio(sizes.deviation, sizes.mean);
  }

  /** Parkinson (1980) against close to close, the mass index (D. Dorsey, 1992), Yang and Zhang (2000). */
  #intrabar(bar: SharedSeries, columns: Float64Array): void {
    const { open, high, low, close, previousClose, range, realisedVolatility24 } = bar;
    const logRange = Number.isNaN(bar.logReturn) ? NaN : Math.log(high / low);
    this.#squaredLogRange24.push(logRange * logRange);
    const parkinson = Math.sqrt(this.#squaredLogRange24.mean / (4 * Math.LN2));
    const rangeEma = this.#rangeEma.push(range);
    const rangeEmaEma = this.#rangeEmaEma.push(rangeEma);
    // Bars without any range are neither widening nor narrowing: 1.
    this.#mass25.push(rangeEmaEma === 0 ? 1 : rangeEma / rangeEmaEma);
    columns[AT.park_rv_ratio_24] = logRatio(parkinson, realisedVolatility24);
    columns[AT.mass_index_25] = this.#mass25.mean - 1;
    columns[AT.yang_zhang_24] = this.#yangZhang24.push(open, high, low, close, previousClose);
  }
}
