import { describe, expect, test } from 'vitest';
import { annualisedSharpe, quoteAmount, scale, subtract } from '../domain/index.ts';
import { breakerScene, DAY, HOUR, MemoryStore, MINUTE, MONDAY } from './testing/breaker-scene.ts';

type Scene = ReturnType<typeof breakerScene>;

describe('one peak', () => {
  test('ten falls of 4 %, each halted by the daily loss: every third one is a drawdown', () => {
    const scene = breakerScene();
    const codes: string[] = [];
    let value = 10_000;
    for (let fall = 0; fall < 10; fall += 1) {
      const start = MONDAY + 2 * fall * DAY;
      scene.equity(start, value);
      value *= 0.96;
      scene.equity(start + HOUR, value);
      codes.push(scene.code());
    }
    const [small, large] = ['daily-loss', 'drawdown'];
    expect(codes).toEqual([small, small, large, small, small, large, small, small, large, small]);
  });

  const everyDayLoses = (scene: Scene) => {
    for (let day = 0; day <= 20; day += 1) scene.equity(MONDAY + day * DAY, 10_000 - day);
  };
  test.each<[string, Partial<Parameters<typeof breakerScene>[0]>, (scene: Scene) => void]>([
    ['daily-loss', {}, (scene) => scene.equity(MONDAY + HOUR, 9_650)],
    ['consecutive-losses', {}, (scene) => scene.trades(-1, -1, -1, -1, -1)],
    ['win-rate', { winRateTrades: 5 }, (scene) => scene.trades(-1, -1, -1, 1, -1)],
    ['sharpe', {}, everyDayLoses],
    ['missing-equity', {}, (scene) => scene.equity(MONDAY + HOUR, Number.NaN)],
  ])('a halt by %s leaves the peak alone, also when it ends', (code, settings, trip) => {
    const scene = breakerScene(settings);
    scene.equity(MONDAY, 10_000);
    trip(scene);
    expect(scene.code()).toBe(code);
    const end = scene.breaker.state.until ?? Number.NaN;
    scene.equity(end, 9_750);
    expect(scene.breaker.state.tripped).toBe(false);
    expect(scene.figure('drawdown')).toBeCloseTo(0.025, 12);
    scene.equity(end + MINUTE, 9_000);
    expect(scene.code()).toBe('drawdown');
  });

  test('nor does the end of a halt because the stored state could not be read', () => {
    const store = new MemoryStore();
    store.broken = { read: true };
    const scene = breakerScene({}, store);
    scene.equity(MONDAY, 10_000);
    scene.equity(MONDAY + DAY, 9_750);
    expect(scene.code()).toBe('ok');
    expect(scene.figure('drawdown')).toBeCloseTo(0.025, 12);
  });

  test('rises during a halt as well', () => {
    const scene = breakerScene();
    scene.equity(MONDAY, 10_000);
    scene.trades(-1, -1, -1, -1, -1);
    scene.equity(MONDAY + HOUR, 10_500);
    scene.equity(MONDAY + DAY, 10_395);
    expect(scene.code()).toBe('ok');
    expect(scene.figure('drawdown')).toBeCloseTo(0.01, 12);
  });

  test('the end of a drawdown halt starts a new one', () => {
    const scene = breakerScene();
    scene.equity(MONDAY, 10_000);
    scene.equity(MONDAY + HOUR, 9_000);
    scene.equity(MONDAY + DAY, 8_900);
    scene.equity(MONDAY + DAY + HOUR, 8_850);
    expect(scene.code()).toBe('ok');
    expect(scene.figure('drawdown')).toBeCloseTo(1 - 8_850 / 8_900, 12);
  });
});

