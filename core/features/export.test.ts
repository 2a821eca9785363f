import { describe, expect, it } from 'vitest';
import { CANDLE_GROUPS, featureNames, READY_AFTER_BARS } from './catalogue.ts';
import { featureCsvLines } from './export.ts';
import { computeFeatures } from './feature-matrix.ts';
import { generatedCandles, HOUR_MS } from './testing/generated-candles.ts';

const OPTIONS = { timeframeMs: HOUR_MS, isBtc: true } as const;
const candles = generatedCandles(4, 820);
const [header, ...lines] = featureCsvLines(candles, OPTIONS);

describe('the feature matrix as CSV', () => {
  it('has the time and the names in its header', () => {
    expect(header).toBe(['timestamp_ms', ...featureNames(CANDLE_GROUPS)].join(','));
  });

  it('has one line a candle, without values before the warm-up is over', () => {
    expect(lines.map((line) => Number(line.slice(0, line.indexOf(','))))).toEqual(
      candles.map((c) => c.openTime),
    );
    expect(lines[READY_AFTER_BARS - 2]).toMatch(/^\d+,{106}$/);
    expect(lines[READY_AFTER_BARS - 1]).not.toMatch(/,,|,$/);
  });

  it('reads back to the same bits', () => {
    const raw = { ...OPTIONS, warmUp: 'raw' } as const;
    const [, ...rawLines] = featureCsvLines(candles, raw);
    const cells = rawLines.flatMap((line) => line.split(',').slice(1));
    const values = Float64Array.from(cells, (cell) => (cell === '' ? NaN : Number(cell)));
    expect(values).toEqual(computeFeatures(candles, raw).values.map((value) => value + 0));
  });

  it('is written as it is read: a long file is never held as a whole', () => {
    let taken = 0;
    function* source() {
      for (const candle of candles) {
        taken += 1;
        yield candle;
      }
    }
    const output = featureCsvLines(source(), OPTIONS);
    output.next();
    output.next();
    expect(taken).toBe(1);
  });
});
