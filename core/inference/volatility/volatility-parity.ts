import type { ModelRunner } from '../model-runner.ts';
import { pathOf } from '../model-set.ts';
import { floatsOf, type ParityResult } from '../parity.ts';
import { ModelRefusal } from '../refusal.ts';
import { RegressionForecast } from './regression.ts';
import { HORIZONS } from './variance-label.ts';
import { readVolatilityParity, type VolatilitySet } from './volatility-set.ts';

/**
 * Asks every model, and the ridge, what the training library was asked, alone and together, and compares.
 *
 * @throws ModelRefusal `parity-failed` when an answer differs by more than the set's tolerance.
 */
export async function checkVolatilityParity(
  set: VolatilitySet,
  runner: ModelRunner,
): Promise<readonly ParityResult[]> {
  const { manifest } = set;
  const fixture = readVolatilityParity(set);
  const width = manifest.features.names.length;
  const rows = floatsOf(fixture.values);
  const windows = floatsOf(fixture.windowValues);
  const windowWidth = width * manifest.window.rows;
  if (rows.length !== fixture.rows * width || windows.length !== fixture.windows * windowWidth) {
    throw new ModelRefusal('reference-broken', `${manifest.parity.file}: its rows are not ${width} wide`);
  }
  const results: ParityResult[] = [];
  for (const entry of manifest.models) {
    const isTree = entry.inputs[0]?.shape.length === 2;
    const [input, count, each] = isTree
      ? [rows, fixture.rows, width]
      : [windows, fixture.windows, windowWidth];
    const expected = floatsOf(fixture.expected[entry.id] ?? '');
    if (expected.length !== count * 2) {
      throw new ModelRefusal(
        'reference-broken',
        `${manifest.parity.file}: no answers of ${entry.id} to compare with`,
      );
    }
    const rowShape = (entry.inputs[0]?.shape ?? []).slice(1);
    const job = { path: pathOf(set, entry), bytes: entry.bytes, rowShape, asks: 'log_variance' } as const;
    const [together] = await runner.run([{ ...job, rows: count, input, chunkRows: 256 }]);
    let largest = differenceOf(together?.logVariance, expected);
    for (let row = 0; row < count; row += Math.max(1, Math.floor(count / 64))) {
      const one = input.slice(row * each, (row + 1) * each);
      const [alone] = await runner.run([{ ...job, rows: 1, input: one }]);
      largest = Math.max(largest, differenceOf(alone?.logVariance, expected.subarray(2 * row, 2 * row + 2)));
    }
    results.push(checked(set, entry.file, { model: entry.id, rows: count, largestDifference: largest }));
  }
  results.push(checked(set, 'manifest.json (ridge)', ridgeResult(set, rows, floatsOf(fixture.ridge))));
  return results;
}

function ridgeResult({ manifest }: VolatilitySet, rows: Float32Array, expected: Float32Array): ParityResult {
  const width = manifest.features.names.length;
  const count = rows.length / width;
  const ridge = manifest.baselines.find(({ id }) => id === 'ridge')?.regressions ?? [];
  const answers = new Float32Array(2 * count);
  for (const [horizon, { id }] of HORIZONS.entries()) {
    const regression = ridge.find((each) => each.horizon === id);
    if (regression === undefined) continue;
    const forecast = new RegressionForecast(regression, manifest.features.names);
    for (let row = 0; row < count; row += 1) {
      answers[2 * row + horizon] = forecast.of(rows.subarray(row * width, (row + 1) * width));
    }
  }
  return { model: 'ridge', rows: count, largestDifference: differenceOf(answers, expected) };
}

function checked({ manifest }: VolatilitySet, file: string, result: ParityResult): ParityResult {
  if (result.largestDifference <= manifest.parity.tolerance) return result;
  throw new ModelRefusal(
    'parity-failed',
    `${file}: its answers differ from the training library's by ${result.largestDifference.toExponential(1)}: it must not be used on this machine`,
  );
}

/** NaN, which no tolerance admits, when there is nothing to compare. */
function differenceOf(found: Float32Array | undefined, expected: Float32Array): number {
  if (found?.length !== expected.length || expected.length === 0) return Number.NaN;
  let largest = 0;
  for (const [index, value] of found.entries()) {
    const difference = Math.abs(value - (expected[index] ?? Number.NaN));
    if (!(difference <= largest)) largest = difference;
    if (Number.isNaN(largest)) return largest;
  }
  return largest;
}
