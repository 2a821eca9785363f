import { describe, expect, test } from 'vitest';
import { SettingsSchema, VerdictViewSchema } from '../contract/index.ts';
import { float, price, quoteAmount, scale } from '../domain/index.ts';
import {
  type Account,
  churnThrottle,
  costGate,
  dataHealth,
  exitReview,
  positionLimits,
  rooms,
} from './index.ts';

const SAFETY = SettingsSchema.parse({}).safety;

describe('data health', () => {
  const fresh = { stale: false, ageMs: 900 };
  test.each([
    ['fresh', fresh, 'ok'],
    ['stale', { stale: true, ageMs: 40_000 }, 'stale-feed'],
    ['never heard of and stale', { stale: true, ageMs: Number.POSITIVE_INFINITY }, 'stale-feed'],
    ['of unknown age', { stale: false, ageMs: Number.NaN }, 'unknown-age'],
    ['never heard of', { stale: false, ageMs: Number.POSITIVE_INFINITY }, 'unknown-age'],
    ['with a clock a second ahead', { ...fresh, clockOffsetMs: 1_000 }, 'ok'],
    ['with a clock too far behind', { ...fresh, clockOffsetMs: -1_001 }, 'clock-offset'],
    ['with a clock of unknown offset', { ...fresh, clockOffsetMs: Number.NaN }, 'clock-offset'],
    ['that is connected', { ...fresh, symbol: 'BTC/USDT', connected: true }, 'ok'],
    ['that is not connected', { ...fresh, connected: false }, 'disconnected'],
    ['that is not connected and stale', { stale: true, ageMs: 40_000, connected: false }, 'disconnected'],
  ])('a feed %s: %s', (_, feed, code) => {
    const verdict = dataHealth(feed);
    expect(VerdictViewSchema.parse(verdict)).toMatchObject({
      layer: 'data-health',
      code,
      allowed: code === 'ok',
    });
  });

  test.each([
    [{ stale: true, ageMs: 40_400 }, 'the last market message is 40 s old, the prices may be gone'],
    [{ stale: true, ageMs: 1_250 }, 'the last market message is 1.3 s old, the prices may be gone'],
    [{ stale: true, ageMs: 119_400 }, 'the last market message is 119 s old, the prices may be gone'],
    [{ stale: true, ageMs: 600_000 }, 'the last market message is 10 min old, the prices may be gone'],
    [{ stale: true, ageMs: 3 * 86_400_000 }, 'the last market message is 72 h old, the prices may be gone'],
    [{ stale: true, ageMs: Number.POSITIVE_INFINITY }, 'no market message has arrived yet'],
    [{ stale: true, ageMs: Number.NaN }, 'no market message has arrived yet'],
    [{ stale: false, ageMs: Number.NaN }, 'the age of the market data is not known'],
    [
      { stale: true, ageMs: 40_000, symbol: 'ETH/USDT' },
      'ETH/USDT: the last market message is 40 s old, the prices may be gone',
    ],
    [
      { ...fresh, connected: false, symbol: 'ETH/USDT' },
      'ETH/USDT: the connection to the market data is down, the last market message is 0.9 s old',
    ],
    [
      { stale: true, ageMs: Number.POSITIVE_INFINITY, connected: false },
      'the connection to the market data is down, no market message has arrived yet',
    ],
    [
      { ...fresh, clockOffsetMs: -2_300 },
      "the venue's clock is 2.3 s behind this machine's, set the machine's clock",
    ],
    [
      { ...fresh, clockOffsetMs: 4_000 },
      "the venue's clock is 4.0 s ahead of this machine's, set the machine's clock",
    ],
    [
      { ...fresh, clockOffsetMs: Number.NaN },
      "how far the venue's clock is from this machine's is not known",
    ],
    [{ ...fresh, symbol: 'ETH/USDT' }, 'the market data is fresh'],
  ])('%j is told as "%s"', (feed, message) => {
    expect(dataHealth(feed).message).toBe(message);
  });
});

