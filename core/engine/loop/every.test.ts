import { describe, expect, it } from 'vitest';
import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';
import { every } from './every.ts';

function scene(run: (time: VirtualTimers) => void | Promise<void>) {
  const time = new VirtualTimers();
  const stop = new AbortController();
  const failures: unknown[] = [];
  const task = { everyMs: 100, run: () => run(time), onFailure: (error: unknown) => failures.push(error) };
  return { time, stop, failures, ended: every(time, task, stop.signal) };
}

describe('a repeated task', () => {
  it('runs each time its time has passed', async () => {
    const at: number[] = [];
    const { time, stop, ended } = scene((now) => {
      at.push(now.monotonicMs());
    });
    await time.pass(350);
    expect(at).toEqual([100, 200, 300]);
    stop.abort();
    await ended;
  });

  it('never overlaps itself, however long a run takes', async () => {
    let running = 0;
    let most = 0;
    let runs = 0;
    const { time, stop } = scene(async (now) => {
      running += 1;
      most = Math.max(most, running);
      await now.wait(1_000);
      running -= 1;
      runs += 1;
    });
    await time.pass(3_500);
    expect({ most, runs }).toEqual({ most: 1, runs: 3 });
    stop.abort();
  });

  it('goes on after a run that failed', async () => {
    const { time, failures, stop } = scene(() => {
      throw new Error('this time');
    });
    await time.pass(250);
    expect(failures).toHaveLength(2);
    stop.abort();
  });

  it('ends when told to, without another run', async () => {
    let runs = 0;
    const { time, stop, ended } = scene(() => {
      runs += 1;
    });
    await time.pass(150);
    stop.abort();
    await ended;
    await time.pass(1_000);
    expect({ runs, waits: time.waiting }).toEqual({ runs: 1, waits: 0 });
  });
});
