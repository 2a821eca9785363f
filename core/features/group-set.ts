import type { Candle, OrderBook } from '../domain/index.ts';
import { FEATURE_GROUPS, type FeatureGroup, featuresOf } from './catalogue.ts';
import { Microstructure } from './microstructure.ts';
import { Momentum } from './momentum.ts';
import { PriceAction } from './price-action.ts';
import { Regime } from './regime.ts';
import { SharedSeries } from './shared-series.ts';
import { Statistics } from './statistics.ts';
import { Time } from './time.ts';
import { Trend } from './trend.ts';
import { Variance } from './variance.ts';
import { Volatility } from './volatility.ts';
import { Volume } from './volume.ts';

const NO_BOOKS: readonly OrderBook[] = [];
const NO_COLUMNS = new Float64Array(0);

/** What a bar's features may need besides the bar. */
export interface FeatureContext {
  /** Bitcoin's bar of the same time on the same venue; not needed when the symbol is bitcoin. */
  readonly btcCandle?: Candle | undefined;
  /** Order-book snapshots of the minute before the close, oldest first. */
  readonly books?: readonly OrderBook[] | undefined;
}

/** The chosen groups, each with its part of the row. */
export class GroupSet {
  readonly bar: SharedSeries;
  readonly #columns: Readonly<Record<FeatureGroup, Float64Array>>;
  // One field a group instead of a list: each call has one target, which the engine can inline.
  readonly #trend: Trend | undefined;
  readonly #momentum: Momentum | undefined;
  readonly #volatility: Volatility | undefined;
  readonly #volume: Volume | undefined;
  readonly #priceAction: PriceAction | undefined;
  readonly #statistics: Statistics | undefined;
  readonly #microstructure: Microstructure | undefined;
  readonly #time: Time | undefined;
  readonly #regime: Regime | undefined;
  readonly #variance: Variance | undefined;

  /** `values` is the row to write to, as long as the groups have features. */
  constructor(groups: readonly FeatureGroup[], timeframeMs: number, isBtc: boolean, values: Float64Array) {
    this.bar = new SharedSeries(timeframeMs);
    this.#columns = partition(groups, values);
    const chosen = <G>(group: FeatureGroup, make: () => G): G | undefined =>
      groups.includes(group) ? make() : undefined;
    this.#trend = chosen('trend', () => new Trend());
    this.#momentum = chosen('momentum', () => new Momentum());
    this.#volatility = chosen('volatility', () => new Volatility());
    this.#volume = chosen('volume', () => new Volume());
    this.#priceAction = chosen('price-action', () => new PriceAction());
    this.#statistics = chosen('statistics', () => new Statistics());
    this.#microstructure = chosen('microstructure', () => new Microstructure(timeframeMs));
    this.#time = chosen('time', () => new Time());
    this.#regime = chosen('regime', () => new Regime(isBtc, timeframeMs));
    this.#variance = chosen('variance', () => new Variance(isBtc, timeframeMs));
  }

  update(candle: Candle, context: FeatureContext | undefined): void {
    const { bar } = this;
    const columns = this.#columns;
    bar.update(candle);
    this.#trend?.update(bar, columns.trend);
    this.#momentum?.update(bar, columns.momentum);
    this.#volatility?.update(bar, columns.volatility);
    this.#volume?.update(bar, columns.volume);
    this.#priceAction?.update(bar, columns['price-action']);
    this.#statistics?.update(bar, columns.statistics);
    this.#microstructure?.update(bar, context?.books ?? NO_BOOKS, columns.microstructure);
    this.#time?.update(bar, columns.time);
    this.#regime?.update(bar, context?.btcCandle, columns.regime);
    this.#variance?.update(bar, context?.btcCandle, columns.variance);
  }
}

/** Views on the row, one a group, in the order of the catalogue. */
function partition(
  groups: readonly FeatureGroup[],
  values: Float64Array,
): Record<FeatureGroup, Float64Array> {
  const columns: Record<string, Float64Array> = Object.fromEntries(
    FEATURE_GROUPS.map((group) => [group, NO_COLUMNS]),
  );
  let at = 0;
  for (const group of FEATURE_GROUPS.filter((candidate) => groups.includes(candidate))) {
    const width = featuresOf([group]).length;
    columns[group] = values.subarray(at, at + width);
    at += width;
  }
  return columns;
}
