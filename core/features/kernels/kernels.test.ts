import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../domain/index.ts';
import {
  ema,
  History,
  type Kernel,
  KernelSet,
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

interface Case {
  readonly name: string;
  readonly make: () => Kernel & { push(x: number, y?: number): unknown };
}

const CASES: Case[] = [
  { name: 'ema', make: () => ema(9) },
  { name: 'wilder', make: () => wilder(9) },
  { name: 'sum', make: () => new RollingSum(9) },
  { name: 'variance', make: () => new RollingVariance(9) },
  { name: 'moments', make: () => new RollingMoments(9) },
  { name: 'regression', make: () => new RollingRegression(9) },
  { name: 'correlation', make: () => pairKernel(new RollingCorrelation(9)) },
  { name: 'maximum', make: () => rollingMax(9) },
  { name: 'minimum', make: () => rollingMin(9) },
  { name: 'rank', make: () => new RollingRank(9) },
  { name: 'mean absolute deviation', make: () => new MeanAbsoluteDeviation(9) },
  { name: 'history', make: () => new History(9) },
];

/** A correlation of the series with its square: one input, like the others. */
function pairKernel(correlation: RollingCorrelation): Kernel & { push(x: number): void } {
  return {
    push: (x) => correlation.push(x, x * x),
    snapshot: () => correlation.snapshot(),
    restore: (state) => correlation.restore(state),
  };
}

const series = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 60 });

describe.each(CASES)('kernel $name', ({ make }) => {
  it('continues bit for bit from a snapshot', () => {
    fc.assert(
      fc.property(series, series, (before, after) => {
        const original = make();
        for (const x of before) original.push(x);
        const restored = make();
        restored.restore(original.snapshot());
        for (const x of after) {
          original.push(x);
          restored.push(x);
        }
        expect(restored.snapshot()).toEqual(original.snapshot());
      }),
    );
  });

  it('takes NaN for nothing observed', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6 }), { maxLength: 60 }), (values) => {
        const all = make();
        const observed = make();
        for (const x of values) all.push(x);
        for (const x of values) if (!Number.isNaN(x)) observed.push(x);
        expect(all.snapshot()).toEqual(observed.snapshot());
      }),
    );
  });

  it('refuses the state of another window', () => {
    expect(() => make().restore([...make().snapshot(), 0])).toThrow(RangeError);
  });
});

describe('a set of kernels', () => {
  it('saves and restores its members in order, sets within sets included', () => {
    const make = () => {
      const inner = new KernelSet();
      const outer = new KernelSet();
      const kernels = [outer.add(ema(3)), inner.add(new RollingSum(4))] as const;
      outer.add(inner);
      return { outer, kernels };
    };
    const original = make();
    const random = new SeededRandom(7);
    for (let i = 0; i < 10; i++) for (const kernel of original.kernels) kernel.push(random.next());
    const restored = make();
    restored.outer.restore(original.outer.snapshot());
    expect(restored.kernels.map((kernel) => kernel.value)).toEqual(
      original.kernels.map((kernel) => kernel.value),
    );
  });

  it('refuses a state with too few or too many kernels', () => {
    const set = new KernelSet();
    set.add(ema(3));
    const state = set.snapshot();
    expect(() => set.restore([])).toThrow(RangeError);
    expect(() => set.restore([...state, 0])).toThrow(RangeError);
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