describe('a halt in force hides no other', () => {
  test('a drawdown reached meanwhile is a halt of its own, from then on', () => {
    const scene = breakerScene();
    scene.equity(MONDAY, 10_000);
    scene.trades(-1, -1, -1, -1, -1);
    scene.equity(MONDAY + 10 * HOUR, 8_900);
    expect(scene.breaker.verdict()).toMatchObject({
      code: 'drawdown',
      message:
        '11.00 % below the peak, the limit is 10.00 %; 11.00 % lost today, the limit is 3.00 %; 5 losing trades in a row; ' +
        'no entries until 2024-01-02 10:00:00 UTC, exits and stops go on',
      numbers: { until: MONDAY + 10 * HOUR + DAY },
    });
  });

  test('also when the account has recovered before the first halt ends', () => {
    const scene = breakerScene();
    scene.equity(MONDAY, 10_000);
    scene.equity(MONDAY + HOUR, 9_650);
    scene.equity(MONDAY + 2 * HOUR, 8_999);
    scene.equity(MONDAY + 3 * HOUR, 9_900);
    scene.clock.advanceTo(MONDAY + DAY + HOUR);
    expect(scene.code()).toBe('drawdown');
    scene.clock.advanceTo(MONDAY + DAY + 2 * HOUR - 1);
    expect(scene.code()).toBe('drawdown');
    scene.clock.advanceTo(MONDAY + DAY + 2 * HOUR);
    expect(scene.code()).toBe('ok');
    expect(scene.figure('drawdown')).toBe(0);
  });

  test('one that ends leaves the others in force', () => {
    const scene = breakerScene();
    scene.equity(MONDAY, 10_000);
    scene.equity(MONDAY + HOUR, 8_900);
    scene.clock.advanceTo(MONDAY + 5 * HOUR);
    scene.trades(-1, -1, -1, -1, -1);
    scene.equity(MONDAY + DAY + HOUR, 8_900);
    expect(scene.breaker.state).toEqual({
      tripped: true,
      reason: '5 losing trades in a row',
      until: MONDAY + DAY + 5 * HOUR,
      storeFault: null,
    });
    expect(scene.figure('drawdown')).toBe(0);
  });

  test('each in force is told with its own end', () => {
    const scene = breakerScene();
    scene.equity(MONDAY, 10_000);
    scene.equity(MONDAY + HOUR, 9_650);
    scene.clock.advanceTo(MONDAY + 5 * HOUR);
    scene.trades(-1, -1, -1, -1, -1);
    expect(scene.breaker.halts).toMatchObject([
      { code: 'daily-loss', until: MONDAY + DAY + HOUR },
      { code: 'consecutive-losses', until: MONDAY + DAY + 5 * HOUR },
    ]);
    scene.clock.advanceTo(MONDAY + DAY + HOUR);
    expect(scene.breaker.halts).toMatchObject([{ code: 'consecutive-losses' }]);
  });

  test('the same reason again during its own halt does not prolong it', () => {
    const scene = breakerScene();
    scene.equity(MONDAY, 10_000);
    scene.equity(MONDAY + HOUR, 9_000);
    scene.equity(MONDAY + 5 * HOUR, 5_000);
    expect(scene.breaker.state.until).toBe(MONDAY + DAY + HOUR);
    expect(scene.breaker.state.reason).toContain('10.00 % below the peak');
  });
});

