import { columnsOf } from './catalogue.ts';
import type { FeatureGroupComputer } from './feature-group.ts';
import { HeikinAshi } from './indicators/heikin-ashi.ts';
import { RunLength } from './indicators/run-length.ts';
import { RollingSum, rollingMax, rollingMin } from './kernels/index.ts';
import { ratio } from './ratios.ts';
import type { SharedSeries } from './shared-series.ts';

const AT = columnsOf('price-action');

/** The shape of the bar and its place among its neighbours. */
export class PriceAction implements FeatureGroupComputer {
  readonly #run = new RunLength(10);
  readonly #score10 = new RollingSum(10);
  readonly #highest168 = rollingMax(168);
  readonly #lowest168 = rollingMin(168);
  readonly #heikinAshi = new HeikinAshi();

  update(bar: SharedSeries, columns: Float64Array): void {
    const { open, high, low, close, range, atr } = bar;
    const score = step(high - bar.previousHigh) - step(bar.previousLow - low);
    columns[AT.body_ratio] = ratio(close - open, range);
    columns[AT.upper_wick] = ratio(high - Math.max(open, close), range);
    columns[AT.lower_wick] = ratio(Math.min(open, close) - low, range);
    columns[AT.range_atr] = range / atr;
    columns[AT.gap_atr] = (open - bar.previousClose) / atr;
    columns[AT.engulfing] = engulfing(bar.previousOpen, bar.previousClose, open, close);
    columns[AT.run_length] = this.#run.push(bar.change, bar.afterGap) / 10;
    columns[AT.hh_ll_score_10] = this.#score10.push(score) / 10;
    columns[AT.dist_high_168_atr] = (close - this.#highest168.push(high)) / atr;
    columns[AT.dist_low_168_atr] = (close - this.#lowest168.push(low)) / atr;
    columns[AT.ha_body_atr] = this.#heikinAshi.push(open, high, low, close) / atr;
  }
}

/** 1 for a rise, 0 for none, NaN for the unknown. */
function step(change: number): number {
  return Math.max(Math.sign(change), 0);
}

/**
 * Engulfing pattern (as TA-Lib's CDLENGULFING): 1 when a rising body covers a falling one, -1 for the opposite,
 * 0 for neither. The bodies may share one end, not both.
 */
function engulfing(previousOpen: number, previousClose: number, open: number, close: number): number {
  if (Number.isNaN(previousClose)) return NaN;
  const direction = Math.sign(close - open);
  if (direction === 0 || direction !== -Math.sign(previousClose - previousOpen)) return 0;
  const atOpen = direction * (previousClose - open);
  const atClose = direction * (close - previousOpen);
  return atOpen >= 0 && atClose >= 0 && atOpen + atClose > 0 ? direction : 0;
}
