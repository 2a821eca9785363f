import { describe, expect, it } from 'vitest';
import { calibrationCurve, classify, expectedCalibrationError, rankCorrelation } from './classification.ts';

const PRIOR = [0.15, 0.7, 0.15];

function data(
  triples: readonly (readonly number[])[],
  labels: readonly number[],
  returns?: readonly number[],
) {
  return {
    probabilities: Float64Array.from(triples.flat()),
    labels: Uint8Array.from(labels),
    horizonReturns: Float64Array.from(returns ?? labels.map((label) => label - 1)),
    uniqueness: new Float64Array(labels.length).fill(1),
  };
}

/** `count` bars of which the model knows everything, nothing, or the opposite. */
function many(count: number, up: (label: number) => number) {
  const labels = Array.from({ length: count }, (_, index) => (index % 2) * 2);
  return data(
    labels.map((label) => [0.9 - up(label), 0.1, up(label)]),
    labels,
  );
}

describe('figures of classification', () => {
  it('are those computed by hand for two bars', () => {
    const figures = classify(
      data(
        [
          [0.2, 0.5, 0.3],
          [0.1, 0.8, 0.1],
        ],
        [2, 1],
      ),
      PRIOR,
    );
    expect(figures.logLoss).toBeCloseTo(-(Math.log(0.3) + Math.log(0.8)) / 2, 12);
    expect(figures.priorLogLoss).toBeCloseTo(-(Math.log(0.15) + Math.log(0.7)) / 2, 12);
    expect(figures.brier).toBeCloseTo((0.04 + 0.25 + 0.49 + (0.01 + 0.04 + 0.01)) / 2, 12);
    expect(figures).toMatchObject({ samples: 2, effectiveSamples: 2, auc: null, balancedAccuracy: null });
  });

  it('give the standard error of the difference to the prior at the effective sample size', () => {
    const bars = many(100, (label) => (label === 2 ? 0.6 : 0.4));
    bars.uniqueness.fill(0.25);
    const differences = [Math.log(0.15 / 0.6), Math.log(0.15 / 0.5)];
    const centre = differences.reduce((sum, each) => sum + each, 0) / 2;
    const figures = classify(bars, PRIOR);
    expect(figures.effectiveSamples).toBe(25);
    const variance = differences.reduce((sum, each) => sum + (each - centre) ** 2, 0) / 2;
    expect(figures.logLossStandardError).toBeCloseTo(Math.sqrt(variance / 25), 10);
  });

  it.each([
    ['a model that knows', (label: number) => (label === 2 ? 0.8 : 0.1), 1, 1],
    ['one that knows the opposite', (label: number) => (label === 2 ? 0.1 : 0.8), 0, 0],
    ['one that knows nothing', () => 0.45, 0.5, 0.5],
  ])('%s', (_, up, auc, balanced) => {
    const figures = classify(many(100, up), PRIOR);
    expect(figures.auc?.value).toBeCloseTo(auc, 12);
    expect(figures.balancedAccuracy).toBeCloseTo(balanced, 12);
    expect(figures.rankIc ?? 0).toBeCloseTo(2 * auc - 1, 12);
  });

  it('widen the interval of the AUC when labels overlap', () => {
    const noisy = many(400, () => 0);
    for (let row = 0; row < 400; row += 1) {
      const up = 0.3 + ((row * 7919) % 100) / 250;
      noisy.probabilities.set([0.9 - up, 0.1, up], 3 * row);
    }
    const independent = classify(noisy, PRIOR).auc;
    noisy.uniqueness.fill(1 / 24);
    const overlapping = classify(noisy, PRIOR).auc;
    expect(overlapping?.value).toBe(independent?.value);
    expect((overlapping?.high ?? 0) - (overlapping?.low ?? 0)).toBeGreaterThan(
      4 * ((independent?.high ?? 0) - (independent?.low ?? 0)),
    );
  });

  it('refuse to say anything of nothing', () => {
    expect(() => classify(data([], []), PRIOR)).toThrow(RangeError);
  });
});

describe('calibration', () => {
  it('is perfect where what is called 20 % happens twice in ten', () => {
    const labels = [0, 0, 1, 1, 1, 1, 1, 1, 2, 2];
    const curve = calibrationCurve(
      data(
        labels.map(() => [0.2, 0.6, 0.2]),
        labels,
      ),
    );
    expect(curve).toHaveLength(2);
    expect(expectedCalibrationError(curve)).toBeCloseTo(0, 12);
  });

  it('is the distance from what happened, weighted by samples', () => {
    const curve = calibrationCurve(
      data(
        [
          [0, 1, 0],
          [0, 1, 0],
        ],
        [1, 0],
      ),
    );
    expect(curve).toEqual([
      { predicted: 0, realised: 0.25, samples: 4 },
      { predicted: 1, realised: 0.5, samples: 2 },
    ]);
    expect(expectedCalibrationError(curve)).toBeCloseTo((0.25 * 4 + 0.5 * 2) / 6, 12);
  });
});

describe('rank correlation', () => {
  it('sees order only, shares ranks among equals, and is null where nothing varies', () => {
    const x = Float64Array.of(1, 2, 3, 4);
    expect(rankCorrelation(x, Float64Array.of(1, 10, 100, 1e9))).toBeCloseTo(1, 12);
    expect(rankCorrelation(x, Float64Array.of(4, 3, 2, 1))).toBeCloseTo(-1, 12);
    expect(rankCorrelation(x, Float64Array.of(1, 1, 2, 2))).toBeCloseTo(4 / Math.sqrt(20), 12);
    expect(rankCorrelation(x, Float64Array.of(5, 5, 5, 5))).toBeNull();
  });
});
