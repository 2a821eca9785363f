import { describe, expect, it } from 'vitest';
import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';
import { endsWithin } from './within.ts';

describe('work that is waited for', () => {
  it.each([
    ['ends in time', (time: VirtualTimers) => time.wait(99), true],
    ['fails in time', () => Promise.reject(new Error('no answer')), true],
    ['never ends', () => new Promise(() => undefined), false],
  ])('%s', async (_, work, expected) => {
    const time = new VirtualTimers();
    const ended = endsWithin(time, 100, work(time));
    await time.pass(100);
    expect(await ended).toBe(expected);
    expect(time.waiting).toBe(0);
  });
});
