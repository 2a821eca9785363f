import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  LIMIT_NAMES,
  LIMIT_WORDS,
  type LimitName,
  type LimitValue,
  type SafetySettings,
  SettingsSchema,
} from '../contract/index.ts';
import { LimitsInForce, limitChange, loosened, tightened } from './index.ts';

const SAFETY = SettingsSchema.parse({}).safety;

describe('changing a limit', () => {
  it.each<[LimitName, LimitValue, LimitValue]>([
    // With what tightens it, then what loosens it.
    ['maxSymbolExposure', 0.2, 0.4],
    ['maxStrategyExposure', 0.5, 0.7],
    ['maxGroupExposure', 0.5, 0.7],
    ['maxPortfolioExposure', 0.8, 1],
    ['maxPositions', 4, 6],
    ['maxOpenRisk', 0.05, 0.07],
    ['maxEntriesPerHour', 5, 7],
    ['maxEntriesPerDay', 49, 51],
    ['maxDailyLoss', 0.02, 0.04],
    ['maxDrawdown', 0.05, 0.2],
    ['maxConsecutiveLosses', 4, 6],
    ['minWinRate', 0.4, 0.2],
    ['minSharpe', 0.5, -0.5],
    ['haltHours', 48, 12],
  ])('%s to %d tightens it, to %d loosens it', (name, tighter, looser) => {
    const from = SAFETY[name];
    expect(limitChange(SAFETY, name, tighter)).toEqual({
      ok: true,
      change: { name, from, to: tighter, effect: 'tightens' },
      settings: { ...SAFETY, [name]: tighter },
    });
    expect(limitChange(SAFETY, name, looser)).toMatchObject({ ok: true, change: { effect: 'loosens' } });
  });

  it('takes a profit lock that is off for the loosest one', () => {
    const on = { ...SAFETY, profitLock: 0.02 };
    expect(limitChange(SAFETY, 'profitLock', 0.5)).toMatchObject({ change: { effect: 'tightens' } });
    expect(limitChange(on, 'profitLock', null)).toMatchObject({ change: { from: 0.02, effect: 'loosens' } });
    expect(limitChange(on, 'profitLock', 0.03)).toMatchObject({ change: { effect: 'loosens' } });
  });

  it.each<[LimitName, LimitValue, string]>([
    ['maxSymbolExposure', 1.01, 'Largest symbol: Too big: expected number to be <=1'],
    ['maxPositions', 0, 'Positions: Too small: expected number to be >=1'],
    ['maxPositions', null, 'Positions: Invalid input: expected number, received null'],
    ['maxEntriesPerDay', 1.5, 'Entries of the day: Invalid input: expected int, received number'],
    ['haltHours', 0, 'Length of a halt: Too small: expected number to be >0'],
    ['haltHours', 1e9, 'Length of a halt: Too big: expected number to be <=87600'],
    ['maxDrawdown', 0.1, 'Drawdown: it is 10 % already'],
  ])('of %s to %s is refused: the schema of the settings file decides', (name, value, message) => {
    expect(limitChange(SAFETY, name, value)).toEqual({ ok: false, message });
  });

  it('back is the opposite, whatever the values are', () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.integer({ min: 1, max: 100 }).map((step) => step / 100),
    );
    fc.assert(
      fc.property(fc.constantFrom(...LIMIT_NAMES), value, (name, to) => {
        const there = limitChange(SAFETY, name, to);
        if (!there.ok) return;
        const back = limitChange(there.settings, name, SAFETY[name]);
        const [first, second] = [there.change.effect, back.ok ? back.change.effect : null];
        expect(new Set([first, second])).toEqual(new Set(['loosens', 'tightens']));
        expect(loosened(SAFETY, there.settings)).toEqual(first === 'loosens' ? [name] : []);
        expect(tightened(SAFETY, there.settings)).toBe(first === 'tightens');
      }),
      { seed: 7 },
    );
  });

  it.each<[Partial<SafetySettings>, string]>([
    [{ costMultiple: 0 }, 'costMultiple'],
    [{ costMultiple: 1.2 }, 'costMultiple'],
    [{ drawdownRelease: 'after-halt' }, 'drawdownRelease'],
    [{ riskPerTrade: 0.02 }, 'riskPerTrade'],
    [{ reentryWaitBars: 0 }, 'reentryWaitBars'],
    [{ minSample: 100 }, 'minSample'],
  ])('knows the looser way of what only the settings file changes: %j', (change, name) => {
    const before = { ...SAFETY, drawdownRelease: 'by-trader' as const };
    expect(loosened(before, { ...before, ...change })).toEqual([name]);
  });

  it('takes a distance or a window for neither way', () => {
    const now = { ...SAFETY, stopAtr: 3, winRateTrades: 50, sharpeDays: 90, minHoldBars: 0 };
    expect([loosened(SAFETY, now), tightened(SAFETY, now)]).toEqual([[], false]);
  });

  it('has nothing to say of a limit that an older version did not have', () => {
    const { maxOpenRisk: _unknown, ...older } = SAFETY;
    expect(loosened(older, { ...SAFETY, maxOpenRisk: 1 })).toEqual([]);
  });

  it('is told in words, each limit in its own', () => {
    expect(new Set(LIMIT_NAMES.map((name) => LIMIT_WORDS[name].name)).size).toBe(LIMIT_NAMES.length);
  });
});

describe('the limits in force', () => {
  it('are the last ones, and count what tightened them', () => {
    const limits = new LimitsInForce(SAFETY);
    limits.use({ ...SAFETY, maxPositions: 9 });
    expect([limits.settings.maxPositions, limits.tightenings]).toEqual([9, 0]);
    limits.use(SAFETY);
    expect([limits.settings, limits.tightenings]).toEqual([SAFETY, 1]);
  });
});
