import { describe, expect, test } from 'vitest';
import { breakerScene, DEFAULTS, HOUR, MINUTE, MONDAY } from './testing/breaker-scene.ts';

describe('limits of the breaker that change while it watches', () => {
  test('trip at once where the account has passed them already', () => {
    const { breaker, equity, code } = breakerScene();
    equity(MONDAY, 10_000);
    equity(MONDAY + MINUTE, 9_800);
    expect(code()).toBe('ok');
    breaker.use({ ...DEFAULTS, maxDailyLoss: 0.02 });
    expect(code()).toBe('daily-loss');
  });

  test('trip by trades and by days that have ended already', () => {
    const scene = breakerScene({ minSample: 5, sharpeDays: 5, maxDailyLoss: 1, maxDrawdown: 1 });
    for (let day = 0; day <= 6; day += 1) scene.equity(MONDAY + day * 24 * HOUR, 10_000 - (day % 2));
    scene.trades(1, -1, -1);
    expect(scene.code()).toBe('sharpe');
    const calm = breakerScene({ minSharpe: -1_000, minSample: 5, sharpeDays: 5 });
    for (let day = 0; day <= 6; day += 1) calm.equity(MONDAY + day * 24 * HOUR, 10_000 - (day % 2));
    calm.trades(1, -1, -1);
    expect(calm.code()).toBe('ok');
    calm.breaker.use({
      ...DEFAULTS,
      ...{ minSharpe: 1_000, minSample: 3, sharpeDays: 5, winRateTrades: 5, maxConsecutiveLosses: 2 },
      minWinRate: 0.5,
    });
    expect(calm.breaker.halts.map(({ code }) => code)).toEqual(['consecutive-losses', 'win-rate', 'sharpe']);
  });

  test('hold from the next price on, tighter and looser ones', () => {
    const tighter = breakerScene();
    tighter.equity(MONDAY, 10_000);
    tighter.breaker.use({ ...DEFAULTS, maxDailyLoss: 0.01 });
    tighter.equity(MONDAY + MINUTE, 9_900);
    expect(tighter.code()).toBe('daily-loss');
    const looser = breakerScene();
    looser.equity(MONDAY, 10_000);
    looser.breaker.use({ ...DEFAULTS, maxDailyLoss: 0.05 });
    looser.equity(MONDAY + MINUTE, 9_600);
    expect(looser.code()).toBe('ok');
  });

  test('end no halt, and change no halt’s end', () => {
    const { breaker, equity } = breakerScene();
    equity(MONDAY, 10_000);
    equity(MONDAY + MINUTE, 9_700);
    const { halts } = breaker;
    breaker.use({ ...DEFAULTS, maxDailyLoss: 0.5, haltHours: 1 });
    expect(breaker.halts).toEqual(halts);
  });

  test('are looked at before any equity is known without a word of it', () => {
    const { breaker, code } = breakerScene();
    breaker.use({ ...DEFAULTS, maxDrawdown: 0, maxDailyLoss: 0 });
    expect([code(), breaker.halts]).toEqual(['missing-equity', []]);
  });
});
