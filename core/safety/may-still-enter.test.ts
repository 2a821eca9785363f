import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VerdictViewSchema } from '../contract/index.ts';
import { add, baseAmount, price, quoteAmount, scale } from '../domain/index.ts';
import { type Account, LIMIT_TOLERANCE, mayStillEnter, type PlannedEntry } from './index.ts';
import { exposures, REQUEST, reviewed, SAFETY, withAccount } from './testing/entry-request.ts';

/** Decided at 100 with a range of 2: its stop is at 96, and it may drift by 1. */
const ORDER: PlannedEntry = {
  symbol: 'BTC/USDT',
  quote: 'USDT',
  side: 'buy',
  amount: baseAmount(20),
  stopPrice: price(96),
  decisionPrice: price(100),
  atr: 2,
};
const SHORT = { side: 'sell', stopPrice: price(104) } as const;

interface Changes {
  readonly order?: Partial<PlannedEntry>;
  readonly account?: Partial<Account>;
  readonly at?: number;
}

function asked({ order = {}, account = {}, at = 100 }: Changes = {}) {
  return mayStillEnter({ ...ORDER, ...order }, withAccount(account).account, price(at), SAFETY);
}

test('what was decided a moment ago may be sent', () => {
  const verdict = asked({ at: 100.4 });
  expect(VerdictViewSchema.parse(verdict)).toEqual({
    layer: 'position-limits',
    allowed: true,
    code: 'ok',
    message: 'the order still fits the limits at 100.4',
    numbers: {
      equity: 10_000,
      notional: 2_008,
      symbolExposure: 0.2008,
      strategyExposure: 0.2008,
      groupExposure: 0.2008,
      groupSize: 1,
      portfolioExposure: 0.2008,
      openRisk: 0.0088,
      cash: 10_000,
      lossAtStop: 88,
      lossAtStopShare: 0.0088,
      drift: expect.closeTo(0.2, 12),
      maxEntryDrift: 0.5,
      openPositions: 0,
      maxPositions: 5,
      maxSymbolExposure: 0.3,
      maxStrategyExposure: 0.6,
      maxGroupExposure: 0.6,
      maxPortfolioExposure: 0.9,
      maxOpenRisk: 0.06,
    },
  });
});

test('what the review plans at a price may be sent at that price', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const account = fc.record({
    equity: fc.integer({ min: 1, max: 20_000_000 }).map((cents) => quoteAmount(cents / 100)),
    cash: share,
    held: share,
    others: share,
    own: share,
    atRisk: share,
    grouped: share,
  });
  const request = fc.record({
    side: fc.constantFrom('buy', 'sell'),
    markPrice: fc.integer({ min: 1, max: 10_000 }).map((tenths) => price(tenths / 10)),
    atr: fc.double({ min: 1e-6, max: 300, noNaN: true }),
    roundTripCost: fc.double({ min: 0, max: 0.1, noNaN: true }),
    expectedMove: fc.constant(1),
    isRealMoney: fc.constant(false),
  });
  let planned = 0;
  fc.assert(
    fc.property(account, request, ({ equity, ...shares }, asked) => {
      const held = scale(equity, shares.held / 3);
      const others = scale(equity, shares.others);
      const account = {
        equity,
        cash: scale(equity, shares.cash),
        exposures: new Map(Object.entries({ 'BTC/USDT': held, X: others })),
        strategyExposure: add(held, scale(others, shares.own)),
        group: { exposure: add(held, scale(others, shares.grouped)), size: 2, isKnown: true },
        openRisk: scale(equity, shares.atRisk / 10),
        openPositions: 2,
      };
      const { plan } = reviewed({ ...asked, account });
      if (plan === undefined) return;
      planned += 1;
      const order = { ...ORDER, ...asked, ...plan, decisionPrice: asked.markPrice };
      expect(mayStillEnter(order, account, asked.markPrice, SAFETY)).toMatchObject({ allowed: true });
    }),
    { seed: 20_260, numRuns: 1_000 },
  );
  expect(planned).toBeGreaterThan(80);
});

