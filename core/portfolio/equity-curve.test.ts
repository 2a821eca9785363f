import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EquityCurve, sharpe, sortino } from './index.ts';

const DAY = 86_400_000;
const MONDAY = Date.UTC(2024, 0, 1);

/** The deepest fall from a running peak, over the whole array. */
function maxDrawdown(equity: readonly number[]): number {
  let peak = Number.NEGATIVE_INFINITY;
  let deepest = 0;
  for (const value of equity) {
    if (value > peak) peak = value;
    else deepest = Math.max(deepest, 1 - value / peak);
  }
  return deepest;
}

/** A curve that was at these values on so many days, one after the other. */
function overDays(values: readonly (number | { readonly paid: number })[], start = 10_000): EquityCurve {
  const curve = new EquityCurve(start);
  curve.passTime(MONDAY);
  let day = 0;
  for (const value of values) {
    if (typeof value === 'number') {
      curve.observe(value);
      day += 1;
      curve.passTime(MONDAY + day * DAY);
    } else {
      curve.transfer(value.paid);
    }
  }
  return curve;
}

describe('the equity curve', () => {
  test.each([
    [[], 0],
    [[1, 2, 3], 0],
    [[100, 120, 90, 130, 100], 0.25],
    [[100, 50], 0.5],
  ])('over %j has fallen by %d at most', (equity, expected) => {
    const curve = new EquityCurve(equity[0] ?? 1);
    for (const value of equity) curve.observe(value);
    expect(curve.maxDrawdown).toBeCloseTo(expected, 12);
  });

  test('measures its deepest fall as one looking at all of it at once would', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1 }), (values) => {
        const curve = new EquityCurve(values[0] ?? 1);
        for (const value of values) curve.observe(value);
        expect(curve.maxDrawdown).toBe(maxDrawdown(values));
      }),
    );
  });

  test('has a return for each finished day, from each value to the next', () => {
    expect(overDays([10_100, 9_999]).dailyReturns).toEqual([10_100 / 10_000 - 1, 9_999 / 10_100 - 1]);
    expect(overDays([]).dailyReturns).toEqual([]);
  });

  test('has each return under the midnight that ended its day, and none for a day of nothing', () => {
    const monday = MONDAY / DAY;
    expect(overDays([10_100, 9_999]).returnDays).toEqual([monday + 1, monday + 2]);
    expect(overDays([0, { paid: 50 }, 60, 30]).returnDays).toEqual([monday + 1, monday + 2, monday + 3]);
    expect(overDays([{ paid: 50 }, 60], 0).returnDays).toEqual([monday + 1]);
    expect(overDays([0, 0, 10_000]).returnDays).toEqual([monday + 1]);
  });
});

describe('a time in microseconds', () => {
  test('ends no days, and what comes later is measured as if it had been in order', () => {
    const [plain, odd] = [new EquityCurve(10_000), new EquityCurve(10_000)];
    for (const curve of [plain, odd]) {
      curve.passTime(MONDAY);
      curve.sample(MONDAY + 1, 10_100);
    }
    plain.observe(10_050);
    odd.passTime((MONDAY + 2) * 1_000);
    odd.observe(10_050);
    for (const curve of [plain, odd]) {
      curve.sample(MONDAY + DAY, 10_200);
      curve.sample(MONDAY + 2 * DAY + 1, 10_300);
    }
    expect(odd.dailyReturns).toHaveLength(2);
    expect([odd.dailyReturns, odd.returnDays, odd.marks]).toEqual([
      plain.dailyReturns,
      plain.returnDays,
      plain.marks,
    ]);
  });

  test('is not when the curve began', () => {
    const curve = new EquityCurve(10_000);
    curve.passTime(MONDAY * 1_000);
    expect(curve.began).toBeNull();
    curve.passTime(MONDAY);
    curve.passTime(MONDAY + DAY);
    expect([curve.began, curve.dailyReturns.length]).toEqual([MONDAY, 1]);
  });
});

