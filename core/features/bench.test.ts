import { describe, expect, it } from 'vitest';
import { benchFeatures } from './bench.ts';
import { generatedCandles } from './testing/generated-candles.ts';

describe('the feature bench', () => {
  it('gives plain figures for the candle features and the package beside them', async () => {
    const figures = await benchFeatures(generatedCandles(1, 1000));
    expect(figures).toMatchObject({ bars: 1000, features: 106, reference: { bars: 1000, features: 24 } });
    expect(figures.microsecondsPerBar).toBeGreaterThan(0);
    expect(figures.reference.ratio).toBeGreaterThan(0);
  });

  it('needs candles', async () => {
    await expect(benchFeatures([])).rejects.toThrow(RangeError);
  });
});
