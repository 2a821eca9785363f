import { describe, expect, test } from 'vitest';
import { VerdictViewSchema } from '../contract/index.ts';
import { type Logger, ManualClock, SILENT_LOGGER, type StateStore } from '../domain/index.ts';
import { BREAKER_STATE, type BreakerSettings, CircuitBreaker } from './index.ts';
import { breakerScene, DAY, DEFAULTS, HOUR, MemoryStore, MINUTE, MONDAY } from './testing/breaker-scene.ts';

describe('a store that keeps nothing', () => {
  test('is never written to, and nothing is due before the day ends', () => {
    const writes: string[] = [];
    const write = (name: string) => writes.push(name);
    const state: StateStore = { keepsNothing: true, read: () => undefined, write };
    const clock = new ManualClock(MONDAY);
    const breaker = new CircuitBreaker({ settings: DEFAULTS, state, clock });
    breaker.observeEquity(MONDAY + MINUTE, 10_000);
    breaker.checkpoint(MONDAY + HOUR);
    breaker.flush();
    expect(writes).toEqual([]);
    expect(breaker.calmUntil).toBe(MONDAY + DAY);
    expect(breaker.state).toMatchObject({ tripped: false, storeFault: null });
    breaker.observeEquity(MONDAY + HOUR, 9_600);
    expect(breaker.state.tripped).toBe(true);
  });

  test('where it keeps something, the next write is due as well', () => {
    const { breaker, equity } = breakerScene();
    equity(MONDAY + MINUTE, 10_000);
    expect(breaker.calmUntil).toBe(MONDAY + 16 * MINUTE);
  });
});

describe('the verdict', () => {
  test('before the first equity nothing is allowed', () => {
    const { breaker } = breakerScene();
    expect(breaker.verdict()).toMatchObject({
      layer: 'circuit-breaker',
      allowed: false,
      code: 'missing-equity',
    });
    expect(breaker.state).toEqual({ tripped: false, reason: null, until: null, storeFault: null });
  });

  test('shows the numbers it used, those that exist', () => {
    const { breaker, equity, trades } = breakerScene();
    equity(MONDAY, 10_000);
    trades(5, -5);
    equity(MONDAY + 1, 9_900);
    const verdict = breaker.verdict();
    expect(VerdictViewSchema.parse(verdict)).toEqual({
      layer: 'circuit-breaker',
      allowed: true,
      code: 'ok',
      message: 'the account is within its limits',
      numbers: {
        equity: 9_900,
        dailyLoss: expect.closeTo(0.01, 12),
        maxDailyLoss: 0.03,
        drawdown: expect.closeTo(0.01, 12),
        maxDrawdown: 0.1,
        lossesInRow: 1,
        maxConsecutiveLosses: 5,
        winRate: 0.5,
        minWinRate: 0.3,
        trades: 2,
        minSharpe: 0,
        days: 0,
      },
    });
  });

  test('of a trip says why and until when', () => {
    const { breaker, equity } = breakerScene();
    equity(MONDAY, 10_000);
    equity(MONDAY + HOUR, 9_600);
    expect(breaker.verdict()).toMatchObject({
      allowed: false,
      code: 'daily-loss',
      message:
        '4.00 % lost today, the limit is 3.00 %; no entries until 2024-01-02 01:00:00 UTC, exits and stops go on',
      numbers: { until: MONDAY + HOUR + DAY, equity: 9_600 },
    });
    expect(breaker.state).toMatchObject({
      tripped: true,
      reason: '4.00 % lost today, the limit is 3.00 %',
      until: MONDAY + HOUR + DAY,
    });
  });
});

describe('daily loss', () => {
  test.each([
    [9_701, 'ok'],
    [9_700, 'daily-loss'],
    [9_001, 'daily-loss'],
    [9_000, 'drawdown'],
  ])('10000 at midnight and %d now: %s', (now, code) => {
    const scene = breakerScene();
    scene.equity(MONDAY, 10_000);
    scene.equity(MONDAY + 1, 10_000);
    scene.equity(MONDAY + HOUR, now);
    expect(scene.code()).toBe(code);
  });

  test('is counted from the equity at midnight UTC, and a gain of the morning is not lost money', () => {
    const scene = breakerScene();
    scene.equity(MONDAY, 10_000);
    scene.equity(MONDAY + HOUR, 10_500);
    scene.equity(MONDAY + 2 * HOUR, 10_000);
    expect(scene.code()).toBe('ok');
    scene.equity(MONDAY + DAY, 9_950);
    scene.equity(MONDAY + DAY + HOUR, 9_701);
    expect(scene.code()).toBe('ok');
    scene.equity(MONDAY + DAY + 2 * HOUR, 9_700);
    expect(scene.code()).toBe('daily-loss');
  });

  test('a limit of 0 trips on the first loss, not before', () => {
    const scene = breakerScene({ maxDailyLoss: 0, maxDrawdown: 0 });
    scene.equity(MONDAY, 10_000);
    scene.equity(MONDAY + 1, 10_000);
    scene.equity(MONDAY + 2, 10_001);
    expect(scene.code()).toBe('ok');
    scene.equity(MONDAY + 3, 10_000.5);
    expect(scene.code()).toBe('drawdown');
  });
});

