import { describe, expect, it } from 'vitest';
import { type LimitName, SafetyViewSchema, SettingsSchema } from '../../contract/index.ts';
import { quoteAmount } from '../../domain/index.ts';
import type { LimitUse } from '../loop/limit-use.ts';
import { limitBounds } from './limit-bounds.ts';
import { type SafetyFacts, safetyView } from './safety-view.ts';

const { safety } = SettingsSchema.parse({});
const NUMBERS = {
  ...{ equity: 9_900, dailyLoss: 0.01, drawdown: 0.04, lossesInRow: 2 },
  ...{ winRate: 0.5, trades: 8, sharpe: Number.NaN, days: 0 },
};
const USE: LimitUse = {
  equity: quoteAmount(10_000),
  exposures: new Map([
    ['BTC/USDT', quoteAmount(2_500)],
    ['ETH/USDT', quoteAmount(1_000)],
    ['XRP/USDT', quoteAmount(1_500)],
  ]),
  strategies: new Map([
    ['rules', quoteAmount(1_500)],
    ['ensemble', quoteAmount(3_500)],
  ]),
  groups: [
    { symbols: ['BTC/USDT', 'ETH/USDT'], exposure: quoteAmount(3_500), isKnown: true },
    { symbols: ['XRP/USDT'], exposure: quoteAmount(1_500), isKnown: false },
  ],
  openRisk: quoteAmount(200),
  entriesLastHour: 2,
  entriesToday: 7,
};

function viewed(given: Partial<SafetyFacts> = {}) {
  const view = safetyView({
    settings: safety,
    numbers: NUMBERS,
    halts: [],
    use: null,
    locks: [],
    guardian: null,
    heartbeat: null,
    armed: null,
    ...given,
  });
  const of = (setting: LimitName) =>
    [...view.breaker, ...view.limits].find((gauge) => gauge.setting === setting);
  return { view: SafetyViewSchema.parse(view), of };
}

describe('the safety page', () => {
  it('has each rule of the breaker with its limit', () => {
    const { of } = viewed();
    expect(of('maxDailyLoss')).toMatchObject({ value: 0.01, limit: 0.03, kind: 'most', unit: 'share' });
    expect(of('maxDrawdown')).toMatchObject({ name: 'Drawdown', value: 0.04, limit: 0.1 });
    expect(of('maxConsecutiveLosses')).toMatchObject({ value: 2, limit: 5, unit: 'count' });
    expect(of('minWinRate')).toMatchObject({
      value: 0.5,
      limit: 0.3,
      kind: 'least',
      sample: { have: 8, needed: 20 },
    });
    expect(of('haltHours')).toMatchObject({ value: null, limit: 24, kind: 'set', unit: 'hours' });
  });

  it('says what is not known yet, and how much is missing', () => {
    expect(viewed().of('minSharpe')).toMatchObject({ value: null, sample: { have: 0, needed: 20 } });
    expect(viewed({ numbers: {} }).of('maxDrawdown')).toMatchObject({ value: null });
    expect(viewed({ numbers: {} }).of('minSharpe')).toMatchObject({ sample: { have: 0 } });
  });

  it('takes a gain for no loss', () => {
    expect(viewed({ numbers: { ...NUMBERS, dailyLoss: -0.02 } }).of('maxDailyLoss')).toMatchObject({
      value: 0,
    });
  });

  it('has the gain that is kept, off where none is', () => {
    expect(viewed().of('profitLock')).toMatchObject({ value: null, limit: null });
    const settings = { ...safety, profitLock: 0.02 };
    const numbers = { ...NUMBERS, dayProfit: 0.015 };
    expect(viewed({ settings, numbers }).of('profitLock')).toMatchObject({ value: 0.015, limit: 0.02 });
  });

  it('has what is used of each limit of entries, and by whom', () => {
    const { of, view } = viewed({ use: USE });
    expect(of('maxOpenRisk')).toMatchObject({ value: 0.02, limit: 0.06 });
    expect(of('maxPortfolioExposure')).toMatchObject({ value: 0.5, limit: 0.9 });
    expect(of('maxSymbolExposure')).toMatchObject({ value: 0.25, limit: 0.3, detail: 'BTC/USDT' });
    expect(of('maxStrategyExposure')).toMatchObject({ value: 0.35, limit: 0.6, detail: 'ensemble' });
    expect(of('maxGroupExposure')).toMatchObject({ value: 0.35, limit: 0.6, detail: 'BTC/USDT, ETH/USDT' });
    expect(of('maxPositions')).toMatchObject({ value: 3, limit: 5 });
    expect(of('maxEntriesPerHour')).toMatchObject({ value: 2, limit: 6 });
    expect(of('maxEntriesPerDay')).toMatchObject({ value: 7, limit: 50 });
    expect(view.groups).toEqual([
      { symbols: ['BTC/USDT', 'ETH/USDT'], share: 0.35, known: true },
      { symbols: ['XRP/USDT'], share: 0.15, known: false },
    ]);
  });

  it('divides by no equity that is not there, and knows nothing without prices', () => {
    const { of, view } = viewed({ use: { ...USE, equity: quoteAmount(0) } });
    expect([of('maxSymbolExposure')?.value, of('maxPortfolioExposure')?.value]).toEqual([null, null]);
    expect(view.groups[0]).toMatchObject({ share: null });
    const empty = { ...USE, exposures: new Map(), strategies: new Map(), groups: [] };
    expect(viewed({ use: empty }).of('maxSymbolExposure')).toMatchObject({ value: 0, detail: null });
    const unknown = viewed();
    for (const { value } of unknown.view.limits) expect(value).toBeNull();
  });

  it('has the bounds of each limit as the settings have them', () => {
    expect(limitBounds('maxPositions')).toEqual({
      ...{ least: 1, most: 100, above: false, whole: true, canBeOff: false },
    });
    expect(limitBounds('maxConsecutiveLosses')).toMatchObject({ least: 1, most: null, whole: true });
    expect(limitBounds('minSharpe')).toMatchObject({ least: null, most: null });
    expect(limitBounds('haltHours')).toMatchObject({ least: 0, above: true, most: 87_600 });
    expect(limitBounds('profitLock')).toMatchObject({ least: 0.001, most: 1, canBeOff: true });
  });

  it('has halts and locks as they are', () => {
    const halts = [{ code: 'drawdown', message: '10 % below the peak', until: 5 }] as const;
    const locks = [{ symbol: 'BTC/USDT', until: 9, reason: 'news' }];
    expect(viewed({ halts, locks }).view).toMatchObject({ halts, locks });
  });
});
