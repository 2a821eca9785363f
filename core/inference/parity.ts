import type { ModelEntry } from './manifest.ts';
import type { ModelJob, ModelRunner } from './model-runner.ts';
import { type ModelSet, pathOf, readParityFixture } from './model-set.ts';
import { ModelRefusal } from './refusal.ts';

export interface ParityResult {
  readonly model: string;
  readonly rows: number;
  /** Largest difference to the training library's own probabilities, asked one by one and all together. */
  readonly largestDifference: number;
}

/** Rows asked one by one; the rest would only take longer. */
const SINGLE_ROWS = 64;
/** Rows asked together. */
const BATCH_ROWS = 256;

/**
 * Asks every model what the training library was asked, and compares.
 *
 * @throws ModelRefusal `parity-failed` when an answer differs by more than the set's tolerance.
 */
export async function checkParity(set: ModelSet, runner: ModelRunner): Promise<readonly ParityResult[]> {
  const fixture = readParityFixture(set);
  const { manifest } = set;
  const width = manifest.features.names.length;
  const values = floatsOf(fixture.values);
  if (fixture.features !== width || values.length !== fixture.rows * width) {
    throw new ModelRefusal('reference-broken', `${manifest.parity.file}: its rows are not ${width} wide`);
  }
  const results: ParityResult[] = [];
  for (const entry of manifest.models) {
    const expected = fixture.expected[entry.id];
    const isTree = entry.inputs[0]?.shape.length === 2;
    const starts = isTree ? [...Array(fixture.rows).keys()] : fixture.windowStarts;
    const length = isTree ? 1 : manifest.sequenceLength;
    const probabilities = expected === undefined ? undefined : floatsOf(expected.probabilities);
    if (probabilities?.length !== starts.length * 3) {
      throw new ModelRefusal(
        'reference-broken',
        `${manifest.parity.file}: no answers of ${entry.id} to compare with`,
      );
    }
    const input = new Float32Array(starts.length * length * width);
    for (const [row, start] of starts.entries()) {
      input.set(values.subarray(start * width, (start + length) * width), row * length * width);
    }
    const job = jobOf(set, entry, starts.length, input);
    const largestDifference = await largestOf(job, probabilities, runner);
    if (!(largestDifference <= manifest.parity.tolerance)) {
      throw new ModelRefusal(
        'parity-failed',
        `${entry.file}: its answers differ from the training library's by ${largestDifference.toExponential(1)}: it must not be used on this machine`,
      );
    }
    results.push({ model: entry.id, rows: starts.length, largestDifference });
  }
  return results;
}

/** The question to one model of a set. */
export function jobOf(set: ModelSet, entry: ModelEntry, rows: number, input: Float32Array): ModelJob {
  const rowShape = (entry.inputs[0]?.shape ?? []).slice(1);
  return { path: pathOf(set, entry), bytes: entry.bytes, rowShape, rows, input };
}

async function largestOf(job: ModelJob, expected: Float32Array, runner: ModelRunner): Promise<number> {
  const width = job.input.length / job.rows;
  const together = await runner.run([{ ...job, chunkRows: BATCH_ROWS }]);
  let largest = differenceOf(together[0]?.probabilities, expected);
  // Spread over the fixture: plain rows, rows with NaN, rows on thresholds.
  const step = Math.max(1, Math.floor(job.rows / SINGLE_ROWS));
  for (let row = 0; row < job.rows; row += step) {
    const input = job.input.slice(row * width, (row + 1) * width);
    const alone = await runner.run([{ ...job, rows: 1, input }]);
    largest = Math.max(
      largest,
      differenceOf(alone[0]?.probabilities, expected.subarray(row * 3, row * 3 + 3)),
    );
  }
  return largest;
}

/** NaN, which no tolerance admits, when there is nothing to compare. */
function differenceOf(found: Float32Array | undefined, expected: Float32Array): number {
  if (found?.length !== expected.length) return Number.NaN;
  return found.reduce((largest, value, index) => {
    const difference = Math.abs(value - (expected[index] ?? Number.NaN));
    return difference > largest || Number.isNaN(difference) ? difference : largest;
  }, 0);
}

/** Little-endian float32 out of base64. */
export function floatsOf(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  const values = new Float32Array(Math.floor(bytes.length / 4));
  for (let index = 0; index < values.length; index += 1) values[index] = bytes.readFloatLE(index * 4);
  return values;
}
