import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SAFETY_LAYERS, SettingsSchema } from '../contract/index.ts';
import {
  baseAmount,
  type Instrument,
  notional,
  price,
  quoteAmount,
  simulatedInstrument,
  text,
  type Verdict,
} from '../domain/index.ts';
import { type EntryRequest, EntryReview, type EntryReviewOptions, headroom, sizeEntry } from './index.ts';

const SAFETY = SettingsSchema.parse({}).safety;
const INSTRUMENT: Instrument = {
  ...simulatedInstrument('BTC/USDT', 100),
  tickSize: price('0.1'),
  lotSize: baseAmount('0.01'),
  minAmount: baseAmount('0.01'),
};
const REQUEST: EntryRequest = {
  symbol: 'BTC/USDT',
  side: 'buy',
  strategyId: 'rules',
  instrument: INSTRUMENT,
  markPrice: price(100),
  atr: 2.5,
  expectedMove: 0.02,
  roundTripCost: 0.003,
  account: { equity: quoteAmount(10_000), cash: quoteAmount(10_000), exposures: new Map(), openPositions: 0 },
  feed: { stale: false, ageMs: 100 },
  barsSinceExit: null,
  entriesLastHour: 0,
};
const CLEAR: Verdict = { layer: 'circuit-breaker', allowed: true, code: 'ok', message: '', numbers: {} };

const review = (request: Partial<EntryRequest> = {}, more: Partial<EntryReviewOptions> = {}) =>
  new EntryReview({
    settings: SAFETY,
    killSwitch: { state: () => undefined },
    breaker: { verdict: () => CLEAR },
    ...more,
  }).review({
    ...REQUEST,
    ...request,
  });

describe('sizing', () => {
  const size = (request: Partial<EntryRequest> = {}, settings: Partial<typeof SAFETY> = {}) => {
    const result = sizeEntry({ ...REQUEST, ...request }, { ...SAFETY, ...settings });
    return result.ok ? [text(result.plan.amount), text(result.plan.stopPrice)] : result.code;
  };
  const account = (more: Partial<EntryRequest['account']>) => ({ account: { ...REQUEST.account, ...more } });

  test.each([
    ['1 % of the equity over 2 ranges', {}, {}, ['20', '95']],
    ['a short has its stop above', { side: 'sell' }, {}, ['20', '105']],
    ['the stop goes to the nearer tick', { atr: 2.53 }, {}, ['19.76', '95']],
    ['of a short too', { side: 'sell', atr: 2.53 }, {}, ['19.76', '105']],
    ["a narrow stop is clipped by the symbol's limit", { atr: 0.5 }, {}, ['30', '99']],
    [
      'what is held already counts',
      account({ exposures: new Map([['BTC/USDT', quoteAmount(2_000)]]) }),
      {},
      ['10', '95'],
    ],
    ['cash is kept back for the costs', account({ cash: quoteAmount(1_000) }), {}, ['9.97', '95']],
    ['a short needs no cash', { side: 'sell', ...account({ cash: quoteAmount(0) }) }, {}, ['20', '105']],
    ['no cash buys nothing', account({ cash: quoteAmount(0) }), {}, 'below-min-amount'],
    [
      'no room buys nothing',
      account({ exposures: new Map([['X', quoteAmount(9_500)]]) }),
      {},
      'below-min-amount',
    ],
    ['an order too small for the venue', account({ equity: quoteAmount(15) }), {}, 'below-min-notional'],
    [
      'an entry that the venue takes with a stop that it would not',
      account({ cash: quoteAmount('10.2') }),
      {},
      'unprotectable',
    ],
    ['a stop below zero', { atr: 60 }, { riskPerTrade: 0.1 }, 'unprotectable'],
    ['a stop nearer than a tick', { atr: 0.01 }, {}, 'stop-too-close'],
    ['of a short too', { side: 'sell', atr: 0.01 }, {}, 'stop-too-close'],
    ['no range yet', { atr: Number.NaN }, {}, 'unknown-volatility'],
    ['a market that never moves', { atr: 0 }, {}, 'unknown-volatility'],
    ['an endless range', { atr: Number.POSITIVE_INFINITY }, {}, 'unknown-volatility'],
    ['costs unknown', { roundTripCost: Number.NaN }, {}, 'unknown-cost'],
    ['costs above everything', { roundTripCost: 1 }, {}, 'unknown-cost'],
  ] as const)('%s', (_, request, settings, expected) => {
    expect(size(request, settings)).toEqual(expected);
  });

  test('no plan risks, spends or fills more than it may, and every plan fits the venue', () => {
    const money = (max: number) =>
      fc.integer({ min: 0, max: max * 100 }).map((cents) => quoteAmount(cents / 100));
    fc.assert(
      fc.property(
        fc.record({
          side: fc.constantFrom('buy' as const, 'sell' as const),
          atr: fc.double({ min: 0.001, max: 60, noNaN: true }),
          equity: money(100_000),
          cash: money(100_000),
          held: money(50_000),
          others: money(50_000),
        }),
        ({ side, atr, equity, cash, held, others }) => {
          const exposures = new Map([
            ['BTC/USDT', held],
            ['ETH/USDT', others],
          ]);
          const request = { ...REQUEST, side, atr, account: { equity, cash, exposures, openPositions: 2 } };
          const result = sizeEntry(request, SAFETY);
          if (!result.ok) return;
          const { amount, stopPrice } = result.plan;
          const worth = notional(REQUEST.markPrice, amount);
          const loss = notional(REQUEST.markPrice, amount).minus(notional(stopPrice, amount)).abs();
          expect(loss.lte(equity.times(SAFETY.riskPerTrade).times(1.000_000_000_001))).toBe(true);
          expect(worth.lte(headroom('BTC/USDT', request.account, SAFETY))).toBe(true);
          if (side === 'buy') expect(worth.lte(cash)).toBe(true);
          expect(side === 'buy' ? stopPrice.lt(100) : stopPrice.gt(100)).toBe(true);
          expect(amount.mod(INSTRUMENT.lotSize).isZero() && stopPrice.mod(INSTRUMENT.tickSize).isZero()).toBe(
            true,
          );
        },
      ),
    );
  });
});

