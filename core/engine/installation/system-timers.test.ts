import { expect, it } from 'vitest';
import { followedClock } from './system-timers.ts';

const START = 1_700_000_000_000;

function clocks() {
  const time = { machine: START, monotonic: 50 };
  const clock = followedClock({ now: () => time.machine }, { monotonicMs: () => time.monotonic });
  const pass = (machineMs: number, monotonicMs: number): number => {
    time.machine += machineMs;
    time.monotonic += monotonicMs;
    return clock.now() - START;
  };
  return pass;
}

it('the clock goes evenly while the machine’s is corrected by little', () => {
  const pass = clocks();
  expect(pass(1_000, 1_000)).toBe(1_000);
  expect(pass(1_400, 1_000)).toBe(2_000);
  expect(pass(600, 1_000)).toBe(3_000);
});

it('after a suspend it shows what time it is, and goes on evenly', () => {
  const pass = clocks();
  expect(pass(28_800_000, 200)).toBe(28_800_000);
  expect(pass(1_000, 1_000)).toBe(28_801_000);
});

it('it follows a clock that was set, forward or back', () => {
  const pass = clocks();
  expect(pass(3_600_000, 10)).toBe(3_600_000);
  expect(pass(-3_600_000, 10)).toBe(0);
});
