import { describe, expect, it } from 'vitest';
import type { Candle } from '../domain/index.ts';
import { barrierDistance, barrierLabel, LABEL } from './labels.ts';

const HOUR = 3_600_000;
const SIGMA = 0.004;
const DISTANCE = barrierDistance(SIGMA);

/** Quiet bars at 100; `changes` are bars after the decision (1 = the first) that are not. */
function bars(changes: Record<number, Partial<Candle>> = {}, count = LABEL.horizonBars + 1): Candle[] {
  return Array.from({ length: count }, (_, index) => {
    const quiet = { open: 100, high: 100.1, low: 99.9, close: 100, volume: 1 };
    return { openTime: index * HOUR, ...quiet, ...changes[index] };
  });
}
const up = { high: 100 * Math.exp(DISTANCE) + 0.01 };
const down = { low: 100 * Math.exp(-DISTANCE) - 0.01 };

describe('the triple-barrier label', () => {
  it.each([
    ['nothing happens', {}, 1, 24],
    ['the upper barrier is touched', { 5: up }, 2, 5],
    ['the lower barrier is touched', { 7: down }, 0, 7],
    ['both are, the lower first', { 3: down, 9: up }, 0, 3],
    ['one bar touches both and closes above its open', { 4: { ...up, ...down, close: 100.05 } }, 2, 4],
    ['one bar touches both and closes below its open', { 4: { ...up, ...down, close: 99.95 } }, 0, 4],
    ['the last bar of the horizon decides', { 24: up }, 2, 24],
  ])('when %s', (_, changes, classIndex, endBar) => {
    const label = barrierLabel(bars(changes), 0, SIGMA, HOUR);
    expect(label).toMatchObject({ classIndex, endTime: endBar * HOUR });
  });

  it('enters at the next open, not at the close decided on', () => {
    const label = barrierLabel(bars({ 0: { close: 50 }, 1: { open: 101, high: 101.5 } }), 0, SIGMA, HOUR);
    expect(label?.horizonReturn).toBeCloseTo(Math.log(100 / 101), 12);
  });

  it('puts the barriers no nearer than three times the cost of a round trip', () => {
    expect(barrierDistance(0)).toBeCloseTo(0.0072, 12);
    expect(barrierDistance(0.01)).toBeCloseTo(0.015 * Math.sqrt(24), 12);
  });

  it('has none while the horizon is not over, when bars are missing in it, or without a sigma', () => {
    expect(barrierLabel(bars({}, LABEL.horizonBars), 0, SIGMA, HOUR)).toBeUndefined();
    const holed = bars({}, LABEL.horizonBars + 2).filter((_, index) => index !== 9);
    expect(barrierLabel(holed, 0, SIGMA, HOUR)).toBeUndefined();
    expect(barrierLabel(bars(), 0, Number.NaN, HOUR)).toBeUndefined();
  });

  it('does not look beyond the bar that decided it', () => {
    const short = barrierLabel(bars({ 5: up }), 0, SIGMA, HOUR);
    const other = barrierLabel(bars({ 5: up, 6: down, 20: { high: 150 } }), 0, SIGMA, HOUR);
    expect(other).toEqual(short);
  });
});
