import { describe, expect, test } from 'vitest';
import type { Candle } from '../domain/index.ts';
import { buyAndHold, flat, sharpe, sortino } from './index.ts';

const DAY = 86_400_000;
const alternating = Array.from({ length: 30 }, (_, day) => (day % 2 === 0 ? 0.02 : -0.01));

describe('Sharpe ratio', () => {
  test('is annualised from daily returns', () => {
    // Mean 0.005, sample deviation 0.015 * sqrt(30 / 29).
    const daily = 0.005 / (0.015 * Math.sqrt(30 / 29));
    const result = sharpe(alternating);
    expect(result.value).toBeCloseTo(daily * Math.sqrt(365), 10);
    expect(result.sampleSize).toBe(30);
  });

  test('is not given below the minimum sample, nor when nothing moved', () => {
    expect(sharpe(alternating.slice(0, 19))).toEqual({ value: null, sampleSize: 19 });
    expect(sharpe(alternating.slice(0, 5), 5).value).not.toBeNull();
    expect(sharpe(Array(40).fill(0))).toEqual({ value: null, sampleSize: 40 });
    expect(sharpe([], 0)).toEqual({ value: null, sampleSize: 0 });
  });
});

describe('Sortino ratio', () => {
  test('divides by the losses alone', () => {
    expect(sortino(alternating).value).toBeCloseTo((0.005 / Math.sqrt(0.01 ** 2 / 2)) * Math.sqrt(365), 10);
  });

  test('is not given without a losing day or below the minimum sample', () => {
    expect(sortino(Array(30).fill(0.01))).toEqual({ value: null, sampleSize: 30 });
    expect(sortino(alternating.slice(0, 10))).toEqual({ value: null, sampleSize: 10 });
  });
});

describe('baselines', () => {
  const costs = { takerFeeBps: 10, spreadBps: 4, slippageBps: 3 };
  const bar = (day: number, open: number, close: number): Candle => ({
    openTime: day * DAY,
    open,
    close,
    high: Math.max(open, close),
    low: Math.min(open, close),
    volume: 1,
  });
  const bars = Array.from({ length: 40 }, (_, day) => bar(day + 1, 100 + day, 101 + day));

  test('buy and hold pays both fees, half the spread twice and slippage twice', () => {
    const result = buyAndHold(bars, 10_000, costs);
    const coins = 10_000 / 1.001 / (100 * 1.0005);
    const sold = coins * 140 * 0.9995;
    expect(result.finalEquity).toBeCloseTo(sold * 0.999, 8);
    expect(result.returnPct).toBeCloseTo(result.finalEquity / 100 - 100, 8);
    expect(result.fees).toBeCloseTo((10_000 / 1.001 + sold) * 0.001, 8);
    expect(result.sharpe.sampleSize).toBe(39);
    expect(result.maxDrawdownPct).toBeGreaterThan(0);
  });

  test("without costs it is the market's own return and drawdown", () => {
    const free = { takerFeeBps: 0, spreadBps: 0, slippageBps: 0 };
    const result = buyAndHold([bar(1, 100, 120), bar(2, 120, 90), bar(3, 90, 150)], 1_000, free);
    expect(result.returnPct).toBeCloseTo(50, 10);
    expect(result.maxDrawdownPct).toBeCloseTo(25, 10);
    expect(result.fees).toBe(0);
  });

  test('not trading keeps the capital, and so does holding over no bars', () => {
    expect(flat(500)).toEqual({
      finalEquity: 500,
      returnPct: 0,
      maxDrawdownPct: 0,
      fees: 0,
      sharpe: { value: null, sampleSize: 0 },
    });
    expect(buyAndHold([], 500, costs)).toEqual(flat(500));
  });
});
