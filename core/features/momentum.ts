import { columnsOf } from './catalogue.ts';
import type { FeatureGroupComputer } from './feature-group.ts';
import { RelativeStrength } from './indicators/relative-strength.ts';
import { TripleEma } from './indicators/triple-ema.ts';
import { History, MeanAbsoluteDeviation, RollingSum, rollingMax, rollingMin } from './kernels/index.ts';
import { centredPosition, ratio } from './ratios.ts';
import type { SharedSeries } from './shared-series.ts';

const AT = columnsOf('momentum');

/** How fast the price moves: oscillators on -1..1 and returns in their own standard deviations. */
export class Momentum implements FeatureGroupComputer {
  readonly #rsi2 = new RelativeStrength(2);
  readonly #rsi7 = new RelativeStrength(7);
  readonly #rsi14 = new RelativeStrength(14);
  readonly #highestRsi = rollingMax(14);
  readonly #lowestRsi = rollingMin(14);
  readonly #stochRsi = new RollingSum(3);
  readonly #slowK = new RollingSum(3);
  readonly #slowD = new RollingSum(3);
  readonly #typical20 = new MeanAbsoluteDeviation(20);
  readonly #closes = new History(168);
  readonly #pressure7 = new RollingSum(7);
  readonly #pressure14 = new RollingSum(14);
  readonly #pressure28 = new RollingSum(28);
  readonly #trueRange28 = new RollingSum(28);
  readonly #trix = new TripleEma(15);
  readonly #median5 = new RollingSum(5);
  readonly #median34 = new RollingSum(34);
  readonly #balance14 = new RollingSum(14);

  update(bar: SharedSeries, columns: Float64Array): void {
    this.#relativeStrength(bar, columns);
    this.#stochastic(bar, columns);
    this.#returns(bar, columns);
    this.#ultimate(bar, columns);
    this.#smoothed(bar, columns);
  }

  /** RSI (Wilder, 1978) and its stochastic (T. Chande and S. Kroll, 1994). */
  #relativeStrength({ change }: SharedSeries, columns: Float64Array): void {
    const rsi = this.#rsi14.push(change);
    const highest = this.#highestRsi.push(rsi);
    const lowest = this.#lowestRsi.push(rsi);
    this.#stochRsi.push(centredPosition(rsi - lowest, highest - lowest));
    columns[AT.rsi_2] = this.#rsi2.push(change);
    columns[AT.rsi_7] = this.#rsi7.push(change);
    columns[AT.rsi_14] = rsi;
    columns[AT.stochrsi_14] = this.#stochRsi.mean;
  }

  /** Stochastic (G. Lane), %R (L. Williams) and CCI (D. Lambert, 1980). */
  #stochastic({ close, highest14, lowest14, typicalPrice }: SharedSeries, columns: Float64Array): void {
    const fastK = centredPosition(close - lowest14, highest14 - lowest14);
    this.#slowK.push(fastK);
    this.#slowD.push(this.#slowK.mean);
    this.#typical20.push(typicalPrice);
    columns[AT.stoch_k_14_3] = this.#slowK.mean;
    columns[AT.stoch_d_14_3] = this.#slowD.mean;
    columns[AT.willr_14] = fastK;
    columns[AT.cci_20] = ratio(this.#typical20.distance, 100 * 0.015 * this.#typical20.value);
  }

  /** ln(c / c[k bars ago]) in standard deviations of k one-bar returns. */
  #returns({ close, logReturn, returnDeviation20 }: SharedSeries, columns: Float64Array): void {
    const closes = this.#closes;
    closes.push(close);
    columns[AT.ret_1_z] = ratio(logReturn, returnDeviation20);
    columns[AT.ret_3_z] = ratio(Math.log(close / closes.ago(3)), returnDeviation20 * Math.sqrt(3));
    columns[AT.ret_6_z] = ratio(Math.log(close / closes.ago(6)), returnDeviation20 * Math.sqrt(6));
    columns[AT.ret_12_z] = ratio(Math.log(close / closes.ago(12)), returnDeviation20 * Math.sqrt(12));
    columns[AT.ret_24_z] = ratio(Math.log(close / closes.ago(24)), returnDeviation20 * Math.sqrt(24));
    columns[AT.ret_72_z] = ratio(Math.log(close / closes.ago(72)), returnDeviation20 * Math.sqrt(72));
    columns[AT.ret_168_z] = ratio(Math.log(close / closes.ago(168)), returnDeviation20 * Math.sqrt(168));
  }

  /** Ultimate oscillator (L. Williams, 1985): buying pressure over true range in three windows, weights 4, 2, 1. */
  #ultimate(bar: SharedSeries, columns: Float64Array): void {
    const pressure = bar.close - Math.min(bar.low, bar.previousClose);
    const short = centredPosition(this.#pressure7.push(pressure), bar.trueRange7.value);
    const middle = centredPosition(this.#pressure14.push(pressure), bar.trueRange14.value);
    const long = centredPosition(this.#pressure28.push(pressure), this.#trueRange28.push(bar.trueRange));
    columns[AT.ultosc] = (4 * short + 2 * middle + long) / 7;
  }

  /** TRIX, Awesome Oscillator (B. Williams, 1995), Balance of Power (I. Livshin, 2001). */
  #smoothed({ open, close, range, medianPrice, atr }: SharedSeries, columns: Float64Array): void {
    const before = this.#trix.smooth;
    this.#trix.push(close);
    this.#median5.push(medianPrice);
    this.#median34.push(medianPrice);
    this.#balance14.push(ratio(close - open, range));
    columns[AT.trix_15_atr] = (this.#trix.smooth - before) / atr;
    columns[AT.ao_5_34_atr] = (this.#median5.mean - this.#median34.mean) / atr;
    columns[AT.bop_14] = this.#balance14.mean;
  }
}
