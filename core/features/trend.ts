import { columnsOf } from './catalogue.ts';
import type { FeatureGroupComputer } from './feature-group.ts';
import { ParabolicSar } from './indicators/parabolic-sar.ts';
import { SuperTrend } from './indicators/super-trend.ts';
import { TripleEma } from './indicators/triple-ema.ts';
import { ema, History, RollingSum, rollingMax, rollingMin } from './kernels/index.ts';
import { ratio } from './ratios.ts';
import type { SharedSeries } from './shared-series.ts';

const AT = columnsOf('trend');

/** Where the price is against its averages, and how steadily it moves; distances in ATR14. */
export class Trend implements FeatureGroupComputer {
  readonly #ema8 = ema(8);
  readonly #ema12 = ema(12);
  readonly #ema21 = ema(21);
  readonly #ema26 = ema(26);
  readonly #ema50 = ema(50);
  readonly #macdSignal = ema(9);
  readonly #tema21 = new TripleEma(21);
  readonly #sma50 = new RollingSum(50);
  readonly #sma100 = new RollingSum(100);
  readonly #sma200 = new RollingSum(200);
  readonly #pastEma21 = new History(5);
  readonly #pastSma100 = new History(20);
  readonly #sar = new ParabolicSar(0.02, 0.2);
  readonly #superTrend = new SuperTrend(10, 3);
  readonly #highest9 = rollingMax(9);
  readonly #lowest9 = rollingMin(9);
  readonly #highest26 = rollingMax(26);
  readonly #lowest26 = rollingMin(26);
  readonly #highest52 = rollingMax(52);
  readonly #lowest52 = rollingMin(52);
  readonly #cloudMiddle = new History(26);
  readonly #vortexUp = new RollingSum(14);
  readonly #vortexDown = new RollingSum(14);

  update(bar: SharedSeries, columns: Float64Array): void {
    this.#averages(bar, columns);
    this.#macd(bar, columns);
    this.#channels(bar, columns);
    this.#direction(bar, columns);
  }

  #averages({ close, atr }: SharedSeries, columns: Float64Array): void {
    const ema21 = this.#ema21.push(close);
    this.#pastEma21.push(ema21);
    this.#sma50.push(close);
    this.#sma100.push(close);
    this.#sma200.push(close);
    this.#pastSma100.push(this.#sma100.mean);
    this.#tema21.push(close);
    columns[AT.dist_ema_8_atr] = (close - this.#ema8.push(close)) / atr;
    columns[AT.dist_ema_21_atr] = (close - ema21) / atr;
    columns[AT.dist_ema_50_atr] = (close - this.#ema50.push(close)) / atr;
    columns[AT.dist_sma_100_atr] = (close - this.#sma100.mean) / atr;
    columns[AT.dist_sma_200_atr] = (close - this.#sma200.mean) / atr;
    columns[AT.sma_50_200_spread_atr] = (this.#sma50.mean - this.#sma200.mean) / atr;
    columns[AT.ema_21_slope_5_atr] = (ema21 - this.#pastEma21.ago(5)) / (5 * atr);
    columns[AT.sma_100_slope_20_atr] = (this.#sma100.mean - this.#pastSma100.ago(20)) / (20 * atr);
    columns[AT.dist_tema_21_atr] = (close - this.#tema21.tema) / atr;
  }

  /** G. Appel, The Moving Average Convergence-Divergence Trading Method (1979). */
  #macd({ close, atr }: SharedSeries, columns: Float64Array): void {
    const line = this.#ema12.push(close) - this.#ema26.push(close);
    columns[AT.macd_line_atr] = line / atr;
    columns[AT.macd_hist_atr] = (line - this.#macdSignal.push(line)) / atr;
  }

  /** Aroon (T. Chande, 1995), Parabolic SAR, SuperTrend, Ichimoku (G. Hosoda, 1969). */
  #channels(bar: SharedSeries, columns: Float64Array): void {
    const { high, low, close, atr } = bar;
    const conversion = (this.#highest9.push(high) + this.#lowest9.push(low)) / 2;
    const base = (this.#highest26.push(high) + this.#lowest26.push(low)) / 2;
    const spanA = (conversion + base) / 2;
    const spanB = (this.#highest52.push(high) + this.#lowest52.push(low)) / 2;
    this.#cloudMiddle.push((spanA + spanB) / 2);
    // The 25 bars before this one and this one itself make 26, the window of the base line too.
    columns[AT.aroon_osc_25] = (this.#lowest26.age - this.#highest26.age) / 25;
    columns[AT.psar_dist_atr] = (close - this.#sar.push(high, low)) / atr;
    const superTrend = this.#superTrend.push(bar.medianPrice, bar.trueRange, close);
    columns[AT.supertrend_dist_atr] = (close - superTrend) / atr;
    columns[AT.ichimoku_tk_atr] = (conversion - base) / atr;
    columns[AT.ichimoku_cloud_atr] = (close - this.#cloudMiddle.ago(26)) / atr;
  }

  /** ADX (Wilder, 1978), least squares, Vortex (E. Botes and D. Siepman, 2010). */
  #direction(bar: SharedSeries, columns: Float64Array): void {
    const up = this.#vortexUp.push(Math.abs(bar.high - bar.previousLow));
    const down = this.#vortexDown.push(Math.abs(bar.low - bar.previousHigh));
    columns[AT.adx_14] = bar.directional.adx;
    columns[AT.di_diff_14] = bar.directional.difference;
    columns[AT.linreg_slope_50_atr] = bar.regression50.slope / bar.atr;
    columns[AT.vortex_diff_14] = ratio(up - down, bar.trueRange14.value);
  }
}
