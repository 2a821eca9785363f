import type { Candle, OrderBook } from '../domain/index.ts';
import { FEATURE_GROUPS, type FeatureGroup, featuresOf } from './catalogue.ts';
import { type Kernel, KernelSet } from './kernels/index.ts';
import { Microstructure } from './microstructure.ts';
import { Momentum } from './momentum.ts';
import { PriceAction } from './price-action.ts';
import { Regime } from './regime.ts';
import { SharedSeries } from './shared-series.ts';
import { Statistics } from './statistics.ts';
import { Time } from './time.ts';
import { Trend } from './trend.ts';
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
export class GroupSet implements Kernel {
  readonly bar: SharedSeries;
  readonly #kernels = new KernelSet();
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

  /** `values` is the row to write to, as long as the groups have features. */
  constructor(groups: readonly FeatureGroup[], timeframeMs: number, isBtc: boolean, values: Float64Array) {
    this.bar = this.#kernels.add(new SharedSeries(timeframeMs));
    this.#columns = partition(groups, values);
    const add = <K extends Kernel>(group: FeatureGroup, make: () => K): K | undefined =>
      groups.includes(group) ? this.#kernels.add(make()) : undefined;
    this.#trend = add('trend', () => new Trend());
    this.#momentum = add('momentum', () => new Momentum());
    this.#volatility = add('volatility', () => new Volatility());
    this.#volume = add('volume', () => new Volume());
    this.#priceAction = add('price-action', () => new PriceAction());
    this.#statistics = add('statistics', () => new Statistics());
    this.#microstructure = add('microstructure', () => new Microstructure(timeframeMs));
    this.#time = add('time', () => new Time());
    this.#regime = add('regime', () => new Regime(isBtc, timeframeMs));
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
  }

  snapshot(): number[] {
    return this.#kernels.snapshot();
  }

  restore(state: readonly number[]): void {
    this.#kernels.restore(state);
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