describe('position limits', () => {
  const account = (exposures: Record<string, number>, more: Partial<Account> = {}): Account => ({
    equity: quoteAmount(10_000),
    cash: quoteAmount(10_000),
    exposures: new Map(Object.entries(exposures).map(([symbol, worth]) => [symbol, quoteAmount(worth)])),
    group: { exposure: quoteAmount(0), size: 1, isKnown: true },
    openRisk: quoteAmount(0),
    openPositions: Object.keys(exposures).length,
    ...more,
  });

  const group = (exposure: number, isKnown = true) => ({
    exposure: quoteAmount(exposure),
    size: 2,
    isKnown,
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
    ['the group nearly full', account({ B: 100 }, { group: group(5_900) }), SAFETY, 'ok', 100],
    ['the group full', account({ B: 100 }, { group: group(6_000) }), SAFETY, 'max-group-exposure', 0],
    ['the open risk nearly full', account({ B: 100 }, { openRisk: quoteAmount(599) }), SAFETY, 'ok', 1],
    ['the open risk full', account({ B: 100 }, { openRisk: quoteAmount(600) }), SAFETY, 'max-open-risk', 0],
    ['four positions open', account({ B: 1, C: 1, D: 1, E: 1 }), SAFETY, 'ok', 3_000],
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
    const { openRisk, ...worths } = rooms('A', state, settings);
    // What the stop may cost is another measure: looked at where it is the subject.
    const left = state.openRisk.isZero() ? Object.values(worths) : [openRisk];
    expect(Math.min(...left.map(float))).toBe(room);
  });

  test('exactly the limit leaves no room, whatever its decimals are in binary', () => {
    const passed: number[] = [];
    for (let thousandths = 1; thousandths <= 900; thousandths += 1) {
      const limit = thousandths / 1_000;
      const equity = quoteAmount('12345.67');
      const full = { ...account({}, { equity }), exposures: new Map([['A', scale(equity, limit)]]) };
      const nearly = new Map([['A', scale(scale(equity, limit), 1 - 1e-15)]]);
      const settings = {
        ...SAFETY,
        maxSymbolExposure: limit,
        maxStrategyExposure: 1,
        maxPortfolioExposure: 1,
      };
      if (positionLimits('A', full, settings).allowed) passed.push(thousandths);
      if (!positionLimits('A', { ...full, exposures: nearly }, settings).allowed) passed.push(-thousandths);
    }
    expect(passed).toEqual([]);
  });

  test('the verdict has the shares and their limits', () => {
    const held = account({ A: 1_000, B: 2_000 }, { openRisk: quoteAmount(150), group: group(2_500) });
    expect(positionLimits('A', held, SAFETY).numbers).toEqual({
      equity: 10_000,
      symbolExposure: 0.1,
      strategyExposure: 0.3,
      groupExposure: 0.25,
      groupSize: 2,
      portfolioExposure: 0.3,
      openRisk: 0.015,
      openPositions: 2,
      maxPositions: 5,
      maxSymbolExposure: 0.3,
      maxStrategyExposure: 0.6,
      maxGroupExposure: 0.6,
      maxPortfolioExposure: 0.9,
      maxOpenRisk: 0.06,
    });
  });

  test.each([
    [{ openRisk: quoteAmount(612) }, 'the open risk of 6.12 % leaves no room under its limit of 6.00 %'],
    [
      { exposures: new Map([['B', quoteAmount(6_100)]]) },
      "the strategy's exposure of 61.00 % leaves no room under its limit of 60.00 %",
    ],
    [
      { group: group(6_100) },
      "the group's exposure of 61.00 % leaves no room under its limit of 60.00 %: " +
        'the 2 symbols that move together with A, itself included',
    ],
    [
      { group: group(6_100, false) },
      "the group's exposure of 61.00 % leaves no room under its limit of 60.00 %: " +
        'A has too little history to tell how it moves, and all symbols of that kind count as one group',
    ],
  ])('%j is told', (more, message) => {
    expect(positionLimits('A', account({}, more), SAFETY).message).toBe(message);
  });
});

