import { expect, test } from 'vitest';
import { Calls } from './calls.ts';

test('a call is known wherever ccxt works for it, beside others', async () => {
  const calls = new Calls('Binance');
  const seen: string[] = [];
  const work = (name: string) => async (): Promise<void> => {
    await Promise.resolve();
    seen.push(`${name} ${calls.current.isUrgent}`);
  };
  await Promise.all([calls.make(work('a')), calls.make(work('stop'), true), calls.make(work('b'))]);
  expect(seen).toEqual(['a false', 'stop true', 'b false']);
});

test.each([
  [false, 'rejected'],
  [true, 'uncertain'],
])('one that fails when it is %s that a request had left is %s', async (left, fault) => {
  const calls = new Calls('Binance');
  const call = calls.make(async () => {
    calls.current.left = left;
    throw new TypeError('no');
  });
  await expect(call).rejects.toMatchObject({ fault });
});

test('outside of any call nobody is in a hurry', () => {
  expect(new Calls('Binance').current.isUrgent).toBe(false);
});
