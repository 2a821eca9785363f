import { describe, expect, test } from 'vitest';
import { breakerScene, DAY, HOUR, MONDAY } from './testing/breaker-scene.ts';

const LOCK = { profitLock: 0.02, maxDailyLoss: 1, maxDrawdown: 1 };

/** An account that was higher before: the gain of the day makes no new peak. */
function below(store = breakerScene(LOCK).store) {
  const scene = breakerScene(LOCK, store);
  scene.equity(MONDAY - DAY, 20_000);
  scene.equity(MONDAY - HOUR, 10_000);
  scene.equity(MONDAY, 10_000);
  return scene;
}

describe('the profit lock', () => {
  test('is off by default', () => {
    const scene = breakerScene();
    scene.equity(MONDAY, 10_000);
    scene.equity(MONDAY + HOUR, 20_000);
    expect(scene.code()).toBe('ok');
    expect(scene.figure('dayProfit')).toBeUndefined();
  });

  test.each([
    [10_199, 'ok'],
    [10_200, 'profit-lock'],
    [10_201, 'profit-lock'],
  ])('of 2 %% with 10000 at midnight and %d now: %s', (now, code) => {
    const scene = below();
    // In the next moment nothing else is due that would make it look.
    scene.equity(MONDAY + 1, now);
    expect(scene.code()).toBe(code);
    const atPeak = breakerScene(LOCK);
    atPeak.equity(MONDAY, 10_000);
    atPeak.equity(MONDAY + HOUR, now);
    expect(atPeak.code()).toBe(code);
    expect(atPeak.figure('dayProfit')).toBeCloseTo(now / 10_000 - 1, 12);
    expect(atPeak.figure('profitLock')).toBe(0.02);
  });

  test('of a share whose decimals are not binary trips at exactly that share', () => {
    const passed: number[] = [];
    for (let thousandths = 1; thousandths <= 300; thousandths += 1) {
      const scene = breakerScene({ ...LOCK, profitLock: thousandths / 1_000 });
      scene.equity(MONDAY, 10_000);
      scene.equity(MONDAY + HOUR, 10_000 + 10 * thousandths);
      if (scene.code() !== 'profit-lock') passed.push(thousandths);
    }
    expect(passed).toEqual([]);
  });

  test('says what was gained and when entries go on', () => {
    const scene = below();
    scene.equity(MONDAY + HOUR, 10_250);
    expect(scene.breaker.verdict().message).toBe(
      '2.50 % gained today, which is kept; no entries until 2024-01-02 00:00:00 UTC, exits and stops go on',
    );
  });

  test('stays when the gain is given back, and ends at midnight', () => {
    const scene = below();
    scene.equity(MONDAY + HOUR, 10_250);
    scene.equity(MONDAY + 2 * HOUR, 9_900);
    scene.equity(MONDAY + DAY - 1, 9_900);
    expect(scene.code()).toBe('profit-lock');
    scene.equity(MONDAY + DAY, 9_900);
    expect(scene.code()).toBe('ok');
    scene.equity(MONDAY + DAY + HOUR, 10_097);
    expect(scene.code()).toBe('ok');
    scene.equity(MONDAY + DAY + 2 * HOUR, 10_098);
    expect(scene.code()).toBe('profit-lock');
  });

  test('survives a restart', () => {
    const before = below();
    before.equity(MONDAY + HOUR, 10_250);
    const after = breakerScene(LOCK, before.store, MONDAY + 2 * HOUR);
    after.equity(MONDAY + 2 * HOUR, 9_900);
    expect(after.code()).toBe('profit-lock');
    after.equity(MONDAY + DAY, 9_900);
    expect(after.code()).toBe('ok');
  });

  test('takes no deposit for a gain', () => {
    const scene = below();
    scene.breaker.observeTransfer(5_000);
    scene.equity(MONDAY + HOUR, 15_000);
    expect(scene.code()).toBe('ok');
    scene.equity(MONDAY + 2 * HOUR, 15_300);
    expect(scene.code()).toBe('profit-lock');
  });
});
