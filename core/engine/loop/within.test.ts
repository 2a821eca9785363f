import { describe, expect, it } from 'vitest';
import { VirtualTime } from '../testing/virtual-time.ts';
import { endsWithin } from './within.ts';

describe('work that is waited for', () => {
  it.each([
    ['ends in time', (time: VirtualTime) => time.wait(99), true],
    ['fails in time', () => Promise.reject(new Error('no answer')), true],
    ['never ends', () => new Promise(() => undefined), false],
  ])('%s', async (_, work, expected) => {
    const time = new VirtualTime();
    const ended = endsWithin(time, 100, work(time));
    await time.pass(100);
    expect(await ended).toBe(expected);
    expect(time.pending).toBe(0);
  });
});
