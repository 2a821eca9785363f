import { describe, expect, test } from 'vitest';
import { Life } from './life.ts';
import { VirtualTime } from './virtual-time.ts';

const START = 1_000;

describe('virtual time', () => {
  test('runs tasks at their moments, and those of one moment in the order of asking', async () => {
    const time = new VirtualTime(START);
    const seen: string[] = [];
    time.after(20, () => seen.push(`b ${time.now()}`));
    time.after(10, () => seen.push(`a ${time.now()}`));
    time.after(20, () => seen.push(`c ${time.now()}`));
    time.after(90, () => seen.push('too late'));
    await time.advanceBy(50);
    expect(seen).toEqual(['a 1010', 'b 1020', 'c 1020']);
    expect(time.now()).toBe(1_050);
  });

  test('keeps the order of many tasks', async () => {
    const time = new VirtualTime(START);
    const seen: number[] = [];
    for (let index = 0; index < 200; index += 1) {
      const at = (index * 37) % 101;
      time.after(at, () => seen.push(at));
    }
    await time.advanceBy(200);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen).toHaveLength(200);
  });

  test('lets promises finish before the next moment, however long their chain', async () => {
    const time = new VirtualTime(START);
    const seen: string[] = [];
    const chain = async (): Promise<void> => {
      for (let link = 0; link < 100; link += 1) await Promise.resolve();
      seen.push(`chain at ${time.now()}`);
    };
    time.after(1, () => void chain());
    time.after(2, () => seen.push('next'));
    await time.advanceBy(5);
    expect(seen).toEqual(['chain at 1001', 'next']);
  });

  test('runs what a task asks for at the same moment', async () => {
    const time = new VirtualTime(START);
    const seen: number[] = [];
    time.after(5, () => time.after(0, () => seen.push(time.now())));
    await time.advanceBy(5);
    expect(seen).toEqual([1_005]);
  });

  test('a cancelled task does not run', async () => {
    const time = new VirtualTime(START);
    const seen: string[] = [];
    time.after(5, () => seen.push('run'))();
    await time.advanceBy(10);
    expect(seen).toEqual([]);
  });

  test('rest is called after every moment, when its promises are done', async () => {
    const time = new VirtualTime(START);
    const seen: string[] = [];
    time.onRest = () => seen.push('rest');
    time.after(1, () => void Promise.resolve().then(() => seen.push('promise')));
    await time.advanceBy(1);
    expect(seen).toEqual(['promise', 'rest']);
    expect(time.moments).toBe(1);
  });

  test('a loop that waits for no time at all is told instead of hanging', async () => {
    const time = new VirtualTime(START);
    const again = (): void => void time.after(0, again);
    again();
    await expect(time.advanceBy(1)).rejects.toThrow('time stands still');
  });
});

describe('the timers of a process', () => {
  test('a wait ends at its time, or at once when it is aborted', async () => {
    const time = new VirtualTime(START);
    const timers = time.timersOf(new Life());
    const seen: string[] = [];
    const abort = new AbortController();
    void timers.wait(30).then(() => seen.push(`waited until ${timers.monotonicMs()}`));
    void timers.wait(1_000, abort.signal).then(() => seen.push(`aborted at ${timers.monotonicMs()}`));
    time.after(10, () => abort.abort());
    await time.advanceBy(50);
    expect(seen).toEqual(['aborted at 10', 'waited until 30']);
    void timers.wait(1_000, abort.signal).then(() => seen.push('aborted before'));
    await time.settle();
    expect(seen).toHaveLength(3);
  });

  test('never wake a process that has ended', async () => {
    const time = new VirtualTime(START);
    const life = new Life();
    const seen: string[] = [];
    void time
      .timersOf(life)
      .wait(10)
      .then(() => seen.push('woken'));
    life.end();
    await time.advanceBy(50);
    expect(seen).toEqual([]);
  });
});
