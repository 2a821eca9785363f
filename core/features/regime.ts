import type { Candle } from '../domain/index.ts';
import { BitcoinContext } from './bitcoin-context.ts';
import { columnsOf } from './catalogue.ts';
import { VarianceRatio } from './indicators/variance-ratio.ts';
import { RollingRank, RollingRegression } from './kernels/index.ts';
import type { SharedSeries } from './shared-series.ts';

const AT = columnsOf('regime');

const LARGEST_T = 60;
/** A trend counts from this share of the largest t statistic on, and only with an ADX strength above it. */
const MARKED = 0.2;
/** A variance ratio under a logarithm is at least this. */
const SMALLEST_RATIO = 1e-3;

/** The slow weather: volatility against its own past, trend or range, and the pull of bitcoin. */
export class Regime {
  readonly #volatilityRank = new RollingRank(720);
  readonly #varianceRatio4 = new VarianceRatio(4, 168);
  readonly #varianceRatio12 = new VarianceRatio(12, 336);
  readonly #logPrices168 = new RollingRegression(168);
  /** Absent when the symbol is bitcoin itself. */
  readonly #bitcoin: BitcoinContext | undefined;

  constructor(isBtc: boolean, timeframeMs: number) {
    this.#bitcoin = isBtc ? undefined : new BitcoinContext(timeframeMs);
  }

  /** `btcCandle`: bitcoin's bar of the same time, ignored when the symbol is bitcoin. */
  update(bar: SharedSeries, btcCandle: Candle | undefined, columns: Float64Array): void {
    this.#logPrices168.push(Math.log(bar.close));
    const volatilityRank = this.#volatilityRank.push(bar.realisedVolatility24);
    const varianceRatio12 = this.#varianceRatio12.push(bar.logReturn);
    const adxStrength = clip((bar.directional.adx - 0.15) / 0.25, 0, 1);
    const trend = clip(this.#logPrices168.tStatistic, -LARGEST_T, LARGEST_T) / LARGEST_T;
    columns[AT.vol_pctile_720] = volatilityRank;
    columns[AT.adx_strength] = adxStrength;
    columns[AT.var_ratio_4_168] = this.#varianceRatio4.push(bar.logReturn) - 1;
    columns[AT.var_ratio_12_336] = varianceRatio12 - 1;
    columns[AT.hurst_336] = 0.5 + (0.5 * Math.log(Math.max(varianceRatio12, SMALLEST_RATIO))) / Math.log(12);
    columns[AT.trend_t_168] = trend;
    columns[AT.regime_code] = regimeCode(trend, adxStrength, volatilityRank);
    const bitcoin = this.#bitcoin;
    bitcoin?.update(bar, btcCandle);
    columns[AT.btc_ret_24_z] = bitcoin === undefined ? 0 : bitcoin.returnZ;
    columns[AT.btc_beta_168] = bitcoin === undefined ? 1 : bitcoin.beta;
    columns[AT.btc_corr_168] = bitcoin === undefined ? 1 : bitcoin.correlation;
  }
}

/** -1 bear, 0 range, 1 bull: the trend's sign where both trend and ADX are marked. */
function regimeCode(trend: number, adxStrength: number, volatilityRank: number): number {
  if (Number.isNaN(volatilityRank)) return NaN;
  return Math.abs(trend) > MARKED && adxStrength > MARKED ? Math.sign(trend) : 0;
}

function clip(x: number, lowest: number, highest: number): number {
  return Math.max(lowest, Math.min(highest, x));
}