describe('the review', () => {
  test('an entry that every layer allows has a plan, and one verdict of each layer in their order', () => {
    const result = review();
    expect(result.allowed).toBe(true);
    expect(result.plan && [text(result.plan.amount), text(result.plan.stopPrice)]).toEqual(['20', '95']);
    expect(result.verdicts.map(({ layer }) => layer)).toEqual(SAFETY_LAYERS);
  });

  test.each([
    ['kill-switch', {}, { killSwitch: { state: () => ({ at: 5, reason: 'pressed', by: 'trader' }) } }],
    ['kill-switch', {}, { killSwitch: { state: () => ({ at: null, reason: 'unreadable', by: 'unknown' }) } }],
    ['circuit-breaker', {}, { breaker: { verdict: () => ({ ...CLEAR, allowed: false, code: 'drawdown' }) } }],
    ['data-health', { feed: { stale: true, ageMs: 60_000 } }, {}],
    ['position-limits', { account: { ...REQUEST.account, openPositions: 5 } }, {}],
    ['cost-gate', { expectedMove: 0.001 }, {}],
    ['churn-throttle', { barsSinceExit: 0 }, {}],
  ] as const)('a refusal of the %s refuses the entry', (layer, request, more) => {
    const result = review(request, more);
    expect(result.allowed).toBe(false);
    expect(result.plan).toBeUndefined();
    expect(result.verdicts.filter(({ allowed }) => !allowed).map((verdict) => verdict.layer)).toEqual([
      layer,
    ]);
    expect(result.verdicts).toHaveLength(SAFETY_LAYERS.length);
  });

  test('all refusals are recorded, not only the first', () => {
    const result = review(
      { feed: { stale: true, ageMs: 60_000 }, expectedMove: 0, entriesLastHour: 99 },
      { killSwitch: { state: () => ({ at: 5, reason: 'pressed', by: 'trader' }) } },
    );
    expect(result.verdicts.map(({ allowed }) => allowed)).toEqual([false, true, false, true, false, false]);
    expect(result.verdicts[0]).toMatchObject({
      code: 'engaged',
      message: 'the emergency stop is engaged: pressed',
      numbers: { at: 5 },
    });
  });

  test('that no useful order fits is told by the position limits, with its numbers', () => {
    const result = review({ account: { ...REQUEST.account, cash: quoteAmount(5) } });
    expect(result.allowed).toBe(false);
    expect(result.verdicts[3]).toMatchObject({
      layer: 'position-limits',
      allowed: false,
      code: 'below-min-notional',
      message: "an order worth 4.00 USDT is below the venue's minimum of 10",
      numbers: { equity: 10_000 },
    });
    expect(result.verdicts.filter(({ allowed }) => !allowed)).toHaveLength(1);
  });

  test('the same question gets the same answer', () => {
    expect(review()).toEqual(review());
  });
});
