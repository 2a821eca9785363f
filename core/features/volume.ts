import { columnsOf } from './catalogue.ts';
import type { FeatureGroupComputer } from './feature-group.ts';
import { AccumulationOscillator } from './indicators/accumulation-oscillator.ts';
import { ema, History, RollingCorrelation, RollingSum } from './kernels/index.ts';
import { logRatio, ratio } from './ratios.ts';
import type { SharedSeries } from './shared-series.ts';

const AT = columnsOf('volume');

/** A bar without trades counts as one with this share of the mean volume where a volume divides or has a logarithm. */
const VOLUME_FLOOR = 1e-3;

/** Whether volume comes and goes with the moves; free of the unit of volume. */
export class Volume implements FeatureGroupComputer {
  readonly #volume24 = new RollingSum(24);
  readonly #volume168 = new RollingSum(168);
  readonly #fastVolume = ema(12);
  readonly #slowVolume = ema(26);
  readonly #signedVolume20 = new RollingSum(20);
  readonly #moneyFlow20 = new RollingSum(20);
  readonly #risingFlow14 = new RollingSum(14);
  readonly #fallingFlow14 = new RollingSum(14);
  readonly #accumulation = new AccumulationOscillator(3, 10);
  readonly #force = ema(13);
  readonly #ease14 = new RollingSum(14);
  readonly #turnover24 = new RollingSum(24);
  readonly #turnover168 = new RollingSum(168);
  readonly #weightedReturn24 = new RollingSum(24);
  readonly #logVolume = new History(0);
  readonly #sizeAndVolume48 = new RollingCorrelation(48);
  readonly #quoteVolume20 = new RollingSum(20);
  readonly #illiquidity24 = new RollingSum(24);
  readonly #illiquidity168 = new RollingSum(168);

  update(bar: SharedSeries, columns: Float64Array): void {
    this.#level(bar, columns);
    this.#flow(bar, columns);
    this.#effort(bar, columns);
    this.#averagePrice(bar, columns);
    this.#liquidity(bar, columns);
  }

  /** Volume against its own past; PVO is the percentage form of MACD on volume. */
  #level({ volume, volumeMean20 }: SharedSeries, columns: Float64Array): void {
    const floor20 = VOLUME_FLOOR * volumeMean20;
    this.#volume24.push(volume);
    this.#volume168.push(volume);
    const mean168 = this.#volume168.mean;
    const floor168 = VOLUME_FLOOR * mean168;
    const slow = this.#slowVolume.push(volume);
    columns[AT.vol_ratio_20] = logRatio(volume + floor20, volumeMean20 + floor20);
    columns[AT.vol_ratio_24_168] = logRatio(this.#volume24.mean + floor168, mean168 + floor168);
    columns[AT.pvo_12_26] = ratio(this.#fastVolume.push(volume) - slow, slow);
  }

  /** On-balance volume (J. Granville, 1963), Chaikin money flow and oscillator, MFI (G. Quong and A. Soudack, 1989). */
  #flow(bar: SharedSeries, columns: Float64Array): void {
    const { volume, close, typicalPrice } = bar;
    const volume20 = 20 * bar.volumeMean20;
    const moneyFlow = volume * ratio(2 * close - bar.high - bar.low, bar.range);
    columns[AT.obv_slope_20] = ratio(this.#signedVolume20.push(Math.sign(bar.change) * volume), volume20);
    columns[AT.cmf_20] = ratio(this.#moneyFlow20.push(moneyFlow), volume20);
    columns[AT.adosc_3_10] = ratio(this.#accumulation.push(moneyFlow), bar.volumeMean20);

    const step = typicalPrice - (bar.previousHigh + bar.previousLow + bar.previousClose) / 3;
    const rising = this.#risingFlow14.push(Math.max(Math.sign(step), 0) * typicalPrice * volume);
    const falling = this.#fallingFlow14.push(Math.max(-Math.sign(step), 0) * typicalPrice * volume);
    columns[AT.mfi_14] = ratio(rising - falling, rising + falling);
  }

  /** Force index (A. Elder, 1993) and ease of movement (R. Arms). */
  #effort(bar: SharedSeries, columns: Float64Array): void {
    const { volume, volumeMean20, atr } = bar;
    const force = this.#force.push(bar.change * volume);
    const step = bar.medianPrice - (bar.previousHigh + bar.previousLow) / 2;
    this.#ease14.push(ratio(step * bar.range, Math.max(volume, VOLUME_FLOOR * volumeMean20)));
    columns[AT.force_13] = ratio(force, atr * volumeMean20);
    columns[AT.eom_14] = (this.#ease14.mean * volumeMean20) / (atr * atr);
  }

  /** Distance from the volume-weighted average price, and the volume-weighted mean return. */
  #averagePrice(bar: SharedSeries, columns: Float64Array): void {
    const { close, volume, atr } = bar;
    const turnover = bar.typicalPrice * volume;
    const day = close * this.#volume24.value - this.#turnover24.push(turnover);
    const week = close * this.#volume168.value - this.#turnover168.push(turnover);
    const weighted = ratio(this.#weightedReturn24.push(bar.logReturn * volume), this.#volume24.value);
    columns[AT.vwap_dist_24_atr] = ratio(day, this.#volume24.value * atr);
    columns[AT.vwap_dist_168_atr] = ratio(week, this.#volume168.value * atr);
    columns[AT.vw_ret_24] = ratio(weighted, bar.realisedVolatility24);
  }

  /** Does volume come with movement, and how much movement does volume buy (Y. Amihud, 2002)? */
  #liquidity(bar: SharedSeries, columns: Float64Array): void {
    const size = Math.abs(bar.logReturn);
    const quoteVolume = bar.volume * bar.close;
    this.#quoteVolume20.push(quoteVolume);
    const volume = bar.volume + VOLUME_FLOOR * bar.volumeMean20;
    // While nothing has traded for 20 bars the last known volume stands.
    if (volume > 0) this.#logVolume.push(Math.log(volume));
    const logVolume = this.#logVolume.ago(0);
    if (!Number.isNaN(volume)) this.#sizeAndVolume48.push(size, Number.isNaN(logVolume) ? 0 : logVolume);
    const illiquidity = ratio(size, Math.max(quoteVolume, VOLUME_FLOOR * this.#quoteVolume20.mean));
    this.#illiquidity24.push(illiquidity);
    this.#illiquidity168.push(illiquidity);
    columns[AT.corr_absret_vol_48] = this.#sizeAndVolume48.correlation;
    columns[AT.amihud_24_168] = logRatio(this.#illiquidity24.mean, this.#illiquidity168.mean);
  }
}
