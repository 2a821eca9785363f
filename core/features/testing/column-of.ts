import type { FeatureName } from '../catalogue.ts';
import type { FeatureMatrix } from '../feature-matrix.ts';

/** One feature over all rows. Throws RangeError for a feature that the matrix does not have. */
export function columnOf(matrix: FeatureMatrix, name: FeatureName): Float64Array {
  const width = matrix.names.length;
  const at = matrix.names.indexOf(name);
  if (at < 0) throw new RangeError(`the matrix has no feature ${name}`);
  return Float64Array.from({ length: matrix.rows }, (_, row) => matrix.values[row * width + at] as number);
}
