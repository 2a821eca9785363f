import { type Candle, TIMEFRAME_MS, type UtcMs } from '../domain/index.ts';
import { columnsOf } from './catalogue.ts';
import { History, RollingSum, rollingMax } from './kernels/index.ts';
import { centredPosition, logRatio, ratio } from './ratios.ts';
import { dayOfWeek } from './sessions.ts';
import type { SharedSeries } from './shared-series.ts';

const AT = columnsOf('variance');

const DAY_MS = TIMEFRAME_MS['1d'];
/** Below this a bar has not moved: a third of a basis point. */
const FLOOR = 1e-9;
const DAY_BARS = 24;
const BLOCKS = 30;
/** Weights of the last 30 blocks of 24 bars, the newest first, summing to 1: span 20 (RiskMetrics, 1996). */
const EWMA_WEIGHTS = normalised(Array.from({ length: BLOCKS }, (_, age) => (1 - 2 / 21) ** age));

/**
 * What the volatility of the next day and week is foretold from: realised variances of several horizons (F. Corsi, 2009),
 * estimates by ranges (Parkinson, 1980; Garman and Klass, 1980), jumps and falls (Barndorff-Nielsen and Shephard,
 * 2004 and 2010), volume, bitcoin, and the days of the week ahead.
 */
export class Variance {
  readonly #squares = [3, 6, 12, 24, 48, 168, 336, 720].map((bars) => new RollingSum(bars));
  readonly #parkinson = [6, 24, 168].map((bars) => new RollingSum(bars));
  readonly #garmanKlass24 = new RollingSum(24);
  readonly #days = new History((BLOCKS - 1) * DAY_BARS);
  readonly #largest24 = rollingMax(24);
  readonly #largest168 = rollingMax(168);
  readonly #falls24 = new RollingSum(24);
  readonly #falls168 = new RollingSum(168);
  readonly #moves24 = new RollingSum(24);
  readonly #moves168 = new RollingSum(168);
  readonly #volume24 = new RollingSum(24);
  readonly #volume168 = new RollingSum(168);
  readonly #volume720 = new RollingSum(720);
  /** Absent when the symbol is bitcoin itself. */
  readonly #bitcoin: BitcoinVariance | undefined;

  constructor(isBtc: boolean, timeframeMs: number) {
    this.#bitcoin = isBtc ? undefined : new BitcoinVariance(timeframeMs);
  }

  /** `btcCandle`: bitcoin's bar of the same time, ignored when the symbol is bitcoin. */
  update(bar: SharedSeries, btcCandle: Candle | undefined, columns: Float64Array): void {
    this.#realised(bar, columns);
    this.#ranges(bar, columns);
    this.#days30(columns);
    this.#volumes(bar, columns);
    this.#bitcoins(btcCandle, columns);
    ahead(bar.closeTime, columns);
  }