describe('drawdown', () => {
  test('is counted from the peak, over days that each stay within the daily loss', () => {
    const scene = breakerScene();
    scene.equity(MONDAY, 10_000);
    scene.equity(MONDAY + 1, 11_000);
    for (const [day, equity] of [10_700, 10_450, 10_200, 9_950, 9_901].entries())
      scene.equity(MONDAY + (day + 1) * DAY, equity);
    expect(scene.code()).toBe('ok');
    scene.equity(MONDAY + 6 * DAY, 9_900);
    expect(scene.code()).toBe('drawdown');
    expect(scene.breaker.state.reason).toBe('10.00 % below the peak, the limit is 10.00 %');
  });
});

describe('trades', () => {
  test.each([
    ['four losses', [-1, -1, -1, -1], 'ok'],
    ['five losses', [-1, -1, -1, -1, -1], 'consecutive-losses'],
    ['a win in between', [-1, -1, -1, -1, 1, -1], 'ok'],
    ['a trade that made nothing in between', [-1, -1, -1, -1, 0, -1], 'ok'],
  ])('%s: %s', (_, pnls, code) => {
    const scene = breakerScene();
    scene.equity(MONDAY, 10_000);
    scene.trades(...pnls);
    expect(scene.code()).toBe(code);
  });

  const lost = { maxConsecutiveLosses: 100 };
  test.each([
    ['19 trades prove nothing', 0, 19, lost, 'ok'],
    ['5 of 20 won', 5, 15, lost, 'win-rate'],
    ['6 of 20 won', 6, 14, lost, 'ok'],
    [
      'a window below the minimum sample is reachable all the same',
      1,
      9,
      { ...lost, winRateTrades: 10 },
      'win-rate',
    ],
  ])('%s', (_, won, losses, settings, code) => {
    const scene = breakerScene(settings);
    scene.equity(MONDAY, 10_000);
    scene.trades(...Array<number>(won).fill(1), ...Array<number>(losses).fill(-1));
    expect(scene.code()).toBe(code);
  });

  test('only the last 20 count', () => {
    const scene = breakerScene(lost);
    scene.equity(MONDAY, 10_000);
    scene.trades(...Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 1 : -1)));
    scene.trades(...Array<number>(9).fill(-1));
    expect(scene.code()).toBe('win-rate');
    expect(scene.breaker.state.reason).toBe('25.00 % of the last 20 trades won, the floor is 30.00 %');
  });
});

