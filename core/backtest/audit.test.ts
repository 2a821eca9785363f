import { describe, expect, it } from 'vitest';
import { chooseCuts, compareDecisions } from './audit.ts';

function trace(barOpenTime: number, outcome: string) {
  return { symbol: 'BTC/USDT', barOpenTime, outcome };
}

describe('the audit', () => {
  it('cuts at the same random places each time, after the warm-up, none twice', () => {
    const cuts = chooseCuts(5_000, 800, 10, 1);
    expect(chooseCuts(5_000, 800, 10, 1)).toEqual(cuts);
    expect(new Set(cuts).size).toBe(10);
    for (const cut of cuts) {
      expect(cut).toBeGreaterThan(800);
      expect(cut).toBeLessThan(5_000);
    }
    expect([...cuts].sort((a, b) => a - b)).toEqual(cuts);
  });

  it.each([
    [800, 0],
    [801, 0],
    [803, 2],
  ])('of %i bars cuts at %i places at most', (bars, places) => {
    expect(chooseCuts(bars, 800, 5, 1)).toHaveLength(places);
  });

  it('passes where every decision comes out the same', () => {
    const pairs = [{ expected: trace(1, 'BUY traded entry'), found: trace(1, 'BUY traded entry') }];
    expect(compareDecisions(pairs, 1)).toEqual({
      passed: true,
      cuts: 1,
      decisionsCompared: 1,
      mismatches: [],
    });
  });

  it('#21 fails on a decision that came out differently, or was not there, and shows the first few', () => {
    const pairs = Array.from({ length: 9 }, (_, index) => ({
      expected: index === 0 ? undefined : trace(index, 'BUY traded entry'),
      found: trace(index, 'HOLD held unanimous-hold'),
    }));
    const check = compareDecisions(pairs, 3);
    expect(check).toMatchObject({ passed: false, decisionsCompared: 9 });
    expect(check.mismatches).toHaveLength(5);
    expect(check.mismatches[0]?.expected).toBe('no decision');
  });
});
