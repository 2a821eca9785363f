import { describe, expect, it } from 'vitest';
import { SafetyViewSchema, SettingsSchema } from '../../contract/index.ts';
import type { Position } from '../../domain/index.ts';
import { type SafetyFacts, safetyView, worthOf } from './safety-view.ts';

const { safety } = SettingsSchema.parse({});
const NUMBERS = {
  ...{ equity: 9_900, dailyLoss: 0.01, drawdown: 0.04, lossesInRow: 2 },
  ...{ winRate: 0.5, trades: 8, sharpe: Number.NaN, days: 0 },
};

function viewed(
  given: Partial<SafetyFacts> & { readonly equity?: number; readonly symbols?: readonly string[] } = {},
) {
  const { equity = 10_000, symbols = [] } = given;
  const view = safetyView({
    settings: safety,
    numbers: NUMBERS,
    halts: [],
    // Only which symbols are held is asked of a position.
    portfolio: {
      positions: () => symbols.map((symbol) => ({ symbol }) as Position),
      equityFloat: () => equity,
      marked: true,
    },
    worth: () => 2_500,
    locks: [],
    guardian: null,
    ...given,
  });
  const of = (name: string) => [...view.breaker, ...view.limits].find((gauge) => gauge.name === name);
  return { view: SafetyViewSchema.parse(view), of };
}

describe('the safety page', () => {
  it('has each rule of the breaker with its limit', () => {
    const { of } = viewed();
    expect(of('Loss of the day')).toMatchObject({ value: 0.01, limit: 0.03, kind: 'most', unit: 'share' });
    expect(of('Drawdown')).toMatchObject({ value: 0.04, limit: 0.1 });
    expect(of('Losses in a row')).toMatchObject({ value: 2, limit: 5, unit: 'count' });
    expect(of('Win rate')).toMatchObject({
      value: 0.5,
      limit: 0.3,
      kind: 'least',
      sample: { have: 8, needed: 20 },
    });
  });

  it('says what is not known yet, and how much is missing', () => {
    expect(viewed().of('Sharpe ratio')).toMatchObject({ value: null, sample: { have: 0, needed: 20 } });
    expect(viewed({ numbers: {} }).of('Drawdown')).toMatchObject({ value: null });
  });

  it('takes a gain for no loss', () => {
    expect(viewed({ numbers: { ...NUMBERS, dailyLoss: -0.02 } }).of('Loss of the day')).toMatchObject({
      value: 0,
    });
  });

  it('has the gain that is kept where the trader keeps one', () => {
    expect(viewed().of('Gain of the day, kept')).toBeUndefined();
    const settings = { ...safety, profitLock: 0.02 };
    const numbers = { ...NUMBERS, dayProfit: 0.015 };
    expect(viewed({ settings, numbers }).of('Gain of the day, kept')).toMatchObject({
      value: 0.015,
      limit: 0.02,
    });
  });

  it('has what positions use of the limits', () => {
    const { of } = viewed({ symbols: ['BTC/USDT', 'ETH/USDT'] });
    expect(of('Positions')).toMatchObject({ value: 2, limit: 5 });
    expect(of('Everything that is open')).toMatchObject({ value: 0.5, limit: 0.9 });
    expect(of('Largest symbol')).toMatchObject({ value: 0.25, limit: 0.3 });
  });

  it('divides by no equity that is not there', () => {
    expect(viewed({ symbols: ['BTC/USDT'], equity: 0 }).of('Largest symbol')).toMatchObject({ value: null });
    expect(viewed().of('Largest symbol')).toMatchObject({ value: 0 });
  });

  it('has halts and locks as they are', () => {
    const halts = [{ code: 'drawdown', message: '10 % below the peak', until: 5 }] as const;
    const locks = [{ symbol: 'BTC/USDT', until: 9, reason: 'news' }];
    expect(viewed({ halts, locks }).view).toMatchObject({ halts, locks });
  });

  it('takes what a short position is worth without its sign', () => {
    const worth = worthOf([{ symbol: 'BTC/USDT', notional: '-250.5' }]);
    expect([worth('BTC/USDT'), worth('ETH/USDT')]).toEqual([250.5, 0]);
  });
});