  #realised({ logReturn }: SharedSeries, columns: Float64Array): void {
    const square = logReturn * logReturn;
    for (const [index, sum] of this.#squares.entries()) {
      sum.push(square);
      columns[AT.var_3 + index] = logVariance(sum.mean);
    }
    const [day, week, month] = [this.#sum(3), this.#sum(5), this.#sum(7)];
    const fall = logReturn < 0 ? square : logReturn >= 0 ? 0 : NaN;
    const largest24 = this.#largest24.push(square);
    const largest168 = this.#largest168.push(square);
    columns[AT.jump_share_24] = ratio(largest24, day);
    columns[AT.jump_share_168] = ratio(largest168, week);
    // Without any movement neither side has a share: one half.
    columns[AT.down_share_24] = (centredPosition(this.#falls24.push(fall), day) + 1) / 2;
    columns[AT.down_share_168] = (centredPosition(this.#falls168.push(fall), week) + 1) / 2;
    columns[AT.move_24_z] = ratio(this.#moves24.push(logReturn), Math.sqrt((week * 24) / 168));
    columns[AT.move_168_z] = ratio(this.#moves168.push(logReturn), Math.sqrt((month * 168) / 720));
  }

  #sum(index: number): number {
    return this.#squares[index]?.value ?? NaN;
  }

  #ranges({ open, high, low, close, logReturn }: SharedSeries, columns: Float64Array): void {
    // Like the returns, from the second bar on.
    const range = Number.isNaN(logReturn) ? NaN : Math.log(high / low) ** 2;
    for (const [index, sum] of this.#parkinson.entries()) {
      sum.push(range / (4 * Math.LN2));
      columns[AT.park_var_6 + index] = logVariance(sum.mean);
    }
    this.#garmanKlass24.push(0.5 * range - (2 * Math.LN2 - 1) * Math.log(close / open) ** 2);
    columns[AT.gk_var_24] = logVariance(this.#garmanKlass24.mean);
  }

  /** The last 30 times 24 bars: at midnight these are days. */
  #days30(columns: Float64Array): void {
    const days = this.#days;
    days.push(this.#squares[3]?.mean ?? NaN);
    let [ewma, sum, squares] = [0, 0, 0];
    for (const [age, weight] of EWMA_WEIGHTS.entries()) {
      const variance = days.ago(age * DAY_BARS);
      const log = logVariance(variance);
      ewma += weight * variance;
      sum += log;
      squares += log * log;
    }
    const spread = Math.sqrt(Math.max(0, squares / BLOCKS - (sum / BLOCKS) ** 2));
    columns[AT.var_ewma_20] = logVariance(ewma);
    columns[AT.var_spread_30] = Number.isNaN(sum) ? NaN : spread;
  }

  #volumes({ volume }: SharedSeries, columns: Float64Array): void {
    this.#volume24.push(volume);
    this.#volume168.push(volume);
    this.#volume720.push(volume);
    columns[AT.volume_24_168] = logRatio(this.#volume24.mean, this.#volume168.mean);
    columns[AT.volume_168_720] = logRatio(this.#volume168.mean, this.#volume720.mean);
  }

  #bitcoins(btcCandle: Candle | undefined, columns: Float64Array): void {
    if (this.#bitcoin === undefined) {
      columns[AT.btc_var_24] = columns[AT.var_24] as number; // written above
      columns[AT.btc_var_168] = columns[AT.var_168] as number;
      columns[AT.btc_park_var_6] = columns[AT.park_var_6] as number;
      return;
    }
    this.#bitcoin.update(btcCandle, columns);
  }
}

/** The same of bitcoin's bars. A bar without its bitcoin bar has NaN here and adds nothing to the windows. */
class BitcoinVariance {
  readonly #timeframeMs: number;
  readonly #squares24 = new RollingSum(24);
  readonly #squares168 = new RollingSum(168);
  readonly #ranges6 = new RollingSum(6);
  #openTime = NaN;
  #close = NaN;

  constructor(timeframeMs: number) {
    this.#timeframeMs = timeframeMs;
  }

  update(candle: Candle | undefined, columns: Float64Array): void {
    if (candle !== undefined) this.#take(candle);
    const known = candle !== undefined;
    columns[AT.btc_var_24] = known ? logVariance(this.#squares24.mean) : NaN;
    columns[AT.btc_var_168] = known ? logVariance(this.#squares168.mean) : NaN;
    columns[AT.btc_park_var_6] = known ? logVariance(this.#ranges6.mean) : NaN;
  }

  #take({ openTime, open, high, low, close }: Candle): void {
    // After a hole the bar stands alone, as the symbol's does; the very first has no return.
    const first = Number.isNaN(this.#openTime);
    const follows = this.#openTime + this.#timeframeMs === openTime;
    const square = Math.log(close / (first || follows ? this.#close : open)) ** 2;
    this.#squares24.push(square);
    this.#squares168.push(square);
    this.#ranges6.push(Number.isNaN(square) ? NaN : Math.log(high / low) ** 2 / (4 * Math.LN2));
    this.#openTime = openTime;
    this.#close = close;
  }
}

/** Where the next 24 hours lie: the share of each day of the week but Monday, and the hour they begin at. */
function ahead(closeTime: UtcMs, columns: Float64Array): void {
  const today = dayOfWeek(closeTime);
  const gone = (closeTime % DAY_MS) / DAY_MS;
  for (let day = 1; day < 7; day += 1) {
    const share = (day === today ? 1 - gone : 0) + (day === (today + 1) % 7 ? gone : 0);
    columns[AT.ahead_tuesday + day - 1] = share;
  }
  columns[AT.ahead_hour_sin] = Math.sin(2 * Math.PI * gone);
  columns[AT.ahead_hour_cos] = Math.cos(2 * Math.PI * gone);
}

function logVariance(variance: number): number {
  return Math.log(Math.max(FLOOR, variance));
}

function normalised(weights: readonly number[]): readonly number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
