import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { notional, price, quoteAmount, scale, text } from '../domain/index.ts';
import { type EntryRequest, rooms, type Sizing, sizeEntry, sizingMessage, sizingNumbers } from './index.ts';
import { exposures, INSTRUMENT, REQUEST, SAFETY, withAccount } from './testing/entry-request.ts';

describe('sizing', () => {
  const size = (request: Partial<EntryRequest> = {}, settings: Partial<typeof SAFETY> = {}) => {
    const result = sizeEntry({ ...REQUEST, ...request }, { ...SAFETY, ...settings });
    return result.ok ? [text(result.plan.amount), text(result.plan.stopPrice)] : result.code;
  };

  test.each([
    ['1 % of the equity over 2 ranges', {}, {}, ['20', '95']],
    ['a short has its stop above', { side: 'sell' }, {}, ['20', '105']],
    ['the stop goes to the nearer tick', { atr: 2.53 }, {}, ['19.76', '95']],
    ['of a short too', { side: 'sell', atr: 2.53 }, {}, ['19.76', '105']],
    ["a narrow stop is clipped by the symbol's limit", { atr: 0.5 }, {}, ['30', '99']],
    [
      'what is held already counts',
      withAccount({ exposures: exposures({ 'BTC/USDT': 2_000 }) }),
      {},
      ['10', '95'],
    ],
    [
      'what moves together leaves less',
      withAccount({ group: { exposure: quoteAmount(5_500), size: 2, isKnown: true } }),
      {},
      ['5', '95'],
    ],
    ['the open risk leaves less', withAccount({ openRisk: quoteAmount(550) }), {}, ['10', '95']],
    [
      'a target is clipped by it as well',
      { targetShare: 0.3, atr: 20, ...withAccount({ openRisk: quoteAmount(200) }) },
      {},
      ['10', '60'],
    ],
    ['cash is kept back for the costs', withAccount({ cash: quoteAmount(1_000) }), {}, ['9.97', '95']],
    ['a short needs no cash', { side: 'sell', ...withAccount({ cash: quoteAmount(0) }) }, {}, ['20', '105']],
    ['no cash buys nothing', withAccount({ cash: quoteAmount(0) }), {}, 'too-small'],
    ['nor do debts', withAccount({ cash: quoteAmount(-5) }), {}, 'too-small'],
    ['no room buys nothing', withAccount({ exposures: exposures({ X: 9_500 }) }), {}, 'too-small'],
    [
      'no cash buys nothing, however small an entry may be',
      withAccount({ cash: quoteAmount(0) }),
      { minEntryShare: 0 },
      'below-min-amount',
    ],
    ['an order too small for the venue', withAccount({ equity: quoteAmount(15) }), {}, 'below-min-notional'],
    [
      'an entry that the venue takes with a stop that it would not',
      withAccount({ cash: quoteAmount('10.2') }),
      { minEntryShare: 0 },
      'unprotectable',
    ],
    ['a target is what the symbol should have, of the equity', { targetShare: 0.25 }, {}, ['25', '95']],
    [
      'what is held counts towards it',
      { targetShare: 0.25, ...withAccount({ exposures: exposures({ 'BTC/USDT': 500 }) }) },
      {},
      ['20', '95'],
    ],
    ['a target may risk more than the risk of a trade', { targetShare: 0.25, atr: 10 }, {}, ['25', '80']],
    ['a target beyond the limits is clipped by them', { targetShare: 0.5 }, {}, ['30', '95']],
    ['no target at all', { targetShare: Number.NaN }, {}, 'unknown-target'],
    ['a target of nothing', { targetShare: 0 }, {}, 'unknown-target'],
    ['an endless target', { targetShare: Number.POSITIVE_INFINITY }, {}, 'unknown-target'],
    [
      'a target that is reached',
      { targetShare: 0.1, ...withAccount({ exposures: exposures({ 'BTC/USDT': 1_500 }) }) },
      {},
      'below-min-amount',
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
          openRisk: money(2_000),
          grouped: money(50_000),
        }),
        ({ side, atr, equity, cash, held, others, openRisk, grouped }) => {
          const exposures = new Map([
            ['BTC/USDT', held],
            ['ETH/USDT', others],
          ]);
          const group = { exposure: grouped, size: 2, isKnown: true };
          const request = {
            ...REQUEST,
            side,
            atr,
            account: { equity, cash, exposures, group, openRisk, openPositions: 2 },
          };
          const result = sizeEntry(request, SAFETY);
          if (!result.ok) return;
          const { amount, stopPrice, sizing } = result.plan;
          const worth = notional(REQUEST.markPrice, amount);
          const loss = notional(REQUEST.markPrice, amount).minus(notional(stopPrice, amount)).abs();
          expect(loss.lte(equity.times(SAFETY.riskPerTrade).times(1.000_000_000_001))).toBe(true);
          const { openRisk: mayLose, ...room } = rooms('BTC/USDT', request.account, SAFETY);
          for (const limit of Object.values(room)) expect(worth.lte(limit)).toBe(true);
          expect(loss.lte(mayLose.times(1.000_000_000_001))).toBe(true);
          // What the limits clip is worth its costs; what is left out is less than a lot and the risk's own wish.
          const clipped = !['risk', 'target'].includes(sizing.limitedBy);
          if (clipped) expect(worth.gte(scale(equity, SAFETY.minEntryShare).minus(1))).toBe(true);
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

describe('the sum behind a size', () => {
  function sumOf(request: Partial<EntryRequest> = {}, settings: Partial<typeof SAFETY> = {}): Sizing {
    const result = sizeEntry({ ...REQUEST, ...request }, { ...SAFETY, ...settings });
    if (!result.ok) throw new Error(result.message);
    return result.plan.sizing;
  }

  test('has every number that went into it', () => {
    expect(
      sumOf({ atr: 0.5, ...withAccount({ exposures: exposures({ 'BTC/USDT': 100, X: 2_000 }) }) }),
    ).toEqual({
      equity: 10_000,
      riskPerTrade: 0.01,
      stopDistance: 1,
      wantedByRisk: 10_000,
      room: { symbol: 2_900, strategy: 3_900, group: 6_000, portfolio: 6_900, openRisk: 600 },
      cash: 9_970,
      amount: 29,
      notional: 2_900,
      lossAtStop: 29,
      lossAtStopShare: 0.0029,
      limitedBy: 'symbol',
    });
  });

  test('has a target beside the risk', () => {
    expect(sumOf({ targetShare: 0.25 })).toMatchObject({
      wantedByRisk: 2_000,
      wantedByTarget: 2_500,
      notional: 2_500,
      lossAtStop: 125,
      lossAtStopShare: 0.0125,
      limitedBy: 'target',
    });
  });

  const narrow = { atr: 0.5 };
  test.each([
    ['risk', {}],
    ['risk', { side: 'sell', ...withAccount({ cash: quoteAmount(10) }) }],
    ['symbol', narrow],
    ['strategy', { ...narrow, ...withAccount({ exposures: exposures({ X: 5_000 }) }) }],
    [
      'portfolio',
      { ...narrow, ...withAccount({ exposures: exposures({ X: 8_500 }), strategyExposure: quoteAmount(0) }) },
    ],
    ['cash', withAccount({ cash: quoteAmount(1_000) })],
    ['target', { targetShare: 0.3 }],
  ] as const)('names what limited it: %s', (limitedBy, request) => {
    expect(sumOf(request).limitedBy).toBe(limitedBy);
  });

  test('the loss at the stop is that of the stop on its tick', () => {
    const sum = sumOf({ side: 'sell', atr: 2.53 });
    expect(sum.stopDistance).toBeCloseTo(5, 12);
    expect(sum.lossAtStop).toBeCloseTo(19.76 * 5, 12);
  });

  test('as numbers of a verdict it is flat', () => {
    expect(sizingNumbers(sumOf({ targetShare: 0.25 }))).toEqual({
      riskPerTrade: 0.01,
      stopDistance: 5,
      wantedByRisk: 2_000,
      wantedByTarget: 2_500,
      roomSymbol: 3_000,
      roomStrategy: 6_000,
      roomGroup: 6_000,
      roomPortfolio: 9_000,
      roomOpenRisk: 600,
      cash: 9_970,
      amount: 25,
      notional: 2_500,
      lossAtStop: 125,
      lossAtStopShare: 0.0125,
    });
    expect(sizingNumbers(sumOf())).not.toHaveProperty('wantedByTarget');
  });

  test.each([
    [
      narrow,
      "30 BTC for 3,000 USDT: limited by the symbol's 30 %; its stop would cost 0.3 % of the equity, 1 % was allowed",
    ],
    [
      {},
      '20 BTC for 2,000 USDT: limited by the risk; its stop would cost 1 % of the equity, 1 % was allowed',
    ],
    [
      { ...narrow, ...withAccount({ exposures: exposures({ X: 5_000 }) }) },
      "10 BTC for 1,000 USDT: limited by the strategy's 60 %; its stop would cost 0.1 % of the equity, 1 % was allowed",
    ],
    [
      { ...narrow, ...withAccount({ exposures: exposures({ X: 8_500 }), strategyExposure: quoteAmount(0) }) },
      "5 BTC for 500 USDT: limited by the portfolio's 90 %; its stop would cost 0.05 % of the equity, 1 % was allowed",
    ],
    [
      withAccount({ cash: quoteAmount('1234.5') }),
      '12.3 BTC for 1,230 USDT: limited by the cash; its stop would cost 0.615 % of the equity, 1 % was allowed',
    ],
    [
      withAccount({ group: { exposure: quoteAmount(5_000), size: 2, isKnown: true } }),
      '10 BTC for 1,000 USDT: limited by the 60 % of what moves together; its stop would cost 0.5 % of the equity, 1 % was allowed',
    ],
    [
      withAccount({ openRisk: quoteAmount(550) }),
      "10 BTC for 1,000 USDT: limited by the open risk's 6 %; its stop would cost 0.5 % of the equity, 1 % was allowed",
    ],
    [
      { targetShare: 0.25 },
      "25 BTC for 2,500 USDT: limited by the strategy's target; its stop would cost 1.25 % of the equity",
    ],
  ] as const)('%# is told in a sentence', (request, sentence) => {
    expect(sizingMessage(sumOf(request), INSTRUMENT, SAFETY)).toBe(sentence);
  });

  test('tells amounts below 1 with four digits, larger ones with cents', () => {
    const coin = {
      ...INSTRUMENT,
      quote: 'BTC',
      minNotional: quoteAmount('0.0001'),
      tickSize: price('0.000001'),
    };
    const market = { instrument: { ...coin, base: 'ETH' }, markPrice: price('0.05'), atr: 0.00125 };
    const small = { ...market, ...withAccount({ equity: quoteAmount('0.37'), cash: quoteAmount('0.37') }) };
    const large = { ...market, ...withAccount({ equity: quoteAmount(400.7), cash: quoteAmount(400.7) }) };
    const told = (request: Partial<EntryRequest>) => sizingMessage(sumOf(request), market.instrument, SAFETY);
    expect(told(small)).toMatch(/^1\.48 ETH for 0\.074 BTC: limited by the risk/);
    expect(told(large)).toMatch(/^1,602\.8 ETH for 80\.14 BTC: limited by the risk/);
  });
});

describe('a smallest worthwhile entry', () => {
  const narrow = { atr: 0.5 };
  const strategyRoom = (room: number) => ({
    ...narrow,
    ...withAccount({ exposures: exposures({ X: 2_900, Y: 3_100 - room }) }),
  });

  test('two positions fill the strategy: the third is not given the crumbs', () => {
    const result = sizeEntry({ ...REQUEST, ...strategyRoom(11.93) }, SAFETY);
    expect(result).toMatchObject({
      ok: false,
      code: 'too-small',
      message:
        "the strategy's 60 % leaves room for 11.93 USDT of BTC/USDT only, a worthwhile entry has 200 USDT or more " +
        '(2 % of the equity), 10,000 USDT was wanted',
      sizing: { limitedBy: 'strategy', notional: 11.93, room: { strategy: 11.93 } },
    });
  });

  test.each([
    ['exactly the smallest is taken', strategyRoom(200), {}, '2'],
    ['less is not', strategyRoom(199.99), {}, 'too-small'],
    [
      'a third of a price that divides nothing is taken as well',
      { ...strategyRoom(200), markPrice: price(3), atr: 0.1 },
      {},
      '66.66',
    ],
    ['what the cash clips', { ...narrow, ...withAccount({ cash: quoteAmount(100) }) }, {}, 'too-small'],
    ['a share of 0 lets everything through', strategyRoom(12), { minEntryShare: 0 }, '0.12'],
    ['what the risk itself wants may be small', {}, { riskPerTrade: 0.0005 }, '1'],
    ['what a target itself wants too', { targetShare: 0.01 }, {}, '1'],
  ] as const)('%s', (_, request, settings, expected) => {
    const result = sizeEntry({ ...REQUEST, ...request }, { ...SAFETY, ...settings });
    expect(result.ok ? text(result.plan.amount) : result.code).toBe(expected);
  });
});
