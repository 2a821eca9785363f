import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../domain/index.ts';
import {
  ema,
  History,
  MeanAbsoluteDeviation,
  RollingCorrelation,
  RollingMoments,
  RollingRank,
  RollingRegression,
  RollingSum,
  RollingVariance,
  rollingMax,
  rollingMin,
  wilder,
} from './index.ts';

/** A kernel fed one value after another, and everything that it tells. */
interface Case {
  push(x: number): void;
  told(): readonly number[];
}

const CASES: readonly { readonly name: string; readonly make: () => Case }[] = [
  { name: 'ema', make: () => telling(ema(9), ({ value }) => [value]) },
  { name: 'wilder', make: () => telling(wilder(9), ({ value }) => [value]) },
  { name: 'sum', make: () => telling(new RollingSum(9), ({ value, mean }) => [value, mean]) },
  {
    name: 'variance',
    make: () => telling(new RollingVariance(9), ({ mean, sumOfSquares }) => [mean, sumOfSquares]),
  },
  {
    name: 'moments',
    make: () => telling(new RollingMoments(9), ({ skewness, kurtosis }) => [skewness, kurtosis]),
  },
  {
    name: 'regression',
    make: () => telling(new RollingRegression(9), ({ slope, tStatistic }) => [slope, tStatistic]),
  },
  { name: 'correlation', make: () => withItsSquare(new RollingCorrelation(9)) },
  { name: 'maximum', make: () => telling(rollingMax(9), ({ value, age }) => [value, age]) },
  { name: 'minimum', make: () => telling(rollingMin(9), ({ value, age }) => [value, age]) },
  { name: 'rank', make: () => telling(new RollingRank(9), (rank) => [rank.push(NaN)]) },
  {
    name: 'mean absolute deviation',
    make: () => telling(new MeanAbsoluteDeviation(9), ({ value, distance }) => [value, distance]),
  },
  { name: 'history', make: () => telling(new History(1), (history) => [history.ago(0), history.ago(1)]) },
];

function telling<K extends { push(x: number): unknown }>(
  kernel: K,
  told: (kernel: K) => readonly number[],
): Case {
  return { push: (x) => void kernel.push(x), told: () => told(kernel) };
}

/** A correlation of the series with its square: one input, like the others. */
function withItsSquare(kernel: RollingCorrelation): Case {
  return { push: (x) => kernel.push(x, x * x), told: () => [kernel.correlation, kernel.beta] };
}

describe.each(CASES)('kernel $name', ({ make }) => {
  it('takes NaN for nothing observed', () => {
    const values = fc.array(fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(NaN)), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(values, (xs) => {
        const all = make();
        const observed = make();
        for (const x of xs) {
          all.push(x);
          if (!Number.isNaN(x)) observed.push(x);
          expect(all.told()).toEqual(observed.told());
        }
      }),
    );
  });
});

describe('rolling extremes', () => {
  it('agree with a look at the whole window, the most recent of equals counting', () => {
    const values = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 12 }), (xs, window) => {
        const [highest, lowest] = [rollingMax(window), rollingMin(window)];
        xs.forEach((x, index) => {
          highest.push(x);
          lowest.push(x);
          const recent = xs.slice(Math.max(0, index + 1 - window), index + 1);
          if (recent.length < window) {
            expect(highest.value).toBeNaN();
            return;
          }
          expect(highest.value).toBe(Math.max(...recent));
          expect(lowest.value).toBe(Math.min(...recent));
          expect(highest.age).toBe(window - 1 - recent.lastIndexOf(Math.max(...recent)));
          expect(lowest.age).toBe(window - 1 - recent.lastIndexOf(Math.min(...recent)));
        });
      }),
    );
  });
});

describe('rolling rank', () => {
  it('is the share of the others below, equals counting half', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 60 }), (xs) => {
        const rank = new RollingRank(8);
        xs.forEach((x, index) => {
          const value = rank.push(x);
          if (index < 7) {
            expect(value).toBeNaN();
            return;
          }
          const others = xs.slice(index - 7, index);
          const below = others.filter((other) => other < x).length;
          const equal = others.filter((other) => other === x).length;
          expect(value).toBeCloseTo((below + equal / 2) / 7, 12);
        });
      }),
    );
  });
});

describe('history', () => {
  it('gives the value of so many bars ago, and NaN before there was one', () => {
    const history = new History(2);
    history.push(10);
    history.push(20);
    expect([history.ago(0), history.ago(1), history.ago(2)]).toEqual([20, 10, NaN]);
    history.push(30);
    history.push(40);
    expect([history.ago(0), history.ago(1), history.ago(2)]).toEqual([40, 30, 20]);
  });
});

describe('a constant series', () => {
  it('has a variance of exactly 0 even after wild values, and neutral ratios', () => {
    const variance = new RollingVariance(9);
    const moments = new RollingMoments(9);
    const regression = new RollingRegression(9);
    const correlation = new RollingCorrelation(9);
    const random = new SeededRandom(3);
    for (let i = 0; i < 50; i++) {
      const x = i < 30 ? 1e9 * random.next() : 0.1;
      variance.push(x);
      moments.push(x);
      regression.push(x);
      correlation.push(x, random.next());
    }
    expect([variance.mean, variance.variance, moments.skewness, moments.kurtosis]).toEqual([0.1, 0, 0, 3]);
    expect([regression.slope, regression.rSquared, regression.tStatistic]).toEqual([0, 0, 0]);
    expect([correlation.correlation, correlation.beta]).toEqual([0, 0]);
  });
});
