import { describe, expect, test } from 'vitest';
import { SAFETY_LAYERS, VerdictViewSchema } from '../contract/index.ts';
import { quoteAmount, text } from '../domain/index.ts';
import { CLEAR, exposures, REQUEST, reviewed, withAccount } from './testing/entry-request.ts';

describe('the review', () => {
  test('an entry that every layer allows has a plan, and one verdict of each layer in their order', () => {
    const result = reviewed();
    expect(result.allowed).toBe(true);
    expect(result.plan && [text(result.plan.amount), text(result.plan.stopPrice)]).toEqual(['20', '95']);
    expect(result.verdicts.map(({ layer }) => layer)).toEqual(SAFETY_LAYERS);
  });

  test.each([
    [
      'kill-switch',
      {},
      { killSwitch: { state: () => ({ at: 5, reason: 'pressed', by: 'trader', from: 'button' as const }) } },
    ],
    [
      'kill-switch',
      {},
      {
        killSwitch: {
          state: () => ({ at: null, reason: 'unreadable', by: 'unknown', from: 'unknown' as const }),
        },
      },
    ],
    ['circuit-breaker', {}, { breaker: { verdict: () => ({ ...CLEAR, allowed: false, code: 'drawdown' }) } }],
    ['data-health', { feed: { stale: true, ageMs: 60_000 } }, {}],
    ['position-limits', { account: { ...REQUEST.account, openPositions: 5 } }, {}],
    ['cost-gate', { expectedMove: 0.001 }, {}],
    ['churn-throttle', { barsSinceExit: 0 }, {}],
  ] as const)('a refusal of the %s refuses the entry', (layer, request, more) => {
    const result = reviewed(request, more);
    expect(result.allowed).toBe(false);
    expect(result.plan).toBeUndefined();
    expect(result.verdicts.filter(({ allowed }) => !allowed).map((verdict) => verdict.layer)).toEqual([
      layer,
    ]);
    expect(result.verdicts).toHaveLength(SAFETY_LAYERS.length);
  });

  test('all refusals are recorded, not only the first', () => {
    const result = reviewed(
      { feed: { stale: true, ageMs: 60_000 }, expectedMove: 0, entriesLastHour: 99 },
      { killSwitch: { state: () => ({ at: 5, reason: 'pressed', by: 'trader', from: 'button' as const }) } },
    );
    expect(result.verdicts.map(({ allowed }) => allowed)).toEqual([false, true, false, true, false, false]);
    expect(result.verdicts[0]).toMatchObject({
      code: 'engaged',
      message: 'the emergency stop is engaged: pressed',
      numbers: { at: 5 },
    });
  });

  test('the size and its sum are told by the position limits', () => {
    const { verdicts, plan } = reviewed({ atr: 0.5 });
    expect(VerdictViewSchema.parse(verdicts[3])).toEqual({
      layer: 'position-limits',
      allowed: true,
      code: 'ok',
      message:
        "30 BTC for 3,000 USDT: limited by the symbol's 30 %; its stop would cost 0.3 % of the equity, 1 % was allowed",
      numbers: {
        equity: 10_000,
        symbolExposure: 0,
        strategyExposure: 0,
        groupExposure: 0,
        groupSize: 1,
        portfolioExposure: 0,
        openRisk: 0,
        openPositions: 0,
        maxPositions: 5,
        maxSymbolExposure: 0.3,
        maxStrategyExposure: 0.6,
        maxGroupExposure: 0.6,
        maxPortfolioExposure: 0.9,
        maxOpenRisk: 0.06,
        riskPerTrade: 0.01,
        stopDistance: 1,
        wantedByRisk: 10_000,
        roomSymbol: 3_000,
        roomStrategy: 6_000,
        roomGroup: 6_000,
        roomPortfolio: 9_000,
        roomOpenRisk: 600,
        cash: 9_970,
        amount: 30,
        notional: 3_000,
        lossAtStop: 30,
        lossAtStopShare: 0.003,
      },
    });
    expect(plan?.sizing.limitedBy).toBe('symbol');
  });

  test('that no useful order fits is told by the position limits, with its sum', () => {
    const result = reviewed(withAccount({ cash: quoteAmount(5) }));
    expect(result.allowed).toBe(false);
    expect(result.verdicts[3]).toMatchObject({
      layer: 'position-limits',
      allowed: false,
      code: 'too-small',
      message:
        'the cash leaves room for 4.99 USDT of BTC/USDT only, a worthwhile entry has 200 USDT or more ' +
        '(2 % of the equity), 2,000 USDT was wanted',
      numbers: { equity: 10_000, cash: 4.985, notional: 4.985, wantedByRisk: 2_000 },
    });
    expect(result.verdicts.filter(({ allowed }) => !allowed)).toHaveLength(1);
  });

  test('what cannot be sized at all has no sum', () => {
    const { verdicts } = reviewed({ atr: Number.NaN });
    expect(verdicts[3]).toMatchObject({ allowed: false, code: 'unknown-volatility' });
    expect(verdicts[3]?.numbers).not.toHaveProperty('notional');
  });

  test("another strategy's positions leave room under the strategy's limit, the portfolio's limit binds", () => {
    const held = exposures({ X: 4_000, Y: 4_500 });
    const others = reviewed({
      atr: 0.5,
      ...withAccount({ exposures: held, strategyExposure: quoteAmount(0) }),
    });
    expect(others.plan?.sizing).toMatchObject({ limitedBy: 'portfolio', notional: 500 });
    const own = reviewed({ atr: 0.5, ...withAccount({ exposures: held }) });
    expect(own.verdicts[3]).toMatchObject({ allowed: false, code: 'max-strategy-exposure' });
  });

  test('the same question gets the same answer', () => {
    expect(reviewed()).toEqual(reviewed());
  });
});
