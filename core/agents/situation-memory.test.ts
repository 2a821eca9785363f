import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryStateStore } from '../storage/index.ts';
import { SituationMemory } from './situation-memory.ts';
import { briefOf } from './testing/briefs.ts';

const HOUR = 3_600_000;
const START = briefOf().barOpenTime;

/** A bar so many hours after the start; every feature has the same value. */
function bar(hour: number, close: number, value = 0, given: object = {}) {
  return briefOf({ barOpenTime: START + hour * HOUR, close, feature: () => value, ...given });
}

/** Bars of which the price rises by `gain` in 24 hours, a week apart so that they do not overlap. */
function remember(memory: SituationMemory, count: number, gain: number, value: number, from = 0): void {
  for (let week = 0; week < count; week += 1) {
    const hour = from + week * 168;
    memory.observe(bar(hour, 100, value));
    memory.observe(bar(hour + 24, 100 * (1 + gain), 50));
  }
}

describe('similar past situations', () => {
  it('are the nearest bars of the same regime, with what came of them', () => {
    const memory = new SituationMemory(null);
    remember(memory, 12, 0.02, 0.1);
    remember(memory, 12, -0.05, 9, 3_000);
    expect(memory.similarTo(bar(9_000, 100, 0.2))).toEqual({
      n: 12,
      horizonBars: 24,
      shareRose: 1,
      meanReturn: 0.02,
      lowestReturn: 0.02,
      highestReturn: 0.02,
    });
    expect(memory.similarTo(bar(9_000, 100, 8))?.meanReturn).toBe(-0.05);
    expect(memory.similarTo(bar(9_000, 100, 8, { regime: 'volatile' }))).toBeNull();
    expect(memory.similarTo(bar(9_000, 100, 8, { timeframe: '4h' }))).toBeNull();
  });

  it('say nothing where there are fewer than five, or a feature has no value', () => {
    const memory = new SituationMemory(null);
    remember(memory, 2, 0.02, 0.1);
    expect(memory.similarTo(bar(9_000, 100, 0.1))).toBeNull();
    remember(memory, 12, 0.02, 0.1, 1_000);
    expect(memory.similarTo(bar(9_000, 100, Number.NaN))).toBeNull();
    expect(memory.similarTo(bar(9_000, 100, 0.1))).not.toBeNull();
  });

  it('know nothing after the decision: no outcome before its 24 bars have closed, none from later bars', () => {
    const memory = new SituationMemory(null);
    for (let week = 0; week < 8; week += 1) memory.observe(bar(week * 168, 100, 0.1));
    // Each was judged at the next bar that was seen; the last has none yet.
    expect(memory.similarTo(bar(7 * 168 + 1, 100, 0.1))?.n).toBe(7);
    memory.observe(bar(7 * 168 + 23, 200, 60));
    expect(memory.similarTo(bar(7 * 168 + 23, 200, 0.1))?.n).toBe(7);
    memory.observe(bar(7 * 168 + 24, 300, 60));
    expect(memory.similarTo(bar(7 * 168 + 24, 300, 0.1))?.n).toBe(8);
    // Asked about an earlier bar afterwards, it does not know what it has learned since.
    expect(memory.similarTo(bar(7 * 168 + 23, 200, 0.1))?.n).toBe(7);
  });

  it('are the same whatever comes later', () => {
    const closes = fc.array(fc.double({ min: 50, max: 150, noNaN: true }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(closes, closes, (past, future) => {
        const memory = new SituationMemory(null);
        for (const [index, close] of past.entries()) memory.observe(bar(index * 24, close, index / 10));
        const question = bar(past.length * 24 - 24, past.at(-1) ?? 100, 0.5);
        const before = memory.similarTo(question);
        for (const [index, close] of future.entries()) {
          memory.observe(bar((past.length + index) * 24, close, index / 10));
        }
        expect(memory.similarTo(question)).toEqual(before);
      }),
    );
  });

  it('outlive a restart, are bounded, and count a bar once', () => {
    const state = new MemoryStateStore();
    const memory = new SituationMemory(state);
    for (let hour = 0; hour < 700; hour += 1) {
      memory.observe(bar(hour, 100 + hour, 0.1));
      memory.observe(bar(hour, 100 + hour, 0.1));
    }
    const question = bar(800, 100, 0.1);
    const again = new SituationMemory(state);
    expect(again.similarTo(question)).toEqual(memory.similarTo(question));
    expect(JSON.stringify(state.read('llm-situations')).match(/barOpenTime":\d+,"regime/g)).toHaveLength(600);
  });
});