describe('what the end of a halt starts anew', () => {
  test('of losses in a row: the row, not the win rate', () => {
    const scene = breakerScene();
    scene.equity(MONDAY, 10_000);
    scene.trades(-1, -1, -1, -1, -1);
    scene.clock.advanceTo(MONDAY + DAY);
    expect(scene.breaker.verdict()).toMatchObject({ code: 'ok', numbers: { lossesInRow: 0, trades: 5 } });
  });

  test('of the win rate: its trades, not the row of losses', () => {
    const scene = breakerScene({ winRateTrades: 5 });
    scene.equity(MONDAY, 10_000);
    scene.trades(1, -1, -1, -1, -1);
    expect(scene.code()).toBe('win-rate');
    scene.clock.advanceTo(MONDAY + DAY);
    expect(scene.breaker.verdict()).toMatchObject({ code: 'ok', numbers: { lossesInRow: 4, trades: 0 } });
    scene.trades(-1);
    expect(scene.code()).toBe('consecutive-losses');
  });

  test('of the Sharpe ratio: its days', () => {
    const scene = breakerScene({ sharpeDays: 5 });
    for (let day = 0; day <= 5; day += 1) scene.equity(MONDAY + day * DAY, 10_000 - day * day);
    expect(scene.code()).toBe('sharpe');
    expect(scene.figure('days')).toBe(5);
    scene.equity(MONDAY + 6 * DAY, 9_975);
    expect(scene.code()).toBe('ok');
    expect(scene.figure('days')).toBe(1);
  });

  test('of a loss of the day or a drawdown: no sample', () => {
    const scene = breakerScene();
    scene.equity(MONDAY, 10_000);
    scene.trades(-1, -1, -1, -1);
    scene.equity(MONDAY + HOUR, 8_900);
    scene.equity(MONDAY + DAY + HOUR, 8_900);
    expect(scene.breaker.verdict()).toMatchObject({
      code: 'ok',
      numbers: { lossesInRow: 4, trades: 4, days: 1 },
    });
  });

  test('of a daily loss within its day: the loss is counted from there', () => {
    const scene = breakerScene({ haltHours: 2 });
    scene.equity(MONDAY, 10_000);
    scene.equity(MONDAY + HOUR, 9_650);
    scene.equity(MONDAY + 3 * HOUR, 9_650);
    expect(scene.code()).toBe('ok');
    expect(scene.figure('dailyLoss')).toBe(0);
    scene.equity(MONDAY + 4 * HOUR, 9_361);
    expect(scene.code()).toBe('ok');
    scene.equity(MONDAY + 5 * HOUR, 9_360);
    expect(scene.code()).toBe('daily-loss');
    expect(scene.breaker.state.reason).toBe("3.01 % lost since today's last halt, the limit is 3.00 %");
  });

  test('also of one in the first millisecond of its day', () => {
    const scene = breakerScene({ haltHours: 2 });
    scene.equity(MONDAY, 10_000);
    scene.equity(MONDAY + DAY, 9_600);
    expect(scene.code()).toBe('daily-loss');
    scene.equity(MONDAY + DAY + 2 * HOUR, 9_600);
    expect(scene.code()).toBe('ok');
  });

  test("of a daily loss on the day after: nothing, that day's loss is counted from its midnight", () => {
    const scene = breakerScene();
    scene.equity(MONDAY, 10_000);
    scene.equity(MONDAY + HOUR, 9_600);
    scene.equity(MONDAY + DAY, 9_600);
    scene.equity(MONDAY + DAY + HOUR, 9_400);
    expect(scene.code()).toBe('ok');
    expect(scene.figure('dailyLoss')).toBeCloseTo(200 / 9_600, 12);
    scene.equity(MONDAY + DAY + 2 * HOUR, 9_312);
    expect(scene.code()).toBe('daily-loss');
  });

  test('a second day that loses too much within the halt halts again at its end', () => {
    const scene = breakerScene();
    scene.equity(MONDAY, 10_000);
    scene.equity(MONDAY + 20 * HOUR, 9_600);
    scene.equity(MONDAY + DAY, 9_600);
    scene.equity(MONDAY + DAY + HOUR, 9_300);
    scene.equity(MONDAY + DAY + 20 * HOUR, 9_300);
    expect(scene.code()).toBe('daily-loss');
    expect(scene.breaker.state.until).toBe(MONDAY + 2 * DAY + 20 * HOUR);
  });

  test('the return of a day is that of the whole day, whatever was halted in it', () => {
    const scene = breakerScene({ haltHours: 1 });
    scene.equity(MONDAY, 10_000);
    scene.equity(MONDAY + HOUR, 9_650);
    scene.equity(MONDAY + 2 * HOUR, 9_600);
    scene.equity(MONDAY + DAY, 9_700);
    scene.equity(MONDAY + 2 * DAY, 9_700);
    expect(scene.figure('sharpe')).toBeCloseTo(annualisedSharpe([9_600 / 10_000 - 1, 9_700 / 9_600 - 1]), 10);
  });
});

