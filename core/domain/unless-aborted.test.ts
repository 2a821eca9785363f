import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { unlessAborted } from './index.ts';

describe('what a promise comes to, unless it is given up', () => {
  it('is its value, or its failure', async () => {
    const { signal } = new AbortController();
    await expect(unlessAborted(Promise.resolve(1), signal)).resolves.toBe(1);
    await expect(unlessAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
  });

  it('is nothing at once when it was given up before, or as soon as it is', async () => {
    const gone = new AbortController();
    const waiting = unlessAborted(new Promise(() => undefined), gone.signal);
    gone.abort();
    await expect(waiting).resolves.toBeUndefined();
    await expect(unlessAborted(new Promise(() => undefined), gone.signal)).resolves.toBeUndefined();
  });

  it('leaves nothing behind at a signal that lasts as long as the program', async () => {
    const { signal } = new AbortController();
    for (let asked = 0; asked < 100; asked += 1) await unlessAborted(Promise.resolve(asked), signal);
    await new Promise((resolve) => setImmediate(resolve));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
