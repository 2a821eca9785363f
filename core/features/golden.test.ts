import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Candle } from '../domain/index.ts';
import { CANDLE_GROUPS, type FeatureName, featureNames } from './catalogue.ts';
import { computeFeatures } from './feature-matrix.ts';
import { columnOf } from './testing/column-of.ts';
import { HOUR_MS } from './testing/generated-candles.ts';

const GOLDEN = new URL('../../tests/golden/', import.meta.url);

function goldenCandles(): Candle[] {
  const [, ...lines] = readFileSync(new URL('golden_ohlcv.csv', GOLDEN), 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [openTime = NaN, open = NaN, high = NaN, low = NaN, close = NaN, volume = NaN] = line
      .split(',')
      .map(Number);
    return { openTime, open, high, low, close, volume };
  });
}

/** Expected columns by name; an empty cell is NaN. */
function goldenFeatures(): ReadonlyMap<string, readonly number[]> {
  const text = gunzipSync(readFileSync(new URL('golden_features.csv.gz', GOLDEN))).toString();
  const [header = '', ...lines] = text.trim().split('\n');
  const rows = lines.map((line) => line.split(',').map((cell) => (cell === '' ? NaN : Number(cell))));
  return new Map(header.split(',').map((name, column) => [name, rows.map((row) => row[column] ?? NaN)]));
}

const expected = goldenFeatures();
const matrix = computeFeatures(goldenCandles(), { timeframeMs: HOUR_MS, isBtc: true, warmUp: 'raw' });
const names = featureNames(CANDLE_GROUPS).filter((name) => expected.has(name));

describe('golden vectors of 1,200 simulated bars', () => {
  it('cover the 86 indicators and six regime features', () => {
    expect(names).toHaveLength(92);
    expect([...expected.keys()]).toEqual(names);
  });

  it.each(names)('%s agrees from its first value on', (name: FeatureName) => {
    const column = columnOf(matrix, name);
    expected.get(name)?.forEach((value, row) => {
      const actual = column[row] ?? NaN;
      const error = Math.abs(actual - value) / Math.max(1, Math.abs(value));
      if (Number.isNaN(value) ? !Number.isNaN(actual) : !(error <= 1e-9)) {
        expect.fail(`row ${row}: ${actual} where ${value} is expected`);
      }
    });
  });
});
