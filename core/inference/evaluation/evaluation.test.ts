import { describe, expect, it } from 'vitest';
import type { ClassificationFigures, PolicyFigures } from '../../contract/index.ts';
import type { Candle } from '../../domain/index.ts';
import { LABEL } from '../labels.ts';
import { deflatedSharpe, inverseNormal, normal } from './deflated-sharpe.ts';
import { examine } from './evaluate.ts';
import { policyFigures } from './policy.ts';
import { averageUniqueness } from './uniqueness.ts';
import { verdictOf } from './verdict.ts';

const HOUR = 3_600_000;
const SIGMA = 0.004;

describe('average uniqueness', () => {
  it('is 1 for labels that do not meet and the shared part otherwise', () => {
    const apart = averageUniqueness(Float64Array.of(0, 10), Float64Array.of(4, 14), 1);
    expect([...apart]).toEqual([1, 1]);
    const half = averageUniqueness(Float64Array.of(0, 2), Float64Array.of(3, 5), 1);
    expect(half[0]).toBeCloseTo((1 + 1 + 0.5 + 0.5) / 4, 12);
    expect(half[1]).toBeCloseTo((0.5 + 0.5 + 1 + 1) / 4, 12);
    expect(averageUniqueness(new Float64Array(0), new Float64Array(0), 1)).toHaveLength(0);
  });

  it('sums to about the time covered over the length of a label', () => {
    const starts = Float64Array.from({ length: 240 }, (_, bar) => bar);
    const ends = starts.map((start) => start + 23);
    const sum = averageUniqueness(starts, ends, 1).reduce((total, share) => total + share, 0);
    expect(sum).toBeGreaterThan(240 / 24);
    expect(sum).toBeLessThan(240 / 24 + 3);
  });
});

describe('the deflated Sharpe ratio', () => {
  const good = Array.from({ length: 250 }, (_, day) => 0.001 + 0.01 * Math.sin(day * 12.9898));

  it('falls as more variants were tried', () => {
    const [one, ten, hundred] = [1, 10, 100].map((trials) => deflatedSharpe(good, trials) ?? Number.NaN);
    expect(one).toBeGreaterThan(ten ?? 0);
    expect(ten).toBeGreaterThan(hundred ?? 0);
  });

  it('is null where nothing varies', () => {
    expect(deflatedSharpe([0.01, 0.01, 0.01, 0.01], 5)).toBeNull();
  });

  it('uses a normal distribution that is right to six digits', () => {
    expect(normal(0)).toBeCloseTo(0.5, 6);
    expect(normal(1.959_964)).toBeCloseTo(0.975, 6);
    expect(normal(-1)).toBeCloseTo(0.158_655, 6);
    expect(inverseNormal(0.975)).toBeCloseTo(1.959_964, 4);
  });
});

/** A market that rises 1 % in the bar after every 30th. */
function staircase(bars = 900): { bars: Candle[]; knows: Float64Array; sigma: Float64Array } {
  let price = 100;
  const knows = new Float64Array(3 * bars);
  const made = Array.from({ length: bars }, (_, index) => {
    const open = price;
    const rises = index % 30 === 1;
    if (rises) price *= 1.04;
    knows.set(index % 30 === 0 ? [0, 0, 1] : [0, 1, 0], 3 * index);
    return { openTime: index * HOUR, open, high: Math.max(open, price), low: open, close: price, volume: 1 };
  });
  return { bars: made, knows, sigma: new Float64Array(bars).fill(SIGMA) };
}

