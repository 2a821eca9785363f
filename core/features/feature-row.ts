import type { UtcMs } from '../domain/index.ts';
import type { FeatureDefinition, FeatureName } from './catalogue.ts';

/**
 * The features of one closed bar. The stream owns one row and fills it anew for each bar: copy what must outlive
 * the next update.
 */
export interface FeatureRow {
  readonly openTime: UtcMs;
  /** When the bar closed: the earliest moment at which the row can be known. */
  readonly closeTime: UtcMs;
  /** Enough bars have closed for the row to be used. Before, its values are NaN unless asked for raw. */
  readonly ready: boolean;
  readonly names: readonly FeatureName[];
  /** One value a name, in float64; NaN = not enough history, or no order book. To be cast to float32 once. */
  readonly values: Float64Array;
  /** Throws RangeError for a feature whose group is not computed. */
  get(name: FeatureName): number;
  /** For callers that do not know the catalogue: NaN for a name that is not there. */
  lookUp(name: string): number;
}

/** The one row of a stream. */
export class ReusedRow implements FeatureRow {
  openTime: UtcMs = NaN;
  closeTime: UtcMs = NaN;
  ready = false;
  readonly names: readonly FeatureName[];
  readonly values: Float64Array;
  readonly #columns: ReadonlyMap<string, number>;

  constructor(features: readonly FeatureDefinition[]) {
    this.names = features.map((feature) => feature.name);
    this.values = new Float64Array(features.length).fill(NaN);
    this.#columns = new Map(this.names.map((name, column) => [name, column]));
  }

  get(name: FeatureName): number {
    const column = this.#columns.get(name);
    if (column === undefined)
      throw new RangeError(`the feature ${name} is not among the groups being computed`);
    return this.values[column] as number; // columns number the values
  }

  lookUp(name: string): number {
    return this.values[this.#columns.get(name) ?? -1] ?? NaN;
  }
}
