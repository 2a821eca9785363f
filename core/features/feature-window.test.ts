import { describe, expect, it } from 'vitest';
import { FeatureWindow } from './feature-window.ts';
import type { FeatureRow } from './index.ts';

const HOUR = 3_600_000;

function row(hour: number, ready = true): FeatureRow {
  const values = Float64Array.of(hour, hour + 0.5);
  // All that the window looks at.
  return { openTime: hour * HOUR, ready, values } as unknown as FeatureRow;
}

function filled(...hours: readonly number[]): FeatureWindow {
  const window = new FeatureWindow(HOUR);
  for (const hour of hours) window.push(row(hour));
  return window;
}

describe('the window of features', () => {
  it('has the last rows, oldest first', () => {
    expect([...(filled(1, 2, 3, 4).last(2) ?? [])]).toEqual([3, 3.5, 4, 4.5]);
  });

  it('is null while too few bars are known', () => {
    expect(filled(1, 2).last(3)).toBeNull();
  });

  it('begins anew after missing bars and during the warm-up', () => {
    expect(filled(1, 2, 4).last(2)).toBeNull();
    const window = filled(1, 2);
    window.push(row(3, false));
    expect(window.last(1)).toBeNull();
  });

  it('can be copied, and the copy stays as it was', () => {
    const window = filled(1, 2, 3);
    const copy = window.copy();
    for (const hour of Array.from({ length: 100 }, (_, index) => index + 4)) window.push(row(hour));
    expect([...(copy.last(3) ?? [])]).toEqual([1, 1.5, 2, 2.5, 3, 3.5]);
    copy.push(row(4));
    expect([...(copy.last(2) ?? [])]).toEqual([3, 3.5, 4, 4.5]);
    expect(window.last(64)?.at(-1)).toBe(103.5);
  });

  it('keeps no more than a sequence is long, however long it runs', () => {
    const window = filled(...Array.from({ length: 300 }, (_, hour) => hour));
    expect(window.last(65)).toBeNull();
    expect(window.last(64)?.[0]).toBe(236);
    expect(window.last(64)?.at(-1)).toBe(299.5);
  });
});