describe('the cost-aware policy', () => {
  it('earns the barrier less the cost of each round trip', () => {
    const { bars, knows, sigma } = staircase();
    const figures = policyFigures([{ bars, probabilities: knows, sigma }], 1);
    const distance = LABEL.barrierSigma * SIGMA * Math.sqrt(24);
    const each = distance + 2 * Math.log1p(-LABEL.roundTripCost / 2);
    expect(figures.trades).toBe(30);
    expect(figures.returnPct).toBeCloseTo((Math.exp(30 * each) - 1) * 100, 6);
    expect(figures.maxDrawdownPct).toBeCloseTo(0, 6);
  });

  it('stays out when the expected move does not pay the cost', () => {
    const { bars, knows, sigma } = staircase();
    const timid = knows.map(() => 1 / 3);
    const figures = policyFigures([{ bars, probabilities: timid, sigma }], 1);
    expect(figures).toMatchObject({ trades: 0, returnPct: 0, sharpe: null, deflatedSharpe: null });
    expect(figures.buyAndHoldReturnPct).toBeCloseTo((1.04 ** 30 - 1) * 100, 6);
  });

  it('says nothing where the model said nothing', () => {
    const { bars, sigma } = staircase();
    const silent = new Float64Array(3 * bars.length).fill(Number.NaN);
    expect(policyFigures([{ bars, probabilities: silent, sigma }], 1).trades).toBe(0);
  });

  it('loses what the market jumps over, not just the barrier', () => {
    const { bars, knows, sigma } = staircase(60);
    const crash = bars.map((bar, index) =>
      index < 3
        ? { ...bar, high: 100, close: 100, low: 100, open: 100 }
        : { ...bar, open: 50, high: 50, low: 50, close: 50 },
    );
    const figures = policyFigures([{ bars: crash.slice(0, 20), probabilities: knows, sigma }], 1);
    expect(figures.returnPct).toBeLessThan(-50);
  });
});

describe('an examination', () => {
  it('groups by symbol and year and counts one coin once', () => {
    const { bars, knows, sigma } = staircase();
    const one = { bars, probabilities: knows, sigma };
    const series = [
      { symbol: 'BTC/USDT', ...one },
      { symbol: 'BTC/USDT:USDT', ...one },
    ];
    const options = { prior: [0.1, 0.8, 0.1], trials: 3, timeframeMs: HOUR };
    const both = examine(series, options);
    const alone = examine(series.slice(0, 1), options);
    expect(both.bySymbol.map(({ key }) => key)).toEqual(['BTC/USDT', 'BTC/USDT:USDT']);
    expect(both.byYear.map(({ key }) => key)).toEqual(['1970']);
    expect(both.overall.samples).toBe(2 * alone.overall.samples);
    expect(both.overall.effectiveSamples).toBeCloseTo(alone.overall.effectiveSamples, 6);
  });

  it('has nothing to say of bars without labels', () => {
    const { bars, knows, sigma } = staircase(20);
    const series = [{ symbol: 'A/B', bars, probabilities: knows, sigma }];
    expect(() => examine(series, { prior: [0.1, 0.8, 0.1], trials: 1, timeframeMs: HOUR })).toThrow(
      RangeError,
    );
  });
});

describe('the verdict', () => {
  const figures = (gain: number, low: number): ClassificationFigures => ({
    samples: 9_000,
    effectiveSamples: 400,
    logLoss: 0.8 - gain,
    priorLogLoss: 0.8,
    logLossStandardError: 0.01,
    auc: { value: low + 0.02, low, high: low + 0.04 },
    balancedAccuracy: 0.35,
    brier: 0.4,
    ece: 0.01,
    rankIc: 0.02,
  });
  const policy = (deflatedSharpe: number | null) => ({ deflatedSharpe }) as PolicyFigures; // all that is looked at

  it.each([
    ['worse than knowing nothing', -0.02, 0.51, 0.99, 'worse-than-prior'],
    ['as good as knowing nothing', -0.005, 0.51, 0.99, 'no-edge-demonstrated'],
    ['better, but up and down are not told apart', 0.02, 0.49, 0.99, 'no-edge-demonstrated'],
    ['better, but trading on it is not proven to pay', 0.02, 0.51, 0.9, 'no-edge-demonstrated'],
    ['better, and trading was never tried', 0.02, 0.51, null, 'no-edge-demonstrated'],
    ['better in all three', 0.02, 0.51, 0.96, 'edge-demonstrated'],
  ] as const)('%s', (_, gain, low, deflated, verdict) => {
    expect(verdictOf(figures(gain, low), policy(deflated))).toBe(verdict);
  });
});
