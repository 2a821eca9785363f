import type { Regression } from './manifest.ts';

/** A regression over rows of named features; a missing value counts as the training data's mean. */
export class RegressionForecast {
  readonly #terms: readonly { column: number; mean: number; std: number; coefficient: number }[];
  readonly #intercept: number;
  /** What is added to foretell the variance itself. */
  readonly scale: number;

  constructor({ intercept, scale, terms }: Regression, names: readonly string[]) {
    this.#intercept = intercept;
    this.scale = scale;
    this.#terms = terms.map(({ name, ...rest }) => ({ column: names.indexOf(name), ...rest }));
  }

  /** The logarithm of the variance of one bar. */
  of(row: ArrayLike<number>): number {
    let sum = this.#intercept;
    for (const { column, mean, std, coefficient } of this.#terms) {
      const z = ((row[column] ?? Number.NaN) - mean) / std;
      if (!Number.isNaN(z)) sum += coefficient * z;
    }
    return sum;
  }
}
