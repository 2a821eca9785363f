import { describe, expect, test } from 'vitest';
import { SettingsSchema, VerdictViewSchema } from '../contract/index.ts';
import { quoteAmount, text } from '../domain/index.ts';
import {
  type Account,
  churnThrottle,
  costGate,
  dataHealth,
  exitReview,
  headroom,
  positionLimits,
} from './index.ts';

const SAFETY = SettingsSchema.parse({}).safety;

describe('data health', () => {
  test.each([
    ['fresh', { stale: false, ageMs: 900 }, 'ok'],
    ['stale', { stale: true, ageMs: 40_000 }, 'stale-feed'],
    ['of unknown age', { stale: false, ageMs: Number.NaN }, 'unknown-age'],
    ['never heard of', { stale: false, ageMs: Number.POSITIVE_INFINITY }, 'unknown-age'],
    ['with a clock a second ahead', { stale: false, ageMs: 0, clockOffsetMs: 1_000 }, 'ok'],
    ['with a clock too far behind', { stale: false, ageMs: 0, clockOffsetMs: -1_001 }, 'clock-offset'],
    ['with a clock of unknown offset', { stale: false, ageMs: 0, clockOffsetMs: Number.NaN }, 'clock-offset'],
  ])('a feed %s: %s', (_, feed, code) => {
    const verdict = dataHealth(feed);
    expect(VerdictViewSchema.parse(verdict)).toMatchObject({
      layer: 'data-health',
      code,
      allowed: code === 'ok',
    });
  });
});

describe('position limits', () => {
  const account = (exposures: Record<string, number>, more: Partial<Account> = {}): Account => ({
    equity: quoteAmount(10_000),
    cash: quoteAmount(10_000),
    exposures: new Map(Object.entries(exposures).map(([symbol, worth]) => [symbol, quoteAmount(worth)])),
    openPositions: Object.keys(exposures).length,
    ...more,
  });

  test.each([
    ['nothing held', account({}), SAFETY, 'ok', 3_000],
    ['some of the symbol held', account({ A: 1_000 }), SAFETY, 'ok', 2_000],
    ['the symbol full', account({ A: 3_000 }), SAFETY, 'max-symbol-exposure', 0],
    ['the symbol beyond its limit, by a rise', account({ A: 4_000 }), SAFETY, 'max-symbol-exposure', 0],
    ['the strategy nearly full', account({ B: 2_900, C: 2_900 }), SAFETY, 'ok', 200],
    ['the strategy full', account({ B: 3_000, C: 3_000 }), SAFETY, 'max-strategy-exposure', 0],
    [
      "another strategy's exposure",
      account({ B: 3_000, C: 3_000 }, { strategyExposure: quoteAmount(0) }),
      SAFETY,
      'ok',
      3_000,
    ],
    [
      'the portfolio nearly full',
      account({ B: 8_500 }, { strategyExposure: quoteAmount(0) }),
      SAFETY,
      'ok',
      500,
    ],
    [
      'the portfolio full',
      account({ B: 9_000 }, { strategyExposure: quoteAmount(0) }),
      SAFETY,
      'max-portfolio-exposure',
      0,
    ],
    ['five positions open', account({ B: 1, C: 1, D: 1, E: 1, F: 1 }), SAFETY, 'max-positions', 2_995 + 5],
    ['five open, this one among them', account({ A: 1, C: 1, D: 1, E: 1, F: 1 }), SAFETY, 'ok', 2_999],
    ['a count that is missing', account({}, { openPositions: Number.NaN }), SAFETY, 'max-positions', 3_000],
    ['no equity', account({}, { equity: quoteAmount(0) }), SAFETY, 'no-equity', 0],
    ['less than nothing', account({}, { equity: quoteAmount(-5) }), SAFETY, 'no-equity', 0],
  ])('%s', (_, state, settings, code, room) => {
    const verdict = positionLimits('A', state, settings);
    expect(VerdictViewSchema.parse(verdict)).toMatchObject({
      layer: 'position-limits',
      code,
      allowed: code === 'ok',
    });
    expect(text(headroom('A', state, settings))).toBe(String(room));
  });

  test('the verdict has the shares and their limits', () => {
    expect(positionLimits('A', account({ A: 1_000, B: 2_000 }), SAFETY).numbers).toEqual({
      equity: 10_000,
      symbolExposure: 0.1,
      strategyExposure: 0.3,
      portfolioExposure: 0.3,
      openPositions: 2,
      maxPositions: 5,
      maxSymbolExposure: 0.3,
      maxStrategyExposure: 0.6,
      maxPortfolioExposure: 0.9,
    });
  });
});

describe('cost gate', () => {
  test.each([
    [0.0046, 0.003, 'ok'],
    [0.0045, 0.003, 'too-costly'],
    [0.0001, 0, 'ok'],
    [0, 0, 'too-costly'],
    [Number.NaN, 0.003, 'unknown-cost'],
    [0.01, Number.NaN, 'unknown-cost'],
    [Number.POSITIVE_INFINITY, 0.003, 'unknown-cost'],
  ])('an expected move of %d at costs of %d: %s', (expectedMove, roundTripCost, code) => {
    const verdict = costGate({ expectedMove, roundTripCost }, SAFETY);
    expect(VerdictViewSchema.parse(verdict)).toMatchObject({
      layer: 'cost-gate',
      code,
      allowed: code === 'ok',
    });
  });

  test('says what would have been needed', () => {
    const { message, numbers } = costGate({ expectedMove: 0.002, roundTripCost: 0.003 }, SAFETY);
    expect(message).toBe('an expected move of 0.20 % does not exceed 1.5 times the costs of 0.30 %');
    expect(numbers).toMatchObject({ needed: expect.closeTo(0.0045, 12), costMultiple: 1.5 });
  });
});

describe('churn throttle', () => {
  test.each([
    [null, 0, 'ok'],
    [2, 5, 'ok'],
    [1, 0, 'reentry-wait'],
    [0, 0, 'reentry-wait'],
    [Number.NaN, 0, 'reentry-wait'],
    [null, 6, 'entries-per-hour'],
    [null, Number.NaN, 'entries-per-hour'],
  ])('%s bars since the exit and %s entries this hour: %s', (barsSinceExit, entriesLastHour, code) => {
    const verdict = churnThrottle({ barsSinceExit, entriesLastHour }, SAFETY);
    expect(VerdictViewSchema.parse(verdict)).toMatchObject({
      layer: 'churn-throttle',
      code,
      allowed: code === 'ok',
    });
  });

  test.each([
    ['exit', 2, 'minimum-hold'],
    ['exit', 3, 'ok'],
    ['exit', Number.NaN, 'ok'],
    ['protection', 0, 'ok'],
    ['emergency', 0, 'ok'],
  ] as const)('leaving by %s after %s bars: %s', (purpose, barsHeld, code) => {
    const verdict = exitReview({ purpose, barsHeld }, SAFETY);
    expect(VerdictViewSchema.parse(verdict)).toMatchObject({
      layer: 'churn-throttle',
      code,
      allowed: code === 'ok',
    });
  });
});
