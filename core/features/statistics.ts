import { columnsOf } from './catalogue.ts';
import type { FeatureGroupComputer } from './feature-group.ts';
import { History, RollingCorrelation, RollingMoments, RollingSum, RollingVariance } from './kernels/index.ts';
import { ratio } from './ratios.ts';
import type { SharedSeries } from './shared-series.ts';

const AT = columnsOf('statistics');

/** The shape of recent returns, and how straight the path was. */
export class Statistics implements FeatureGroupComputer {
  readonly #closes48 = new RollingVariance(48);
  readonly #returns72 = new RollingMoments(72);
  readonly #lagged72 = new RollingCorrelation(72);
  readonly #lastReturn = new History(0);
  readonly #closes = new History(48);
  readonly #path48 = new RollingSum(48);

  update({ close, change, logReturn, regression50 }: SharedSeries, columns: Float64Array): void {
    this.#closes48.push(close);
    this.#returns72.push(logReturn);
    this.#lagged72.push(this.#lastReturn.ago(0), logReturn);
    this.#lastReturn.push(logReturn);
    this.#closes.push(close);
    const path = this.#path48.push(Math.abs(change));
    columns[AT.zscore_48] = ratio(close - this.#closes48.mean, this.#closes48.deviation);
    columns[AT.skew_72] = this.#returns72.skewness;
    columns[AT.kurt_72] = Math.log((1 + this.#returns72.kurtosis) / 4);
    columns[AT.autocorr1_72] = this.#lagged72.correlation;
    // P. Kaufman (1995). The move across a hole in the data is not in the path: hold the ratio to its range.
    columns[AT.efficiency_ratio_48] = Math.min(1, ratio(Math.abs(close - this.#closes.ago(48)), path));
    columns[AT.linreg_r2_50] = regression50.rSquared;
  }
}
