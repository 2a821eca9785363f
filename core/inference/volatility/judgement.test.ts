import { describe, expect, it } from 'vitest';
import { BandKeeper, BandMultiplier } from './band-multiplier.ts';
import { verdictOf } from './examination.ts';
import { blockInterval, blockSlope, qlike } from './judgement.ts';

const DAY_MS = 86_400_000;

describe('QLIKE', () => {
  it('is 0 for a forecast that was right, and punishes one too low more than one too high', () => {
    expect(qlike(-9, -9)).toBe(0);
    expect(qlike(0, -1)).toBeCloseTo(Math.E - 2, 12);
    expect(qlike(0, 1)).toBeCloseTo(1 / Math.E, 12);
  });
});

describe('an interval over blocks of days', () => {
  const values = Array.from({ length: 40 }, (_, week) => ({ time: week * 7 * DAY_MS, value: week % 2 }));

  it('is worked out by hand: mean 0.5, standard error by the blocks', () => {
    const interval = blockInterval(values, 7);
    const error = Math.sqrt((40 / 39) * 40 * 0.25) / 40;
    expect(interval?.value).toBe(0.5);
    expect(interval?.low).toBeCloseTo(0.5 - 1.96 * error, 12);
    expect(interval?.detectable).toBeCloseTo(2.8 * error, 12);
  });

  it('does not shrink when every coin says the same', () => {
    const coins = values.flatMap((value) => [value, value, value]);
    expect(blockInterval(coins, 7)?.low).toBeCloseTo(blockInterval(values, 7)?.low ?? NaN, 12);
  });

  it('is none with fewer than three blocks', () => {
    expect(blockInterval(values.slice(0, 2), 7)).toBeUndefined();
  });
});

describe('the slope of realised on foretold', () => {
  const samples = Array.from({ length: 60 }, (_, week) => {
    const x = Math.sin(week);
    return { time: week * 7 * DAY_MS, x, y: 0.8 * x + 0.01 * Math.cos(3 * week) };
  });

  it('is found, with an interval about it', () => {
    const slope = blockSlope(samples, 7);
    expect(slope?.value).toBeCloseTo(0.8, 2);
    expect(slope?.low).toBeLessThan(0.8);
    expect(slope?.high).toBeGreaterThan(0.8);
    expect((slope?.high ?? 0) - (slope?.low ?? 0)).toBeLessThan(0.02);
  });

  it('is none where nothing was foretold to move', () => {
    expect(
      blockSlope(
        samples.map((sample) => ({ ...sample, x: 1 })),
        7,
      ),
    ).toBeUndefined();
  });
});

describe('the verdict', () => {
  const gain = (low: number, high: number) => ({ value: 0, low, high, blocks: 9, detectable: 1 });

  it.each([
    [gain(0.001, 0.01), 'better-than-formula'],
    [gain(-0.001, 0.01), 'not-told-apart'],
    [gain(-0.02, -0.01), 'worse-than-formula'],
    [null, 'not-told-apart'],
  ] as const)('is said only when the interval excludes 0: %j is %s', (interval, verdict) => {
    expect(verdictOf(interval)).toBe(verdict);
  });
});

describe('the multiplier of the bands', () => {
  it('widens when too much falls outside, narrows when too little does, and stays in bounds', () => {
    const wide = new BandMultiplier(0.2);
    wide.observe(1);
    expect(wide.value).toBeCloseTo(Math.exp(0.08), 12);
    const narrow = new BandMultiplier(0.2);
    narrow.observe(0);
    expect(narrow.value).toBeCloseTo(Math.exp(-0.02), 12);
    for (let day = 0; day < 100; day += 1) wide.observe(1);
    expect(wide.value).toBe(2);
  });

  it('rests where as much falls outside as should', () => {
    const multiplier = new BandMultiplier(0.2);
    multiplier.observe(0.2);
    expect(multiplier.value).toBe(1);
  });
});

describe('the keeper of the bands', () => {
  const keeper = new BandKeeper(0.2, DAY_MS);

  it('learns nothing of a day before all that was foretold on it has come true', () => {
    keeper.note(DAY_MS / 2, true);
    keeper.note(DAY_MS / 2, false);
    keeper.advance(2 * DAY_MS - 1);
    expect(keeper.multiplier.value).toBe(1);
    keeper.advance(2 * DAY_MS);
    expect(keeper.multiplier.value).toBeCloseTo(Math.exp(0.1 * (0.5 - 0.2)), 12);
  });

  it('learns of a day once', () => {
    const before = keeper.multiplier.value;
    keeper.advance(9 * DAY_MS);
    expect(keeper.multiplier.value).toBe(before);
  });
});