describe('Sharpe ratio', () => {
  /** Falls by 0.2 % on one day and rises by 0.1 % on the next. */
  function slowBleeding(days: number, settings: Partial<BreakerSettings> = {}) {
    const scene = breakerScene({ maxDrawdown: 1, ...settings });
    let value = 10_000;
    for (let day = 0; day <= days; day += 1) {
      scene.equity(MONDAY + day * DAY, value);
      value *= day % 2 === 0 ? 0.998 : 1.001;
      scene.equity(MONDAY + day * DAY + HOUR, value);
    }
    return scene;
  }

  test.each([
    [19, {}, 'ok'],
    [20, {}, 'sharpe'],
    [20, { minSharpe: -50 }, 'ok'],
    [10, { sharpeDays: 10 }, 'sharpe'],
  ])('after %d losing days with %j: %s', (days, settings, code) => {
    expect(slowBleeding(days, settings).code()).toBe(code);
  });

  /** Multiplies an equity of 10,000 by the same factor within each day, from midnight to midnight. */
  function loseDaily(scene: ReturnType<typeof breakerScene>, factor: number, from: number, to: number): void {
    scene.equity(MONDAY + from * DAY, 10_000 * factor ** from);
    for (let day = from + 1; day <= to; day += 1) {
      scene.equity(MONDAY + day * DAY - HOUR, 10_000 * factor ** day);
      scene.equity(MONDAY + day * DAY, 10_000 * factor ** day);
    }
  }

  test('a halt by drawdown on the way does not hide it: 0.7 % lost on each of 20 days', () => {
    const scene = breakerScene();
    loseDaily(scene, 0.993, 0, 15);
    expect(scene.code()).toBe('drawdown');
    loseDaily(scene, 0.993, 15, 20);
    expect(scene.code()).toBe('sharpe');
  });

  test.each([
    ['half of it', 0.5],
    ['3 % of it', 0.97],
    ['a thousandth of it', 0.999],
  ])('an account that loses %s day after day is below every floor', (_, factor) => {
    const scene = breakerScene({ maxDrawdown: 1, maxDailyLoss: 1, minSharpe: -1e9 });
    loseDaily(scene, factor, 0, 20);
    expect(scene.code()).toBe('sharpe');
    expect(scene.breaker.state.reason).toBe('the same loss on each of 20 days, the floor is -1000000000');
  });

  test('one that gains the same day after day is above every floor', () => {
    const scene = breakerScene({ minSharpe: 1e9 });
    let value = 10_000;
    for (let day = 0; day <= 30; day += 1) {
      scene.equity(MONDAY + day * DAY, value);
      value *= 1.01;
    }
    expect(scene.code()).toBe('ok');
  });

  test('exactly the floor is not under it', () => {
    const scene = breakerScene({ maxDrawdown: 1, maxDailyLoss: 1, minSample: 2 });
    scene.equity(MONDAY, 10_000);
    const codes: string[] = [];
    for (const [index, value] of [5_000, 7_500, 3_750].entries()) {
      const midnight = MONDAY + (index + 1) * DAY;
      scene.equity(midnight - HOUR, value);
      scene.equity(midnight, value);
      codes.push(`${scene.figure('sharpe')} ${scene.code()}`);
    }
    expect(codes).toEqual(['undefined ok', '0 ok', expect.stringMatching(/^-.* sharpe$/)]);
  });

  test('a flat account has none, and does not trip', () => {
    const scene = breakerScene();
    for (let day = 0; day < 60; day += 1) scene.equity(MONDAY + day * DAY, 10_000);
    expect(scene.code()).toBe('ok');
    expect(scene.breaker.verdict().numbers).toMatchObject({ days: 30 });
  });
});

describe('missing inputs', () => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'an equity of %d is a trip',
    (equity) => {
      const scene = breakerScene();
      scene.equity(MONDAY, 10_000);
      scene.equity(MONDAY + 1, equity);
      scene.equity(MONDAY + 2, equity);
      expect(scene.code()).toBe('missing-equity');
      expect(scene.breaker.state.until).toBe(MONDAY + 1 + DAY);
    },
  );

  test('when the halt is over the equity must be known again', () => {
    const scene = breakerScene();
    scene.equity(MONDAY, Number.NaN);
    scene.clock.advanceTo(MONDAY + DAY);
    expect(scene.breaker.verdict()).toMatchObject({ code: 'missing-equity', allowed: false });
    expect(scene.breaker.state.tripped).toBe(false);
    scene.equity(MONDAY + DAY, 9_000);
    expect(scene.code()).toBe('ok');
  });

  test('an equity that comes back during the halt is noticed', () => {
    const scene = breakerScene();
    scene.equity(MONDAY, 10_000);
    scene.equity(MONDAY + 1, Number.NaN);
    scene.equity(MONDAY + 2, 9_999);
    scene.clock.advanceTo(MONDAY + 2 * DAY);
    expect(scene.code()).toBe('ok');
  });
});

describe('the end of a trip', () => {
  test('comes after the halt, to the millisecond', () => {
    const scene = breakerScene({ haltHours: 2 });
    scene.equity(MONDAY, 10_000);
    scene.equity(MONDAY + HOUR, 9_000);
    scene.clock.advanceTo(MONDAY + 3 * HOUR - 1);
    expect(scene.code()).toBe('drawdown');
    scene.clock.advanceTo(MONDAY + 3 * HOUR);
    expect(scene.code()).toBe('ok');
  });
});

