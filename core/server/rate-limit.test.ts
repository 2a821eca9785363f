import { expect, it } from 'vitest';
import { ManualClock } from '../domain/index.ts';
import { RateLimit } from './rate-limit.ts';

it('lets a burst pass, then as many a second as it may', () => {
  const clock = new ManualClock(0);
  const limit = new RateLimit({ burst: 3, perSecond: 2, clock });
  const taken = (count: number): boolean[] => Array.from({ length: count }, () => limit.take());
  expect(taken(4)).toEqual([true, true, true, false]);
  clock.advanceTo(clock.now() + 499);
  expect(taken(1)).toEqual([false]);
  clock.advanceTo(clock.now() + 1);
  expect(taken(2)).toEqual([true, false]);
  clock.advanceTo(clock.now() + 60_000);
  expect(taken(4)).toEqual([true, true, true, false]);
});

it('is filled by no clock that was set back', () => {
  let now = 10_000;
  const limit = new RateLimit({ burst: 1, perSecond: 1, clock: { now: () => now } });
  expect(limit.take()).toBe(true);
  now = 0;
  expect(limit.take()).toBe(false);
  now = 1000;
  expect(limit.take()).toBe(true);
});
