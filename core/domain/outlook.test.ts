import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aheadOf,
  costsAhead,
  type OutlookHorizon,
  roundTripCostOf,
  type TradingCosts,
  touchOdds,
} from './index.ts';

const DAY: OutlookHorizon = {
  hours: 24,
  sigma: 0.02,
  spread: 0,
  low80: -0.02,
  high80: 0.02,
  low95: -0.04,
  high95: 0.04,
};

describe('what is ahead', () => {
  it.each([
    [0, 60, 'quiet'],
    [0.19, 60, 'quiet'],
    [0.2, 60, 'normal'],
    [0.89, 60, 'normal'],
    [0.9, 60, 'storm'],
    [1, 2_190, 'storm'],
    [1, 59, null],
    [null, 0, null],
  ] as const)('above %s of %d past forecasts is %s', (above, past, ahead) => {
    expect(aheadOf(above, past)).toBe(ahead);
  });
});

describe('how likely a stop is touched', () => {
  it.each([
    [0.01, 0.6171],
    [0.02, 0.3173],
    [0.04, 0.0455],
    [0.06, 0.0027],
  ])(
    '%d below the price at a sigma of 0.02 it is %d: twice the tail of the normal distribution',
    (distance, odds) => {
      expect(touchOdds(100, 100 * Math.exp(-distance), DAY)).toBeCloseTo(odds, 4);
      expect(touchOdds(100, 100 * Math.exp(distance), DAY)).toBeCloseTo(odds, 4);
    },
  );

  it('is more far away, and less near by, where forecasts of volatility have been off', () => {
    const off = { ...DAY, spread: 0.75 };
    expect(touchOdds(100, 100 * Math.exp(-0.06), off)).toBeCloseTo(0.0114, 3);
    expect(touchOdds(100, 100 * Math.exp(-0.02), off)).toBeCloseTo(0.262, 2);
  });

  it('is a probability, and grows with the horizon', () => {
    const price = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    const sigma = fc.double({ min: 1e-4, max: 1, noNaN: true });
    fc.assert(
      fc.property(price, price, sigma, (at, level, each) => {
        const day = touchOdds(at, level, { ...DAY, sigma: each });
        const week = touchOdds(at, level, { ...DAY, sigma: each * 2 });
        expect(day).toBeGreaterThanOrEqual(0);
        expect(week).toBeLessThanOrEqual(1);
        expect(week).toBeGreaterThanOrEqual(day - 1e-7);
      }),
    );
    expect(touchOdds(100, 100, DAY)).toBeCloseTo(1, 6);
  });
});

describe('what trading costs in the volatility foretold', () => {
  const costs: TradingCosts = {
    makerFeeBps: 1,
    takerFeeBps: 10,
    spreadBps: 2,
    slippageBps: 3,
    source: 'settings',
  };

  it('is as set where nothing is foretold', () => {
    expect(costsAhead(costs, null)).toBe(costs);
  });

  it('has more slippage and spread, and the same fees', () => {
    expect(costsAhead(costs, 2)).toEqual({ ...costs, spreadBps: 4, slippageBps: 6 });
    expect(roundTripCostOf(costsAhead(costs, 2), 'take')).toBeCloseTo(0.0036, 12);
  });

  it('has the spread of a book where one is seen', () => {
    expect(costsAhead({ ...costs, spreadSeen: true }, 2)).toMatchObject({ spreadBps: 2, slippageBps: 6 });
  });
});