describe('a drawdown that only the trader releases', () => {
  const settings = { drawdownRelease: 'by-trader' } as const;
  function fallen(store = new MemoryStore()) {
    const scene = breakerScene(settings, store);
    scene.equity(MONDAY, 10_000);
    scene.equity(MONDAY + HOUR, 9_000);
    scene.equity(MONDAY + 3 * DAY, 9_000);
    return scene;
  }

  test('has no end of its own, and says what to do', () => {
    const { breaker, clock } = fallen();
    clock.advanceTo(MONDAY + 1_000 * DAY);
    const reason =
      '10.00 % below the peak, the limit is 10.00 %: no entries until you release the circuit breaker';
    expect(breaker.state).toEqual({ tripped: true, reason, until: null, storeFault: null });
    const verdict = breaker.verdict();
    expect(verdict).toMatchObject({
      allowed: false,
      code: 'drawdown',
      message: `${reason}; exits and stops go on`,
    });
    expect(verdict.numbers).not.toHaveProperty('until');
  });

  test('ends with the release, which starts a new peak', () => {
    const scene = fallen();
    expect(scene.breaker.release('the trader')).toEqual({ ok: true });
    expect(scene.breaker.state.tripped).toBe(false);
    expect(scene.code()).toBe('ok');
    expect(scene.figure('drawdown')).toBe(0);
    scene.equity(MONDAY + 3 * DAY + HOUR, 8_999);
    expect(scene.code()).toBe('ok');
  });

  test('a restart neither ends it, nor does a change of the setting', () => {
    const { store } = fallen();
    const after = breakerScene({ drawdownRelease: 'after-halt' }, store, MONDAY + 9 * DAY);
    after.equity(MONDAY + 9 * DAY, 9_000);
    expect(after.breaker.state).toMatchObject({ tripped: true, until: null });
    expect(after.breaker.release('the trader')).toEqual({ ok: true });
    expect(breakerScene(settings, store, MONDAY + 9 * DAY).breaker.state.tripped).toBe(false);
  });

  test('a release ends no halt that ends by itself', () => {
    const scene = breakerScene(settings);
    scene.equity(MONDAY, 10_000);
    expect(scene.breaker.release('the trader')).toEqual({
      ok: false,
      message: 'no halt of the circuit breaker waits for a release',
    });
    scene.equity(MONDAY + HOUR, 9_650);
    scene.equity(MONDAY + 2 * HOUR, 8_900);
    expect(scene.breaker.state).toMatchObject({
      reason:
        '11.00 % below the peak, the limit is 10.00 %: no entries until you release the circuit breaker; ' +
        '3.50 % lost today, the limit is 3.00 %',
      until: null,
    });
    expect(scene.breaker.release('the trader')).toEqual({ ok: true });
    expect(scene.breaker.state).toMatchObject({
      tripped: true,
      reason: '3.50 % lost today, the limit is 3.00 %',
      until: MONDAY + DAY + HOUR,
    });
    expect(scene.breaker.release('the trader')).toEqual({
      ok: false,
      message:
        'no halt of the circuit breaker waits for a release, those in force end by themselves: 3.50 % lost today, the limit is 3.00 %',
    });
  });

  test('the other rules still end after their halt', () => {
    const scene = breakerScene(settings);
    scene.equity(MONDAY, 10_000);
    scene.equity(MONDAY + HOUR, 9_650);
    scene.equity(MONDAY + DAY + HOUR, 9_650);
    expect(scene.code()).toBe('ok');
  });
});

describe('a loss of exactly the limit halts, whatever its decimals are in binary', () => {
  const limits = Array.from({ length: 999 }, (_, index) => (index + 1) / 1_000);

  test.each([10_000, 12_345.67, 0.1])('of %d', (start) => {
    const missed: number[] = [];
    const early: number[] = [];
    for (const limit of limits) {
      const exact = subtract(quoteAmount(start), scale(quoteAmount(start), limit)).toNumber();
      for (const settings of [
        { maxDailyLoss: limit, maxDrawdown: 1 },
        { maxDailyLoss: 1, maxDrawdown: limit },
      ]) {
        const scene = breakerScene(settings);
        scene.equity(MONDAY, start);
        scene.equity(MONDAY + 1, exact * (1 + 1e-9));
        if (scene.code() !== 'ok') early.push(limit);
        scene.equity(MONDAY + 2, exact);
        if (scene.code() === 'ok') missed.push(limit);
      }
    }
    expect({ missed, early }).toEqual({ missed: [], early: [] });
  });
});
