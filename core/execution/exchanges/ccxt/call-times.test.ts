import { expect, test } from 'vitest';
import { VirtualTimers } from '../../../../tests/contracts/virtual-timers.ts';
import { CallTimes } from './call-times.ts';
import { fakeCcxt } from './testing/fake-ccxt.ts';
import { readingsOf } from './venue-readings.ts';

async function answered(times: CallTimes, timers: VirtualTimers, tookMs: number): Promise<void> {
  const answer = times.timed(() => timers.wait(tookMs));
  await timers.pass(tookMs);
  await answer;
}

test('before the first answer nothing is known', () => {
  const times = new CallTimes(new VirtualTimers());
  expect([times.latency, times.lastAnswerAgeMs]).toEqual([null, null]);
});

test('half of the answers, and 99 of 100, came within so long', async () => {
  const timers = new VirtualTimers();
  const times = new CallTimes(timers);
  for (let tookMs = 1; tookMs <= 100; tookMs += 1) await answered(times, timers, tookMs);
  expect(times.latency).toEqual({ p50Ms: 50, p99Ms: 99, answers: 100 });
  await timers.pass(2_500);
  expect(times.lastAnswerAgeMs).toBe(2_500);
});

test('what is long past is forgotten', async () => {
  const timers = new VirtualTimers();
  const times = new CallTimes(timers);
  for (let call = 0; call < 100; call += 1) await answered(times, timers, 900);
  for (let call = 0; call < 200; call += 1) await answered(times, timers, 7);
  expect(times.latency).toEqual({ p50Ms: 7, p99Ms: 7, answers: 200 });
});

test('a request that fails is no answer', async () => {
  const times = new CallTimes(new VirtualTimers());
  await expect(times.timed(() => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  expect(times.lastAnswerAgeMs).toBeNull();
});

test('what was spent of the budget is told with it', async () => {
  const line = fakeCcxt();
  await line.budget.take(250, false);
  expect(readingsOf(line)).toEqual({ lastAnswerAgeMs: null, latency: null, budgetUsed: 0.25 });
  await line.budget.take(750, false);
  expect(readingsOf(line).budgetUsed).toBe(1);
});
