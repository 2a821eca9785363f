import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BREAKER_STATE } from './index.ts';
import { breakerScene, DAY, HOUR, MemoryStore, MONDAY } from './testing/breaker-scene.ts';

/** A breaker that has seen the equity rise to 10,000 and then become what it is. */
function account(equity: number, settings: Parameters<typeof breakerScene>[0] = {}) {
  const scene = breakerScene({ maxDailyLoss: 0.05, ...settings });
  scene.equity(MONDAY, 10_000);
  scene.equity(MONDAY + HOUR, equity);
  /** Money comes or goes, and the account is seen with it. */
  const pay = (amount: number, time: number, after: number): void => {
    scene.breaker.observeTransfer(amount);
    scene.equity(time, after);
  };
  return { ...scene, pay };
}

describe('money paid in or out', () => {
  test.each([
    ['out', -4_800],
    ['in', 9_600],
  ])('%s is neither loss nor drawdown, and makes none deeper or less deep', (_way, amount) => {
    const scene = account(9_600);
    scene.pay(amount, MONDAY + 2 * HOUR, 9_600 + amount);
    expect(scene.code()).toBe('ok');
    expect(scene.figure('drawdown')).toBeCloseTo(0.04, 12);
    expect(scene.figure('dailyLoss')).toBeCloseTo(0.04, 12);
  });

  test('leaves exactly the rest of a limit, counted from what is there now', () => {
    const scene = account(9_600);
    scene.pay(-4_800, MONDAY + 2 * HOUR, 4_800);
    scene.equity(MONDAY + 3 * HOUR, 4_750.01);
    expect(scene.code()).toBe('ok');
    scene.equity(MONDAY + 4 * HOUR, 4_750);
    expect(scene.code()).toBe('daily-loss');
  });

  test('in is no profit: a fall afterwards counts as if it had not come', () => {
    const scene = account(10_000, { maxDailyLoss: 1 });
    scene.pay(10_000, MONDAY + 2 * HOUR, 20_000);
    scene.equity(MONDAY + 3 * HOUR, 18_000.01);
    expect(scene.code()).toBe('ok');
    scene.equity(MONDAY + 4 * HOUR, 18_000);
    expect(scene.code()).toBe('drawdown');
  });

  test('is no return of its day', () => {
    const scene = account(9_900);
    scene.pay(-4_950, MONDAY + 2 * HOUR, 4_950);
    scene.equity(MONDAY + 3 * HOUR, 5_049);
    scene.equity(MONDAY + DAY, 5_049);
    const { dailyReturns } = scene.store.read(BREAKER_STATE) as { dailyReturns: number[] };
    // 1 % down before it and 2 % up after it.
    expect(dailyReturns).toEqual([expect.closeTo(0.99 * 1.02 - 1, 12)]);
  });

  test('to the last digit: at a limit of 0 what was only paid trips nothing', () => {
    const amounts = [0.1, 0.2, 0.3, 1 / 3, 7_654.321, -1 / 7];
    const scene = breakerScene({ maxDailyLoss: 0, maxDrawdown: 0 });
    let equity = 10_000.1;
    scene.equity(MONDAY, equity);
    for (const [index, amount] of amounts.entries()) {
      scene.breaker.observeTransfer(amount);
      equity += amount;
      scene.equity(MONDAY + index + 1, equity);
    }
    expect(scene.code()).toBe('ok');
  });

  test('ends no halt', () => {
    const scene = account(8_900);
    expect(scene.code()).toBe('drawdown');
    scene.pay(10_000, MONDAY + 2 * HOUR, 18_900);
    expect(scene.code()).toBe('drawdown');
  });

  test('is remembered over a restart', () => {
    const before = account(9_600);
    before.breaker.observeTransfer(-4_800);
    const after = breakerScene({ maxDailyLoss: 0.05 }, before.store, MONDAY + 2 * HOUR);
    after.equity(MONDAY + 2 * HOUR, 4_800);
    expect([after.code(), after.figure('drawdown')]).toEqual(['ok', expect.closeTo(0.04, 12)]);
  });

  test('while the program was off is told after the restart, before the equity', () => {
    const before = account(9_600);
    before.breaker.flush();
    const after = breakerScene({ maxDailyLoss: 0.05 }, before.store, MONDAY + 2 * HOUR);
    after.breaker.observeTransfer(-4_800);
    after.equity(MONDAY + 2 * HOUR, 4_800);
    expect([after.code(), after.figure('dailyLoss')]).toEqual(['ok', expect.closeTo(0.04, 12)]);
  });

  test('before the first equity changes nothing: the equity tells it', () => {
    const scene = breakerScene();
    scene.breaker.observeTransfer(500);
    expect(scene.store.read(BREAKER_STATE)).toMatchObject({ account: null });
    expect(scene.code()).toBe('missing-equity');
    scene.equity(MONDAY, 500);
    expect([scene.code(), scene.figure('drawdown')]).toEqual(['ok', 0]);
  });

  test('out altogether is no loss, has no return, and what is paid in later is measured from there', () => {
    const store = new MemoryStore();
    const scene = breakerScene({}, store);
    scene.equity(MONDAY, 10_000);
    scene.breaker.observeTransfer(-10_000);
    scene.equity(MONDAY + HOUR, 0);
    scene.equity(MONDAY + DAY, 0);
    scene.equity(MONDAY + 2 * DAY, 0);
    expect(scene.code()).toBe('ok');
    scene.breaker.observeTransfer(500);
    scene.equity(MONDAY + 2 * DAY + HOUR, 500);
    expect([scene.code(), scene.figure('drawdown'), scene.figure('days')]).toEqual(['ok', 0, 0]);
    scene.equity(MONDAY + 2 * DAY + 2 * HOUR, 485);
    expect(scene.code()).toBe('daily-loss');
    // A figure that is no number would make the document unreadable.
    expect(breakerScene({}, store, MONDAY + 3 * DAY).breaker.state.reason).not.toContain('unreadable');
  });

  test('whenever it comes, the account trips as it would without it', () => {
    const step = fc.record({
      change: fc.double({ min: -0.04, max: 0.04, noNaN: true }),
      paid: fc.option(fc.double({ min: -0.9, max: 5, noNaN: true })),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const [plain, paying] = [breakerScene(), breakerScene()];
        let [without, equity] = [10_000, 10_000];
        for (const [index, { change, paid }] of steps.entries()) {
          const time = MONDAY + index * 7 * HOUR;
          without *= 1 + change;
          equity *= 1 + change;
          plain.equity(time, without);
          paying.equity(time, equity);
          expect(paying.figure('drawdown')).toBeCloseTo(plain.figure('drawdown') ?? Number.NaN, 9);
          expect(paying.figure('dailyLoss')).toBeCloseTo(plain.figure('dailyLoss') ?? Number.NaN, 9);
          expect(paying.code()).toBe(plain.code());
          if (paid === null) continue;
          paying.breaker.observeTransfer(equity * paid);
          equity += equity * paid;
        }
      }),
    );
  });
});
