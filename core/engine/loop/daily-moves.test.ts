import { describe, expect, it } from 'vitest';
import { DailyMoves } from './daily-moves.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Hourly bars of so many days; each day's last close is what it is told, the others are noise. */
function filled(days: number, prices: Readonly<Record<string, (day: number) => number>>): DailyMoves {
  const moves = new DailyMoves();
  for (let hour = 0; hour < days * 24; hour += 1) {
    for (const [symbol, price] of Object.entries(prices)) {
      const close = hour % 24 === 23 ? price(Math.floor(hour / 24)) : 1 + ((hour * 7) % 13);
      moves.close(symbol, hour * HOUR, close);
    }
  }
  return moves.at(days * DAY);
}

const up = (day: number): number => 100 * Math.exp(Math.sin(day * day));
const down = (day: number): number => 100 * Math.exp(-Math.sin(day * day));

describe('daily moves', () => {
  it('are those of the last close of each UTC day', () => {
    const moves = filled(80, { A: up, B: (day) => 7 * up(day), C: down });
    expect(moves.correlation('A', 'B')).toBeCloseTo(1, 12);
    expect(moves.correlation('B', 'A')).toBeCloseTo(1, 12);
    expect(moves.correlation('A', 'C')).toBeCloseTo(-1, 12);
  });

  it('leave out the day that has not ended, until it has', () => {
    const moves = filled(31, { A: up, B: up });
    expect(moves.isKnown('A')).toBe(true);
    // Thirty days have a return; of them the last has not ended at this moment.
    expect(moves.at(31 * DAY - 1).isKnown('A')).toBe(false);
    expect(moves.correlation('A', 'B')).toBeNull();
    expect(moves.at(31 * DAY).correlation('A', 'B')).toBeCloseTo(1, 12);
  });

  it('go back sixty days and no further', () => {
    const turned = (day: number): number => (day < 40 ? down(day) : up(day));
    const moves = filled(101, { A: up, B: turned });
    expect(moves.correlation('A', 'B')).toBeCloseTo(1, 12);
    const before = filled(100, { A: up, B: turned });
    expect(before.correlation('A', 'B')).toBeLessThan(1 - 1e-6);
  });

  it('are not known of a symbol that was never heard of', () => {
    const moves = filled(80, { A: up });
    expect(moves.isKnown('X')).toBe(false);
    expect(moves.correlation('A', 'X')).toBeNull();
  });

  it('miss the day without a bar and the one after it', () => {
    const moves = new DailyMoves();
    for (let day = 0; day < 40; day += 1) {
      moves.close('A', day * DAY, up(day));
      if (day !== 20) moves.close('B', day * DAY, up(day));
    }
    moves.at(40 * DAY);
    expect(moves.isKnown('B')).toBe(true);
    expect(moves.correlation('A', 'B')).toBeCloseTo(1, 12);
    expect(moves.at(33 * DAY).isKnown('A')).toBe(true);
    // 32 returns up to day 32, two of which the gap has taken.
    expect(moves.isKnown('B')).toBe(true);
    expect(moves.at(32 * DAY).isKnown('B')).toBe(false);
  });
});