describe('a restart', () => {
  test('does not end a trip', () => {
    const before = breakerScene();
    before.equity(MONDAY, 10_000);
    before.equity(MONDAY + HOUR, 9_000);
    const after = breakerScene({}, before.store, MONDAY + 2 * HOUR);
    expect(after.breaker.state).toMatchObject({ tripped: true, until: MONDAY + HOUR + DAY });
    after.equity(MONDAY + 3 * HOUR, 9_000);
    expect(after.code()).toBe('drawdown');
  });

  test("does not forget the peak, the samples or the day's start", () => {
    const before = breakerScene();
    before.equity(MONDAY, 10_000);
    before.equity(MONDAY + 20 * MINUTE, 10_900);
    before.trades(-1, -1, -1, -1);
    const after = breakerScene({}, before.store, MONDAY + HOUR);
    expect(after.code()).toBe('missing-equity');
    after.equity(MONDAY + HOUR, 10_000);
    expect(after.breaker.verdict()).toMatchObject({
      allowed: true,
      numbers: { drawdown: expect.closeTo(1 - 10_000 / 10_900, 12), dailyLoss: 0, lossesInRow: 4 },
    });
    after.trades(-1);
    expect(after.code()).toBe('consecutive-losses');
  });

  test('a trade told before the first equity is counted, and the equity is noticed after it', () => {
    const before = breakerScene();
    before.equity(MONDAY, 10_000);
    before.trades(-1, -1, -1, -1);
    const after = breakerScene({}, before.store, MONDAY + MINUTE);
    after.trades(-1);
    expect(after.code()).toBe('consecutive-losses');
    after.equity(MONDAY + 2 * MINUTE, 9_990);
    after.clock.advanceTo(MONDAY + 2 * DAY);
    expect(after.code()).toBe('ok');
  });

  test('the peak is written down within a quarter of an hour', () => {
    const { store, equity } = breakerScene();
    equity(MONDAY, 10_000);
    equity(MONDAY + MINUTE, 10_100);
    expect(store.read(BREAKER_STATE)).toMatchObject({ account: { peak: 10_000 } });
    equity(MONDAY + 15 * MINUTE, 10_050);
    expect(store.read(BREAKER_STATE)).toMatchObject({ account: { peak: 10_100, equity: 10_050 } });
  });

  test('with a store that answers null for nothing starts fresh', () => {
    const state: StateStore = { read: () => null, write: () => undefined };
    const breaker = new CircuitBreaker({ settings: DEFAULTS, state, clock: new ManualClock(MONDAY) });
    breaker.observeEquity(MONDAY, 10_000);
    expect(breaker.verdict().allowed).toBe(true);
  });

  test('after a trip before any equity goes on with that trip', () => {
    const before = breakerScene();
    before.equity(MONDAY, Number.NaN);
    const after = breakerScene({}, before.store, MONDAY + HOUR);
    expect(after.code()).toBe('missing-equity');
    after.equity(MONDAY + HOUR, 10_000);
    expect(after.breaker.state.until).toBe(MONDAY + DAY);
  });
});

describe('safety does not need the database', () => {
  test('a store that cannot be written is reported, and the breaker goes on from memory', () => {
    const lines: string[] = [];
    const logger: Logger = { ...SILENT_LOGGER, error: (_, message) => void lines.push(message) };
    const store = new MemoryStore();
    store.broken = { write: true };
    const clock = new ManualClock(MONDAY);
    const breaker = new CircuitBreaker({ settings: DEFAULTS, state: store, clock, logger });
    breaker.observeEquity(MONDAY, 10_000);
    breaker.observeEquity(MONDAY + 1, 9_600);
    expect(breaker.verdict()).toMatchObject({ allowed: false, code: 'daily-loss' });
    expect(breaker.state.storeFault).toBe(
      "the circuit breaker's state cannot be stored, it holds in memory only: Error: database is locked",
    );
    expect(lines).toContain("the circuit breaker's state cannot be stored, it holds in memory only");

    store.broken = {};
    breaker.observeEquity(MONDAY + HOUR, 9_600);
    expect(breaker.state.storeFault).toBeNull();
    expect(store.read(BREAKER_STATE)).toMatchObject({ trips: [{ code: 'daily-loss' }] });
  });

  test('a store that cannot be read at the start is a trip: a halt may be forgotten', () => {
    const store = new MemoryStore();
    store.broken = { read: true, write: true };
    const scene = breakerScene({}, store);
    scene.equity(MONDAY, 10_000);
    expect(scene.code()).toBe('unreadable-state');
    scene.equity(MONDAY + DAY, 10_000);
    expect(scene.code()).toBe('ok');
  });

  test('a document that makes no sense is a trip too', () => {
    const store = new MemoryStore();
    store.write(BREAKER_STATE, { tripped: 'no idea' });
    expect(breakerScene({}, store).code()).toBe('unreadable-state');
  });
});

test('the figures agree with counting by hand over a random walk, tick by tick', () => {
  const scene = breakerScene({ maxDrawdown: 0.05, maxDailyLoss: 1, minSharpe: -1e9 });
  let peak = 0;
  let value = 10_000;
  let seed = 1;
  for (let minute = 0; minute < 5_000; minute += 1) {
    seed = (seed * 48_271) % 2_147_483_647;
    value *= 1 + (seed / 2_147_483_647 - 0.52) * 0.002;
    peak = Math.max(peak, value);
    scene.equity(MONDAY + minute * MINUTE, value);
    expect(scene.breaker.state.tripped).toBe(value <= peak * 0.95);
    if (value <= peak * 0.95) return;
  }
  expect.unreachable('the walk never fell by 5 %');
});
