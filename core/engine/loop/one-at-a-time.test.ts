import { describe, expect, it } from 'vitest';
import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';
import { OneAtATime } from './one-at-a-time.ts';

function scene(fails = false) {
  const time = new VirtualTimers();
  const began: number[] = [];
  let running = 0;
  let most = 0;
  const task = new OneAtATime(async () => {
    began.push(time.monotonicMs());
    running += 1;
    most = Math.max(most, running);
    await time.wait(100);
    running -= 1;
    if (fails) throw new Error('the venue is silent');
  });
  return { time, task, began, most: () => most };
}

describe('one at a time', () => {
  it('begins at once when nothing is being done', async () => {
    const { time, task, began } = scene();
    const done = task.run();
    await time.pass(100);
    await done;
    const again = task.run();
    await time.pass(100);
    await again;
    expect(began).toEqual([0, 100]);
  });

  it('gives everybody who asks meanwhile one run more, after the one in hand', async () => {
    const { time, task, began, most } = scene();
    const ended: string[] = [];
    const note = (name: string) => () => ended.push(`${name} ${time.monotonicMs()}`);
    const first = task.run().then(note('first'));
    await time.pass(50);
    const others = ['second', 'third'].map((name) => task.run().then(note(name)));
    await time.pass(200);
    await Promise.all([first, ...others]);
    expect(ended).toEqual(['first 100', 'second 200', 'third 200']);
    expect(began).toEqual([0, 100]);
    expect(most()).toBe(1);
  });

  it('goes on after a run that failed, and tells whoever asked for it', async () => {
    const { time, task, began } = scene(true);
    const told: string[] = [];
    const tell = (error: unknown) => told.push(String(error));
    const runs = [task.run().catch(tell), task.run().catch(tell)];
    await time.pass(250);
    await Promise.all(runs);
    expect(told).toHaveLength(2);
    expect(began).toEqual([0, 100]);
  });

  it('can be waited for', async () => {
    const { time, task } = scene(true);
    const failed = task.run().catch(() => 'failed');
    let settled = false;
    const waiting = task.settled().then(() => (settled = true));
    await time.pass(99);
    expect(settled).toBe(false);
    await time.pass(1);
    await waiting;
    expect(await failed).toBe('failed');
    await task.settled();
  });
});