describe('cost gate', () => {
  const AT = { entryCost: 0.0015, markPrice: price(100), isRealMoney: false };
  test.each([
    [0.0046, 0.003, 'ok'],
    [0.0045, 0.003, 'too-costly'],
    [0.0001, 0, 'ok'],
    [0, 0, 'too-costly'],
    [Number.NaN, 0.003, 'unknown-cost'],
    [0.01, Number.NaN, 'unknown-cost'],
    [Number.POSITIVE_INFINITY, 0.003, 'unknown-cost'],
  ])('an expected move of %d at costs of %d: %s', (expectedMove, roundTripCost, code) => {
    const verdict = costGate({ ...AT, expectedMove, roundTripCost }, SAFETY);
    expect(VerdictViewSchema.parse(verdict)).toMatchObject({
      layer: 'cost-gate',
      code,
      allowed: code === 'ok',
    });
  });

  test('exactly what is needed is not enough, whatever its decimals are in binary', () => {
    const passed: number[] = [];
    for (let bps = 1; bps <= 1_000; bps += 1) {
      const roundTripCost = bps / 10_000;
      const expectedMove = scale(quoteAmount(roundTripCost), SAFETY.costMultiple).toNumber();
      if (costGate({ ...AT, expectedMove, roundTripCost }, SAFETY).allowed) passed.push(bps);
      if (!costGate({ ...AT, expectedMove: expectedMove * (1 + 1e-9), roundTripCost }, SAFETY).allowed)
        passed.push(-bps);
    }
    expect(passed).toEqual([]);
  });

  test.each([
    [false, SAFETY.costMultiple, true],
    [true, SAFETY.costMultiple, false],
    [true, 0, true],
  ])(
    'without a measured expectation: real money %s, a multiple of %d: passes %s',
    (isRealMoney, costMultiple, passes) => {
      const question = { ...AT, expectedMove: null, roundTripCost: 0.003, isRealMoney };
      const verdict = costGate(question, { costMultiple });
      expect(VerdictViewSchema.parse(verdict)).toMatchObject({ allowed: passes, code: 'no-expectation' });
      expect(verdict.message).toContain('no measured expectation to hold against costs of 0.30 %');
    },
  );

  test.each([
    [0.002, 0.003, 'the cost gate is off: expected move 0.20 %, costs 0.30 %'],
    [Number.NaN, 0.003, 'the cost gate is off: expected move not known, costs 0.30 %'],
    [0.002, Number.POSITIVE_INFINITY, 'the cost gate is off: expected move 0.20 %, costs not known'],
  ])('with a multiple of 0 it is off and says so: %d at %d', (expectedMove, roundTripCost, message) => {
    const verdict = costGate({ ...AT, expectedMove, roundTripCost }, { costMultiple: 0 });
    expect(verdict).toMatchObject({ layer: 'cost-gate', allowed: true, code: 'off', message });
    expect(VerdictViewSchema.parse(verdict).numbers).toMatchObject({ costMultiple: 0 });
  });

  test.each([
    [0.01, SAFETY.costMultiple, 'ok'],
    [0.001, SAFETY.costMultiple, 'too-costly'],
    [0.01, 0, 'off'],
    [null, SAFETY.costMultiple, 'no-expectation'],
  ])(
    'says by how much spread and slippage are taken to have grown: %s at %d',
    (expectedMove, costMultiple, code) => {
      const question = { ...AT, expectedMove, roundTripCost: 0.003, roughness: 1.4 };
      const verdict = costGate(question, { costMultiple });
      expect(verdict).toMatchObject({ code, numbers: { roughness: 1.4 } });
      expect(verdict.message).toContain(
        '0.30 %, spread and slippage 1.4 times as set for the volatility foretold',
      );
      const asSet = costGate({ ...question, roughness: null }, { costMultiple });
      expect(asSet.message).not.toContain('foretold');
      expect(asSet.numbers).not.toHaveProperty('roughness');
    },
  );

  test('when it is off the numbers are recorded all the same', () => {
    expect(
      costGate({ ...AT, expectedMove: 0.002, roundTripCost: 0.003 }, { costMultiple: 0 }).numbers,
    ).toEqual({
      expectedMove: 0.002,
      roundTripCost: 0.003,
      costMultiple: 0,
      needed: 0,
      entryCost: 0.0015,
      markPrice: 100,
    });
  });

  test('says what would have been needed', () => {
    const { message, numbers } = costGate({ ...AT, expectedMove: 0.002, roundTripCost: 0.003 }, SAFETY);
    expect(message).toBe('an expected move of 0.20 % does not exceed 1.5 times the costs of 0.30 %');
    expect(numbers).toMatchObject({ needed: expect.closeTo(0.0045, 12), costMultiple: 1.5 });
  });
});

describe('churn throttle', () => {
  test.each([
    [null, 0, 0, 'ok'],
    [2, 5, 49, 'ok'],
    [1, 0, 0, 'reentry-wait'],
    [0, 0, 0, 'reentry-wait'],
    [Number.NaN, 0, 0, 'reentry-wait'],
    [null, 6, 6, 'entries-per-hour'],
    [null, Number.NaN, 0, 'entries-per-hour'],
    [null, 0, 50, 'entries-per-day'],
    [null, 0, 51, 'entries-per-day'],
    [null, 0, Number.NaN, 'entries-per-day'],
  ])(
    '%s bars since the exit, %s entries this hour, %s today: %s',
    (barsSinceExit, entriesLastHour, entriesToday, code) => {
      const verdict = churnThrottle({ barsSinceExit, entriesLastHour, entriesToday }, SAFETY);
      expect(VerdictViewSchema.parse(verdict)).toMatchObject({
        layer: 'churn-throttle',
        code,
        allowed: code === 'ok',
      });
    },
  );

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