describe('money paid in or out', () => {
  test('is no return, and the same days give the same ratios', () => {
    const days = Array.from({ length: 30 }, (_, day) => 10_000 * (day % 2 === 0 ? 1.02 : 0.99));
    const plain = overDays(days);
    const doubled = overDays([{ paid: 10_000 }, ...days.map((equity) => 2 * equity)]);
    expect(doubled.dailyReturns).toHaveLength(30);
    for (const [day, value] of doubled.dailyReturns.entries()) {
      expect(value).toBeCloseTo(plain.dailyReturns[day] ?? Number.NaN, 12);
    }
    expect(sharpe(doubled.dailyReturns).value).toBeCloseTo(sharpe(plain.dailyReturns).value ?? Number.NaN, 9);
    expect(sortino(doubled.dailyReturns).value).toBeCloseTo(
      sortino(plain.dailyReturns).value ?? Number.NaN,
      9,
    );
    expect(doubled.maxDrawdown).toBeCloseTo(plain.maxDrawdown, 12);
  });

  test('in the midst of a day leaves the profit and loss before and after it', () => {
    const curve = new EquityCurve(10_000);
    curve.passTime(MONDAY);
    curve.observe(11_000);
    curve.transfer(-5_500);
    curve.observe(6_050);
    curve.passTime(MONDAY + DAY);
    // 10 % before and 10 % after.
    expect(curve.dailyReturns[0]).toBeCloseTo(0.21, 12);
    expect(curve.maxDrawdown).toBe(0);
  });

  test('is no fall, and a fall stays as deep as it is', () => {
    const curve = new EquityCurve(10_000);
    curve.observe(8_000);
    expect(curve.drawdown).toBeCloseTo(0.2, 12);
    curve.transfer(-4_000);
    curve.observe(4_000);
    expect([curve.drawdown, curve.maxDrawdown]).toEqual([expect.closeTo(0.2, 12), expect.closeTo(0.2, 12)]);
    expect(curve.peak).toBeCloseTo(5_000, 9);
    curve.transfer(16_000);
    curve.observe(20_000);
    expect([curve.drawdown, curve.peak]).toEqual([expect.closeTo(0.2, 12), expect.closeTo(25_000, 9)]);
  });

  test('moves the start of the day, so that it is no profit of the day', () => {
    const curve = new EquityCurve(10_000);
    curve.passTime(MONDAY);
    curve.observe(10_100);
    curve.transfer(10_100);
    expect(curve.dayStart).toBe(20_100);
  });

  test('out of it altogether is no fall either, and what comes back later is no gain', () => {
    const curve = new EquityCurve(10_000);
    curve.passTime(MONDAY);
    curve.observe(9_000);
    curve.transfer(-9_000);
    curve.observe(0);
    expect([curve.drawdown, curve.maxDrawdown, curve.peak]).toEqual([
      expect.closeTo(0.1, 12),
      expect.closeTo(0.1, 12),
      0,
    ]);
    curve.passTime(MONDAY + DAY);
    curve.transfer(500);
    curve.observe(550);
    curve.passTime(MONDAY + 2 * DAY);
    expect(curve.dailyReturns).toEqual([expect.closeTo(-0.1, 12), expect.closeTo(0.1, 12)]);
    expect(curve.drawdown).toBeCloseTo(0.01, 12);
  });

  test('after everything was lost begins anew', () => {
    const curve = overDays([-100]);
    expect(curve.dailyReturns).toEqual([expect.closeTo(-1.01, 12)]);
    expect(curve.drawdown).toBeCloseTo(1.01, 12);
    curve.passTime(MONDAY + 2 * DAY);
    curve.transfer(1_100);
    curve.observe(1_100);
    curve.passTime(MONDAY + 3 * DAY);
    // Of the day that began and ended with nothing there is no return.
    expect(curve.dailyReturns).toEqual([expect.closeTo(-1.01, 12), expect.closeTo(0.1, 12)]);
    expect([curve.drawdown, curve.peak]).toEqual([0, 1_100]);
  });

  test('before there was any is where the measuring begins', () => {
    const curve = new EquityCurve(0);
    curve.passTime(MONDAY);
    curve.observe(0);
    expect([curve.drawdown, curve.maxDrawdown]).toEqual([0, 0]);
    curve.transfer(1_000);
    curve.observe(1_100);
    curve.passTime(MONDAY + DAY);
    expect(curve.dailyReturns).toEqual([1_100 / 1_000 - 1]);
  });

  test('whenever it comes, leaves returns and falls as they would be without it', () => {
    const step = fc.record({
      change: fc.double({ min: -0.3, max: 0.3, noNaN: true }),
      paid: fc.option(fc.double({ min: -0.9, max: 5, noNaN: true })),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const plain = new EquityCurve(1_000);
        const paying = new EquityCurve(1_000);
        let without = 1_000;
        let equity = 1_000;
        for (const [day, { change, paid }] of steps.entries()) {
          for (const curve of [plain, paying]) curve.passTime(MONDAY + day * DAY);
          without *= 1 + change;
          equity *= 1 + change;
          plain.observe(without);
          paying.observe(equity);
          if (paid === null) continue;
          paying.transfer(equity * paid);
          equity += equity * paid;
          paying.observe(equity);
        }
        expect(paying.maxDrawdown).toBeCloseTo(plain.maxDrawdown, 9);
        expect(paying.drawdown).toBeCloseTo(plain.drawdown, 9);
        for (const [day, value] of paying.dailyReturns.entries()) {
          expect(value).toBeCloseTo(plain.dailyReturns[day] ?? Number.NaN, 9);
        }
      }),
    );
  });
});
