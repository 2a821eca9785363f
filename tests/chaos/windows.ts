import type { UtcMs } from '../../core/domain/index.ts';
import type { Dice } from './dice.ts';

/** Stretches of time in which something holds: an outage, a maintenance, bad weather on the line. */
export interface Windows {
  holds(at: UtcMs): boolean;
}

export interface WindowsAsked {
  readonly from: UtcMs;
  readonly to: UtcMs;
  readonly count: number;
  readonly shortestMs: number;
  readonly longestMs: number;
}

export const NEVER: Windows = { holds: () => false };
export const ALWAYS: Windows = { holds: () => true };

/** Seeded windows that all lie between two moments. */
export function seededWindows(dice: Dice, { from, to, count, shortestMs, longestMs }: WindowsAsked): Windows {
  const windows = Array.from({ length: count }, () => {
    const length = dice.between(shortestMs, longestMs);
    const start = dice.between(from, Math.max(from, to - length));
    return { start, end: Math.min(to, start + length) };
  });
  return { holds: (at) => windows.some(({ start, end }) => at >= start && at < end) };
}
