import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../domain/index.ts';
import { SleepWatch, stoodStillWords } from './sleep-watch.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

describe('the watch for sleep', () => {
  it.each([
    ['looked in time', 2 * SECOND, null],
    ['computed for a while', 21 * SECOND, null],
    ['stood still', 23 * SECOND, 21 * SECOND],
    ['slept', 8 * HOUR, 8 * HOUR - 2 * SECOND],
  ])('of a program that %s', (_what, passedMs, expected) => {
    const clock = new ManualClock(HOUR);
    const watch = new SleepWatch(clock, 2 * SECOND);
    clock.advanceTo(HOUR + passedMs);
    expect(watch.look()).toBe(expected);
    // Once told, it is over.
    clock.advanceTo(HOUR + passedMs + 2 * SECOND);
    expect(watch.look()).toBeNull();
  });

  it('takes a clock that was set back for no sleep, and goes on from there', () => {
    let shown = 10 * HOUR;
    const watch = new SleepWatch({ now: () => shown }, 2 * SECOND);
    shown = HOUR;
    expect(watch.look()).toBeNull();
    shown += 2 * SECOND;
    expect(watch.look()).toBeNull();
    shown += HOUR;
    expect(watch.look()).toBe(HOUR - 2 * SECOND);
  });

  it.each([
    [40 * SECOND, 'for 40 s: '],
    [12 * 60 * SECOND, 'for 12 min: '],
    [8 * HOUR + 5 * 60 * SECOND, 'for 8 h 5 min: '],
  ])('says of %d ms how long they were', (ms, words) => {
    expect(stoodStillWords(ms).startsWith(words)).toBe(true);
  });
});
