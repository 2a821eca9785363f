import { describe, expect, test } from 'vitest';
import { BREAKER_STATE } from './index.ts';
import { breakerScene, DAY, HOUR, MemoryStore, MINUTE, MONDAY } from './testing/breaker-scene.ts';

describe('the peak inside a bar', () => {
  test('is in the store at the end of the bar: a restart does not change the drawdown', () => {
    const before = breakerScene();
    before.equity(MONDAY, 10_000);
    before.equity(MONDAY + 3 * MINUTE, 10_400);
    before.equity(MONDAY + 5 * MINUTE, 10_100);
    before.breaker.checkpoint(MONDAY + 5 * MINUTE);
    const after = breakerScene({}, before.store, MONDAY + 6 * MINUTE);
    after.equity(MONDAY + 6 * MINUTE, 10_100);
    expect(after.figure('drawdown')).toBe(before.figure('drawdown'));
    expect(after.figure('drawdown')).toBeCloseTo(300 / 10_400, 12);
  });

  test('costs a write only where it is a new one', () => {
    const { breaker, store, equity } = breakerScene();
    breaker.checkpoint(MONDAY);
    expect(store.writes).toBe(0);
    equity(MONDAY, 10_000);
    const { writes } = store;
    breaker.checkpoint(MONDAY + 1);
    equity(MONDAY + 2, 9_990);
    breaker.checkpoint(MONDAY + 2);
    expect(store.writes).toBe(writes);
    equity(MONDAY + 3, 10_001);
    breaker.checkpoint(MONDAY + 3);
    breaker.checkpoint(MONDAY + 4);
    expect(store.writes).toBe(writes + 1);
  });

  test('is written with the next trip, too', () => {
    const { store, equity, trades } = breakerScene();
    equity(MONDAY, 10_000);
    equity(MONDAY + 1, 10_400);
    trades(-1);
    expect(store.read(BREAKER_STATE)).toMatchObject({ account: { peak: 10_400 } });
  });
});

describe('what could not be stored', () => {
  test('is tried again at the end of the bar', () => {
    const { breaker, store, equity } = breakerScene();
    equity(MONDAY, 10_000);
    store.broken = { write: true };
    equity(MONDAY + MINUTE, 8_900);
    breaker.checkpoint(MONDAY + 2 * MINUTE);
    expect(breaker.state.storeFault).toMatch(/database is locked/);
    store.broken = {};
    breaker.checkpoint(MONDAY + 3 * MINUTE);
    expect(breaker.state.storeFault).toBeNull();
    expect(store.read(BREAKER_STATE)).toMatchObject({
      trips: [{ code: 'drawdown' }, { code: 'daily-loss' }],
    });
  });
});

describe('flushing, before the program ends', () => {
  test('stores the last equity: the next day begins with it', () => {
    const before = breakerScene();
    before.equity(MONDAY, 10_000);
    before.equity(MONDAY + MINUTE, 9_800);
    before.breaker.flush();
    const after = breakerScene({}, before.store, MONDAY + DAY);
    after.equity(MONDAY + DAY, 9_700);
    expect(after.figure('dailyLoss')).toBeCloseTo(100 / 9_800, 12);
  });

  test('writes nothing when nothing changed, and nothing of an account that was never seen', () => {
    const { breaker, store, equity } = breakerScene();
    breaker.flush();
    expect(store.writes).toBe(0);
    equity(MONDAY, 10_000);
    const { writes } = store;
    breaker.flush();
    expect(store.writes).toBe(writes);
  });
});

describe('a restart', () => {
  test('forgets no halt of several', () => {
    const before = breakerScene();
    before.equity(MONDAY, 10_000);
    before.equity(MONDAY + HOUR, 8_900);
    before.clock.advanceTo(MONDAY + 2 * HOUR);
    before.trades(-1, -1, -1, -1, -1);
    const after = breakerScene({}, before.store, MONDAY + DAY + HOUR);
    expect(after.breaker.state).toMatchObject({
      reason: '5 losing trades in a row',
      until: MONDAY + DAY + 2 * HOUR,
    });
  });

  test("reads the document of the program's first version", () => {
    const store = new MemoryStore();
    store.write(BREAKER_STATE, {
      trip: { at: MONDAY, until: MONDAY + DAY, code: 'daily-loss', message: '3.10 % lost today' },
      account: { equity: 9_690, peak: 10_500, dayStart: 10_000, dayEnd: MONDAY + DAY },
      dailyReturns: [0.01],
      outcomes: [true, false],
      lossesInRow: 1,
    });
    const scene = breakerScene({}, store, MONDAY + HOUR);
    expect(scene.breaker.state).toMatchObject({ reason: '3.10 % lost today', until: MONDAY + DAY });
    scene.equity(MONDAY + DAY, 9_690);
    expect(scene.breaker.verdict()).toMatchObject({
      code: 'ok',
      numbers: {
        drawdown: expect.closeTo(810 / 10_500, 12),
        dailyLoss: 0,
        lossesInRow: 1,
        trades: 2,
        days: 2,
      },
    });
  });

  test('reads one of the first version without a trip and without an account', () => {
    const store = new MemoryStore();
    store.write(BREAKER_STATE, { trip: null, account: null, dailyReturns: [], outcomes: [], lossesInRow: 4 });
    const scene = breakerScene({}, store);
    scene.equity(MONDAY, 10_000);
    expect(scene.code()).toBe('ok');
    scene.trades(-1);
    expect(scene.code()).toBe('consecutive-losses');
  });
});
