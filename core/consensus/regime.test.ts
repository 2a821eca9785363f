import { describe, expect, it } from 'vitest';
import { classifyRegime } from './regime.ts';

function features(given: Record<string, number>): (name: string) => number {
  return (name) => given[name] ?? Number.NaN;
}

describe('classifyRegime', () => {
  it.each([
    ['nothing known', {}, 'ranging'],
    ['a high ADX', { adx_14: 0.3 }, 'trending'],
    ['steady progress', { adx_14: 0.1, efficiency_ratio_48: 0.4 }, 'trending'],
    ['neither', { adx_14: 0.1, efficiency_ratio_48: 0.1, vol_pctile_720: 0.5 }, 'ranging'],
    ['high volatility, whatever else', { adx_14: 0.5, vol_pctile_720: 0.95 }, 'volatile'],
  ] as const)('%s is %s', (_, given, regime) => {
    expect(classifyRegime(features(given))).toBe(regime);
  });
});
