import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../domain/index.ts';
import {
  MeanAbsoluteDeviation,
  RollingCorrelation,
  RollingMoments,
  RollingRegression,
  RollingSum,
  RollingVariance,
  wilder,
} from './index.ts';

const BARS = 1_000_000;
const CHECK_EVERY = 9_973;
const WINDOW = 168;

/**
 * A price that walks for a million bars through stretches of very different size: a rolling sum that subtracts what
 * leaves would keep the rounding errors of the large values among the small ones.
 */
function longSeries(): Float64Array {
  const random = new SeededRandom(42);
  const series = new Float64Array(BARS);
  let logPrice = 0;
  for (let i = 0; i < BARS; i++) {
    logPrice += 0.01 * (random.next() - 0.5);
    const size = i % 50_000 < 25_000 ? 1e6 : 1;
    series[i] = size * Math.exp(logPrice);
  }
  return series;
}

const series = longSeries();

/** Runs `push` over the series and compares `actual` with `fresh` on the window of every `CHECK_EVERY`th bar. */
function largestError(
  push: (x: number) => void,
  actual: () => readonly number[],
  fresh: (window: readonly number[]) => readonly number[],
): number {
  let largest = 0;
  for (let i = 0; i < BARS; i++) {
    push(series[i] ?? NaN);
    if (i < WINDOW || i % CHECK_EVERY !== 0) continue;
    const expected = fresh(Array.from(series.subarray(i + 1 - WINDOW, i + 1)));
    actual().forEach((value, index) => {
      const truth = expected[index] ?? NaN;
      const error = Math.abs(value - truth) / Math.abs(truth);
      // Not Math.max alone: a NaN must fail.
      largest = error <= largest ? largest : error;
    });
  }
  return largest;
}

function mean(values: readonly number[]): number {
  const first = values[0] ?? 0;
  return first + values.reduce((sum, x) => sum + (x - first), 0) / values.length;
}

/** Mean of the products of the deviations of each series from its mean. */
function coMoment(...factors: readonly (readonly number[])[]): number {
  const means = factors.map(mean);
  const [first = []] = factors;
  const products = first.map((_, i) =>
    factors.reduce((p, factor, j) => p * ((factor[i] ?? NaN) - (means[j] ?? NaN)), 1),
  );
  return products.reduce((sum, product) => sum + product, 0) / products.length;
}

describe('after a million bars no kernel has drifted from a fresh computation', () => {
  it('sum', () => {
    const sum = new RollingSum(WINDOW);
    const error = largestError(
      (x) => sum.push(x),
      () => [sum.value, sum.mean],
      (xs) => [mean(xs) * WINDOW, mean(xs)],
    );
    expect(error).toBeLessThan(1e-12);
  });

  it('variance', () => {
    const variance = new RollingVariance(WINDOW);
    const error = largestError(
      (x) => variance.push(x),
      () => [variance.mean, variance.variance, variance.deviation],
      (xs) => [mean(xs), coMoment(xs, xs), Math.sqrt(coMoment(xs, xs))],
    );
    expect(error).toBeLessThan(1e-9);
  });

  it('higher moments', () => {
    const moments = new RollingMoments(WINDOW);
    const error = largestError(
      (x) => moments.push(x),
      // Skewness may be near 0, where a relative error says little: measured from -10.
      () => [moments.skewness + 10, moments.kurtosis],
      (xs) => [
        coMoment(xs, xs, xs) / coMoment(xs, xs) ** 1.5 + 10,
        coMoment(xs, xs, xs, xs) / coMoment(xs, xs) ** 2,
      ],
    );
    expect(error).toBeLessThan(1e-9);
  });

  it('regression', () => {
    const regression = new RollingRegression(WINDOW);
    const bars = Array.from({ length: WINDOW }, (_, index) => index);
    const error = largestError(
      (x) => regression.push(x),
      () => [regression.slope, regression.rSquared + 1, regression.tStatistic],
      (xs) => {
        const slope = coMoment(xs, bars) / coMoment(bars, bars);
        const rSquared = coMoment(xs, bars) ** 2 / (coMoment(bars, bars) * coMoment(xs, xs));
        return [
          slope,
          rSquared + 1,
          Math.sign(slope) * Math.sqrt((rSquared * (WINDOW - 2)) / (1 - rSquared)),
        ];
      },
    );
    expect(error).toBeLessThan(1e-9);
  });

  it('correlation', () => {
    const correlation = new RollingCorrelation(WINDOW);
    const paired = (x: number) => Math.sin(1e3 * x);
    const error = largestError(
      (x) => correlation.push(x, paired(x)),
      () => [correlation.correlation + 1],
      (xs) => {
        const ys = xs.map(paired);
        return [coMoment(xs, ys) / Math.sqrt(coMoment(xs, xs) * coMoment(ys, ys)) + 1];
      },
    );
    expect(error).toBeLessThan(1e-9);
  });

  it('mean absolute deviation', () => {
    const deviation = new MeanAbsoluteDeviation(WINDOW);
    const error = largestError(
      (x) => deviation.push(x),
      () => [deviation.value],
      (xs) => [mean(xs.map((x) => Math.abs(x - mean(xs))))],
    );
    expect(error).toBeLessThan(1e-9);
  });

  it('exponential mean: it equals one that started ten thousand bars ago', () => {
    const long = wilder(14);
    for (const x of series) long.push(x);
    const late = wilder(14);
    for (const x of series.subarray(BARS - 10_000)) late.push(x);
    expect(Math.abs(long.value / late.value - 1)).toBeLessThan(1e-12);
  });
});
