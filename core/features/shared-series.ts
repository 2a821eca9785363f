import type { Candle, UtcMs } from '../domain/index.ts';
import { DirectionalMovement } from './indicators/directional-movement.ts';
import {
  RollingRegression,
  RollingSum,
  RollingVariance,
  rollingMax,
  rollingMin,
  wilder,
} from './kernels/index.ts';

/** ATR14 is at least this share of the close, so that a distance in ATRs is finite on flat prices. */
const ATR_FLOOR = 1e-8;

/**
 * What several groups need of a bar, computed once.
 *
 * "Previous" is the bar before, if there was one. After a hole in the data it is unknown what the market did, and
 * the bar stands alone: its own open takes the place of the previous open and close, its own high and low of the
 * previous ones. So its return is ln(close / open), its true range high - low, its gap and directional movement 0,
 * and every window of one-bar changes gains one honest value; nothing is invented and nothing falls silent. Levels
 * (closes, highs, averages) go on as observed. On the very first bar the previous bar is NaN.
 */
export class SharedSeries {
  closeTime: UtcMs = NaN;
  open = NaN;
  high = NaN;
  low = NaN;
  close = NaN;
  volume = NaN;
  /** Volume bought by takers; NaN where the venue does not say. */
  takerBuyVolume = NaN;
  previousOpen = NaN;
  previousHigh = NaN;
  previousLow = NaN;
  previousClose = NaN;
  /** The previous bar is missing: there is a hole in the data, or this is the first bar. */
  afterGap = true;

  range = NaN;
  typicalPrice = NaN;
  medianPrice = NaN;
  /** Close minus previous close. */
  change = NaN;
  logReturn = NaN;
  trueRange = NaN;
  /** RMA(true range, 14), floored at 1e-8 of the close. */
  atr = NaN;
  /** SMA(volume, 20). */
  volumeMean20 = NaN;
  /** Root mean square of the last 24 one-bar log returns. */
  realisedVolatility24 = NaN;
  /** Population deviation of the last 20 one-bar log returns. */
  returnDeviation20 = NaN;
  highest14 = NaN;
  lowest14 = NaN;

  readonly directional = new DirectionalMovement(14);
  readonly regression50 = new RollingRegression(50);
  readonly trueRange7 = new RollingSum(7);
  readonly trueRange14 = new RollingSum(14);
  readonly #atr = wilder(14);
  readonly #volume20 = new RollingSum(20);
  readonly #squaredReturns24 = new RollingSum(24);
  readonly #returns20 = new RollingVariance(20);
  readonly #highest14 = rollingMax(14);
  readonly #lowest14 = rollingMin(14);
  readonly #timeframeMs: number;

  constructor(timeframeMs: number) {
    this.#timeframeMs = timeframeMs;
  }

  /** Takes the next closed bar. Throws RangeError when it is not later than the one before. */
  update(candle: Candle): void {
    this.#followOn(candle);
    const { high, low, close } = candle;
    this.closeTime = candle.openTime + this.#timeframeMs;
    this.open = candle.open;
    this.high = high;
    this.low = low;
    this.close = close;
    this.volume = candle.volume;
    this.takerBuyVolume = candle.takerBuyVolume ?? NaN;

    this.range = high - low;
    this.typicalPrice = (high + low + close) / 3;
    this.medianPrice = (high + low) / 2;
    this.change = close - this.previousClose;
    this.logReturn = Math.log(close / this.previousClose);
    this.trueRange = Math.max(
      this.range,
      Math.abs(high - this.previousClose),
      Math.abs(low - this.previousClose),
    );
    this.atr = Math.max(this.#atr.push(this.trueRange), ATR_FLOOR * close);
    this.trueRange7.push(this.trueRange);
    this.trueRange14.push(this.trueRange);
    this.regression50.push(close);
    this.#volume20.push(candle.volume);
    this.volumeMean20 = this.#volume20.mean;
    this.#squaredReturns24.push(this.logReturn * this.logReturn);
    this.realisedVolatility24 = Math.sqrt(this.#squaredReturns24.mean);
    this.#returns20.push(this.logReturn);
    this.returnDeviation20 = this.#returns20.deviation;
    this.highest14 = this.#highest14.push(high);
    this.lowest14 = this.#lowest14.push(low);
    this.directional.push(high - this.previousHigh, this.previousLow - low);
  }

  /** Sets the previous bar: the one before, or after a hole this bar's own prices. */
  #followOn(candle: Candle): void {
    if (candle.openTime < this.closeTime) {
      throw new RangeError(
        `the bar of ${candle.openTime} opens before ${this.closeTime}, when the last one closed`,
      );
    }
    const first = Number.isNaN(this.closeTime);
    this.afterGap = first || candle.openTime !== this.closeTime;
    const alone = this.afterGap && !first;
    this.previousOpen = alone ? candle.open : this.open;
    this.previousHigh = alone ? candle.high : this.high;
    this.previousLow = alone ? candle.low : this.low;
    this.previousClose = alone ? candle.open : this.close;
  }
}