describe('the price', () => {
  test.each([
    ['has not moved', {}, 'ok'],
    ['has risen by exactly what it may', { at: 101 }, 'ok'],
    ['has risen by more', { at: 101.01 }, 'price-moved'],
    ['has fallen by exactly what it may', { at: 99 }, 'ok'],
    ['has fallen by more: the entry bet on something else', { at: 98.99 }, 'price-moved'],
    ['has moved away from a short', { order: SHORT, at: 98.99 }, 'price-moved'],
    ['has fallen to the stop', { at: 96 }, 'stop-passed'],
    ['has fallen through the stop', { at: 95 }, 'stop-passed'],
    ["has risen to a short's stop", { order: SHORT, at: 104 }, 'stop-passed'],
    ["has risen through a short's stop", { order: SHORT, at: 105 }, 'stop-passed'],
    ['had no range to measure by', { order: { atr: Number.NaN } }, 'unknown-volatility'],
    ['had a range of nothing', { order: { atr: 0 } }, 'unknown-volatility'],
    ['had an endless range', { order: { atr: Number.POSITIVE_INFINITY } }, 'unknown-volatility'],
  ] satisfies [string, Changes, string][])('%s: %s %s', (_, changes, code) => {
    expect(asked(changes)).toMatchObject({ code, allowed: code === 'ok' });
  });

  test('an exact drift is no more than allowed, whatever its decimals are in binary', () => {
    const settings = { ...SAFETY, maxEntryDrift: 0.3 };
    const refused: number[] = [];
    for (let thousandths = 1; thousandths <= 500; thousandths += 1) {
      const at = add(price('0.7'), scale(price(thousandths / 1_000), 0.3));
      const order = {
        ...ORDER,
        atr: thousandths / 1_000,
        decisionPrice: price('0.7'),
        stopPrice: price('0.01'),
        amount: baseAmount(1),
      };
      if (!mayStillEnter(order, REQUEST.account, at, settings).allowed) refused.push(thousandths);
    }
    expect(refused).toEqual([]);
  });

  test.each([
    [
      { at: 101.5 },
      'the price has moved from 100 to 101.5 since the decision, 0.75 average true ranges, 0.5 are allowed',
    ],
    [{ at: 95.5 }, 'the price of 95.5 has reached the stop at 96: the stop would trigger at once'],
    [
      { order: { atr: 0 } },
      'BTC/USDT has no average true range, how far its price has moved cannot be judged',
    ],
  ] satisfies [Changes, string][])('%j is told', (changes, message) => {
    expect(asked(changes).message).toBe(message);
  });
});

describe('the limits', () => {
  const others = (worth: number): Partial<Account> => ({ exposures: exposures({ X: worth }) });
  const foreign = (worth: number): Partial<Account> => ({
    ...others(worth),
    strategyExposure: quoteAmount(0),
  });
  const grouped = (worth: number): Partial<Account> => ({
    group: { exposure: quoteAmount(worth), size: 2, isKnown: true },
  });
  test.each([
    ['exactly what the symbol may have', { order: { amount: baseAmount(30) } }, 'ok'],
    ['a little more, as the price moves', { order: { amount: baseAmount('30.3') } }, 'ok'],
    ['more than that', { order: { amount: baseAmount('30.31') } }, 'max-symbol-exposure'],
    ['at a higher price', { order: { amount: baseAmount(30) }, at: 101 }, 'ok'],
    [
      'at a price beyond the tolerance',
      { order: { amount: baseAmount('30.2') }, at: 101 },
      'max-symbol-exposure',
    ],
    ['with what is held already', { account: { exposures: exposures({ 'BTC/USDT': 1_030 }) } }, 'ok'],
    [
      'with more held already',
      { account: { exposures: exposures({ 'BTC/USDT': 1_031 }) } },
      'max-symbol-exposure',
    ],
    ['the strategy at its limit', { account: others(4_060) }, 'ok'],
    ['the strategy beyond it', { account: others(4_061) }, 'max-strategy-exposure'],
    ['the portfolio at its limit', { account: foreign(7_090) }, 'ok'],
    ['the portfolio beyond it', { account: foreign(7_091) }, 'max-portfolio-exposure'],
    ['the group at its limit', { account: grouped(4_060) }, 'ok'],
    ['the group beyond it', { account: grouped(4_061) }, 'max-group-exposure'],
    ['the open risk at its limit', { account: { openRisk: quoteAmount(526) } }, 'ok'],
    ['the open risk beyond it', { account: { openRisk: quoteAmount('526.01') } }, 'max-open-risk'],
    ['five others since the decision', { account: { openPositions: 5 } }, 'max-positions'],
    ['no equity', { account: { equity: quoteAmount(0) } }, 'no-equity'],
    ['the equity has fallen', { account: { equity: quoteAmount(6_000) } }, 'max-symbol-exposure'],
    ['exactly the cash', { account: { cash: quoteAmount(2_000) } }, 'ok'],
    [
      'more than the cash: a venue knows no tolerance',
      { account: { cash: quoteAmount('1999.99') } },
      'not-enough-cash',
    ],
    ['a short without cash', { order: SHORT, account: { cash: quoteAmount(0) } }, 'ok'],
  ] satisfies [string, Changes, string][])('%s: %s %s', (_, changes, code) => {
    expect(asked(changes)).toMatchObject({ layer: 'position-limits', code, allowed: code === 'ok' });
  });

  test.each([
    [
      { order: { amount: baseAmount(31) } },
      'at 100 the order is worth 3,100 USDT: 31 % of the equity in the symbol, its limit is 30 %',
    ],
    [
      { account: { exposures: exposures({ X: 4_100 }) } },
      'at 100 the order is worth 2,000 USDT: 61 % of the equity in the strategy, its limit is 60 %',
    ],
    [
      { account: { openRisk: quoteAmount(530) } },
      'at 100 the order is worth 2,000 USDT: 6.1 % of the equity lost if every stop is hit, its limit is 6 %',
    ],
    [{ account: { cash: quoteAmount(500) } }, 'at 100 the order is worth 2,000 USDT, the cash is 500 USDT'],
  ] satisfies [Changes, string][])('%j is told', (changes, message) => {
    expect(asked(changes).message).toBe(message);
  });

  test('the tolerance is a hundredth of the limit', () => {
    expect(LIMIT_TOLERANCE).toBe(0.01);
  });
});
