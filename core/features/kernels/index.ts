/**
 * Running computations over one series. Every kernel takes one observation a bar through `push`, answers in constant
 * amortised time without allocating, and ignores NaN, which stands for "nothing observed": so kernels chain, each
 * starting when its input does. Its value is NaN until it has seen enough.
 */
export { type ExponentialMean, ema, wilder } from './exponential-mean.ts';
export { History } from './history.ts';
export { MeanAbsoluteDeviation } from './mean-absolute-deviation.ts';
export { RollingCorrelation } from './rolling-correlation.ts';
export { type RollingExtreme, rollingMax, rollingMin } from './rolling-extreme.ts';
export { RollingMoments } from './rolling-moments.ts';
export { RollingRank } from './rolling-rank.ts';
export { RollingRegression } from './rolling-regression.ts';
export { RollingSum } from './rolling-sum.ts';
export { RollingVariance } from './rolling-variance.ts';
