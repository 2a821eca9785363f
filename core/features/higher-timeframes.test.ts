import { describe, expect, it } from 'vitest';
import { HigherTimeframes } from './higher-timeframes.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 5);

function bar(hour: number, close: number) {
  return { openTime: START + hour * HOUR, high: close + 1, low: close - 1, close };
}

describe('the market in larger bars', () => {
  it('are the completed ones by UTC: what is under way is not seen', () => {
    const larger = new HigherTimeframes('1h');
    for (let hour = 0; hour < 20 * 4; hour += 1) larger.close(bar(hour, 100 + Math.floor(hour / 4)));
    const [fourHours, ...others] = larger.figures();
    expect(others).toEqual([]);
    expect(fourHours).toMatchObject({ timeframe: '4h' });
    expect(fourHours?.return1).toBeCloseTo(119 / 118 - 1, 12);
    expect(fourHours?.return5).toBeCloseTo(119 / 114 - 1, 12);
    expect(fourHours?.return19).toBeCloseTo(119 / 100 - 1, 12);
    expect(fourHours?.overMean20).toBeCloseTo(119 / 109.5 - 1, 12);
    // Lowest low 99, highest high 120.
    expect(fourHours?.inRange20).toBeCloseTo((2 * 20) / 21 - 1, 12);
    for (const hour of [80, 81, 82]) larger.close(bar(hour, 500));
    expect(larger.figures()).toEqual([fourHours]);
    larger.close(bar(83, 500));
    expect(larger.figures()[0]?.return1).toBeCloseTo(500 / 119 - 1, 12);
  });

  it('close where their last small bar does, and reach as far as any of them', () => {
    const larger = new HigherTimeframes('1h');
    for (let hour = 0; hour < 20 * 4; hour += 1) larger.close(bar(hour, 100));
    for (const [index, close] of [90, 130, 70, 110].entries()) larger.close(bar(80 + index, close));
    const [fourHours] = larger.figures();
    expect(fourHours?.return1).toBeCloseTo(110 / 100 - 1, 12);
    // Lowest low 69, highest high 131.
    expect(fourHours?.inRange20).toBeCloseTo((2 * (110 - 69)) / (131 - 69) - 1, 12);
  });

  it('of which one misses its end are complete when the next begins', () => {
    const larger = new HigherTimeframes('1h');
    for (let hour = 0; hour < 20 * 4; hour += 1) if (hour !== 79) larger.close(bar(hour, 100));
    expect(larger.figures()).toEqual([]);
    larger.close(bar(80, 100));
    expect(larger.figures()).toHaveLength(1);
  });

  it.each([
    ['1m', ['15m', '1h', '4h']],
    ['1h', ['4h', '12h', '1d']],
    ['6h', ['12h', '1d']],
    ['1d', []],
  ] as const)('%s: are at most three sizes, each a multiple', (timeframe, sizes) => {
    const larger = new HigherTimeframes(timeframe);
    const ms = { '1m': HOUR / 60, '1h': HOUR, '6h': 6 * HOUR, '1d': 24 * HOUR }[timeframe];
    for (let index = 0; index < 5_000; index += 1) {
      larger.close({ ...bar(0, 100), openTime: START + index * ms });
    }
    expect(larger.figures().map((each) => each.timeframe)).toEqual(sizes);
    expect(larger.figures().every(({ inRange20, overMean20 }) => inRange20 === 0 && overMean20 === 0)).toBe(
      true,
    );
  });
});
