import { describe, expect, test } from 'vitest';
import { mean, SeededRandom, standardDeviation } from './index.ts';

/** Computed by the C code of the generator's author. */
const REFERENCE_1234 = [7, 34, 56_623_200];
const PINNED_7 = [
  0.785_989_576_485_008, 0.315_746_136_941_015_7, 0.841_684_283_223_003_1, 0.676_843_615_248_799_3,
];

const draw = (random: SeededRandom, count: number) => Array.from({ length: count }, () => random.next());

describe('seeded randomness', () => {
  test('the same seed gives this sequence on every machine', () => {
    expect(draw(new SeededRandom(7), 4)).toEqual(PINNED_7);
    expect(draw(new SeededRandom([1, 2, 3, 4]), 3).map((value) => value * 2 ** 32)).toEqual(REFERENCE_1234);
  });

  test('different seeds give different sequences', () => {
    const starts = new Set(Array.from({ length: 1_000 }, (_, seed) => new SeededRandom(seed).next()));
    expect(starts.size).toBe(1_000);
  });

  test('a restored state goes on where it was left, also through JSON', () => {
    const random = new SeededRandom(42);
    draw(random, 1_000);
    const state = random.state();
    expect(state.every((word) => Number.isInteger(word) && word >= 0 && word < 2 ** 32)).toBe(true);
    const restored = new SeededRandom(JSON.parse(JSON.stringify(state)));
    expect(draw(restored, 100)).toEqual(draw(random, 100));
  });

  test('numbers are uniform in [0, 1)', () => {
    const numbers = draw(new SeededRandom(1), 100_000);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    expect(mean(numbers)).toBeCloseTo(0.5, 2);
    expect(standardDeviation(numbers)).toBeCloseTo(Math.sqrt(1 / 12), 2);
  });
});
