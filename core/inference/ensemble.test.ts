import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Probabilities, pool } from './ensemble.ts';
import type { ModelManifest } from './manifest.ts';

function ensemble(weights: Record<string, number>, temperature = 1): Pick<ModelManifest, 'ensemble'> {
  const method = 'log-opinion-pool';
  return { ensemble: { method, weights, temperature, outOfFoldLogLoss: 1, evaluation: null } };
}
const says = (triples: Record<string, Probabilities>) => new Map(Object.entries(triples));

describe('the log-opinion pool', () => {
  const a: Probabilities = [0.1, 0.3, 0.6];
  const b: Probabilities = [0.4, 0.3, 0.3];

  it('is one model itself when it has all the weight', () => {
    const found = pool(says({ a, b }), ensemble({ a: 1, b: 0 }));
    for (const [index, value] of a.entries()) expect(found?.pooled[index]).toBeCloseTo(value, 12);
  });

  it('is the normalised geometric mean of two with equal weights', () => {
    const found = pool(says({ a, b }), ensemble({ a: 0.5, b: 0.5 }));
    // sqrt(0.04), sqrt(0.09), sqrt(0.18) over their sum.
    const roots = [0.2, 0.3, Math.sqrt(0.18)];
    const total = roots.reduce((sum, each) => sum + each, 0);
    for (const [index, root] of roots.entries()) expect(found?.pooled[index]).toBeCloseTo(root / total, 12);
  });

  it('is sharpened by weights that sum to more than 1 and blunted by a temperature above 1', () => {
    const plain = pool(says({ a }), ensemble({ a: 1 }))?.pooled[2] ?? 0;
    expect(pool(says({ a }), ensemble({ a: 2 }))?.pooled[2]).toBeGreaterThan(plain);
    expect(pool(says({ a }), ensemble({ a: 1 }, 2))?.pooled[2]).toBeLessThan(plain);
    expect(pool(says({ a }), ensemble({ a: 2 }, 2))?.pooled[2]).toBeCloseTo(plain, 12);
  });

  it('goes on without a model that did not answer, the others having its weight', () => {
    const weights = { a: 0.4, b: 0.4, c: 0.2 };
    const found = pool(says({ a, b }), ensemble(weights));
    const wanted = pool(says({ a, b }), ensemble({ a: 0.5, b: 0.5 }));
    for (const [index, value] of (wanted?.pooled ?? []).entries()) {
      expect(found?.pooled[index]).toBeCloseTo(value, 12);
    }
    expect(found?.outputs.map(({ model, weight }) => [model, weight])).toEqual([
      ['a', 0.5],
      ['b', 0.5],
    ]);
  });

  it('says nothing when no model with a weight answered', () => {
    expect(pool(says({}), ensemble({ a: 1 }))).toBeUndefined();
    expect(pool(says({ b }), ensemble({ a: 1, b: 0 }))).toBeUndefined();
  });

  it('gives probabilities, whatever the models say', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const triple = fc.tuple(share, share, share).map(([x, y, z]): Probabilities => {
      const total = x + y + z;
      return total > 0 ? [x / total, y / total, z / total] : [0, 0, 1];
    });
    fc.assert(
      fc.property(triple, triple, share, share, (one, other, w, v) => {
        const found = pool(says({ a: one, b: other }), ensemble({ a: w + 0.01, b: v }));
        const values = found?.pooled ?? [];
        expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
        expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
      }),
    );
  });
});
