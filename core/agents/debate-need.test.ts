import { describe, expect, it } from 'vitest';
import { type DebateMoment, debateNeed } from './debate-need.ts';

const HOUR = 3_600_000;
const AT = Date.UTC(2026, 0, 5);
const RULE = { moveSigmas: 2, everyBars: 24 };
const LAST: DebateMoment & { readonly horizonBars: number } = {
  barOpenTime: AT,
  timeframe: '1h',
  close: 100,
  regime: 'trending',
  direction: 'flat',
  sigma: 0.01,
  horizonBars: 48,
};
const later = (given: Partial<DebateMoment> = {}): DebateMoment => {
  const { horizonBars: _, ...moment } = LAST;
  return { ...moment, barOpenTime: AT + HOUR, ...given };
};

describe('a debate is held anew', () => {
  it.each<
    [string, (DebateMoment & { readonly horizonBars: number }) | undefined, DebateMoment, boolean, RegExp]
  >([
    ['where there was none', undefined, later(), true, /no debate that could stand/],
    ['not where nothing moved', LAST, later(), false, /moved 0.0 of 2 sigmas, 1 of 24 bars passed/],
    ['not after a move of 1.99 sigmas up', LAST, later({ close: 100 * Math.exp(0.0199) }), false, /2.0 of 2/],
    ['after a move of 2 sigmas up', LAST, later({ close: 100 * Math.exp(0.020_001) }), true, /2.0 of 2/],
    ['after a move of 2 sigmas down', LAST, later({ close: 100 * Math.exp(-0.020_001) }), true, /2.0 of 2/],
    [
      'not after the same move in a wilder market',
      LAST,
      later({ close: 102.5, sigma: 0.02 }),
      false,
      /1.2 of 2/,
    ],
    ['in another regime', LAST, later({ regime: 'volatile' }), true, /was trending, now volatile/],
    ['with a position', LAST, later({ direction: 'long' }), true, /was flat, now long/],
    ['not after 23 bars', LAST, later({ barOpenTime: AT + 23 * HOUR }), false, /23 of 24 bars/],
    ['after 24 bars', LAST, later({ barOpenTime: AT + 24 * HOUR }), true, /24 bars have passed, of 24/],
    [
      'when its shortest horizon is over',
      { ...LAST, horizonBars: 3 },
      later({ barOpenTime: AT + 3 * HOUR }),
      true,
      /3 bars have passed, of 3/,
    ],
    ['where the volatility is unknown', LAST, later({ sigma: Number.NaN }), true, /not known/],
    ['where there is no volatility', LAST, later({ sigma: 0 }), true, /not known/],
    ['where a price is none', { ...LAST, close: 0 }, later(), true, /not known/],
    ['on bars of another size', LAST, later({ timeframe: '4h' }), true, /other bars/],
    ['on an earlier bar', LAST, later({ barOpenTime: AT - HOUR }), true, /other bars/],
  ])('%s', (_, last, now, debate, words) => {
    expect(debateNeed(last, now, RULE)).toEqual({ debate, words: expect.stringMatching(words) });
  });

  it('at every decision where the trader wants that', () => {
    expect(debateNeed(LAST, later(), { ...RULE, moveSigmas: 0 }).debate).toBe(true);
  });
});
