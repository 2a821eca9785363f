import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

it('lets one through at a time, in the order of asking', async () => {
  const later: (() => void)[] = [];
  const turns = new Turns((act) => later.push(act));
  const passed: number[] = [];
  const all = [1, 2, 3].map((each) => turns.wait().then(() => passed.push(each)));
  for (const each of [1, 2, 3]) {
    expect(later).toHaveLength(1);
    later.shift()?.();
    await all[each - 1];
    expect(passed).toHaveLength(each);
  }
  expect(passed).toEqual([1, 2, 3]);
  expect(later).toEqual([]);
});

it('refuses the 65th that would wait, and none when there is room again', async () => {
  const later: (() => void)[] = [];
  const turns = new Turns((act) => later.push(act));
  const first = turns.wait();
  const others = Array.from({ length: 63 }, () => turns.wait());
  await expect(turns.wait()).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  later.shift()?.();
  await first;
  others.push(turns.wait());
  while (later.length > 0) later.shift()?.();
  await Promise.all(others);
});
