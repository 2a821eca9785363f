import { expect, test } from 'vitest';
import { VirtualTimers } from '../../../../tests/contracts/virtual-timers.ts';
import { RateBudget } from './rate-budget.ts';

const MINUTE_MS = 60_000;

/**
 * Of a hundred units a minute ordinary calls have 25 at once and one back each 1,500 ms, urgent ones another 20 and one
 * back each 4,000 ms.
 */
function budgetOf(unitsPerMinute = 100, hasReserve = true) {
  const timers = new VirtualTimers();
  const budget = new RateBudget({ timers, unitsPerMinute, hasReserve });
  const made: string[] = [];
  const spent: { readonly at: number; readonly cost: number }[] = [];
  const ask = (name: string, cost: number, isUrgent = false): void => {
    void budget.take(cost, isUrgent).then(() => {
      const at = timers.monotonicMs();
      made.push(`${name}@${at}`);
      spent.push({ at, cost });
    });
  };
  return { timers, budget, made, spent, ask };
}

test('what there is may be spent at once, and the rest comes back with time', async () => {
  const { timers, budget, made, ask } = budgetOf();
  ask('a', 25);
  ask('b', 1);
  await timers.pass(600);
  expect(made).toEqual(['a@0']);
  await timers.pass(1_200);
  expect(made).toEqual(['a@0', 'b@1500']);
  expect(budget.left).toBeCloseTo(0.2 / 25);
  await timers.pass(MINUTE_MS);
  expect(budget.left).toBe(1);
});

test('#24 V8 C28 what is urgent goes before what waits, has a reserve of its own, and the others never touch it', async () => {
  const { timers, budget, made, ask } = budgetOf();
  ask('a', 25);
  ask('b', 1);
  await timers.pass(0);
  ask('stop', 12, true);
  ask('cancel', 8, true);
  await timers.pass(0);
  expect(made).toEqual(['a@0', 'stop@0', 'cancel@0']);
  expect(budget.left).toBe(0);
  await timers.pass(1_500);
  expect(made.at(-1)).toBe('b@1500');
});

test('an urgent call spends its reserve first, and what others may spend when that is gone', async () => {
  const { timers, budget, made, ask } = budgetOf();
  ask('look', 20, true);
  await timers.pass(0);
  expect(budget.left).toBe(1);
  ask('close', 10, true);
  await timers.pass(0);
  expect([made, budget.left]).toEqual([['look@0', 'close@0'], 0.6]);
});

test('the reserve is capped: used up, urgent calls wait, in their turn and before all others', async () => {
  const { timers, made, ask } = budgetOf();
  ask('all', 45, true);
  ask('question', 1);
  ask('look', 13, true);
  ask('cancel', 1, true);
  await timers.pass(14_170);
  expect(made).toEqual(['all@0']);
  await timers.pass(20);
  // One unit each 1,091 ms is what comes back of both together.
  expect(made).toEqual(['all@0', 'look@14182']);
  await timers.pass(3_000);
  expect(made).toEqual(['all@0', 'look@14182', 'cancel@15273', 'question@16773']);
});

test('a question whose turn it was while nothing urgent waited lets go first what has become urgent meanwhile', async () => {
  const { timers, made, ask } = budgetOf();
  ask('all', 45, true);
  ask('question', 5);
  await timers.pass(3_000);
  ask('look', 8, true);
  await timers.pass(10_000);
  expect(made).toEqual(['all@0', 'look@8728']);
  await timers.pass(5_000);
  expect(made.at(-1)).toBe('question@16227');
});

test('the others take their turn', async () => {
  const { timers, made, ask } = budgetOf();
  ask('a', 25);
  ask('dear', 4);
  ask('cheap', 1);
  await timers.pass(10_000);
  expect(made).toEqual(['a@0', 'dear@6000', 'cheap@7500']);
});

test('a call that costs more than there ever is waits for all there is', async () => {
  const { timers, made, ask } = budgetOf();
  ask('a', 1);
  ask('huge', 50);
  await timers.pass(2_000);
  expect(made).toEqual(['a@0', 'huge@1500']);
  ask('urgent', 70, true);
  await timers.pass(2 * MINUTE_MS);
  expect(made.at(-1)).toBe('urgent@76501');
});

test('where nothing is urgent nothing is kept back', async () => {
  const { timers, made, ask } = budgetOf(100, false);
  ask('a', 25);
  ask('b', 3);
  await timers.pass(4_000);
  expect(made).toEqual(['a@0', 'b@2400']);
});

test.each([
  ['ordinary calls alone', () => false],
  ['urgent calls alone', () => true],
  ['both', (place: number) => place % 3 === 0],
] as const)('no minute sees more than its units, however much is asked: %s', async (_name, isUrgent) => {
  const { timers, spent, ask } = budgetOf(120);
  for (let place = 0; place < 400; place += 1) ask(`${place}`, 1 + (place % 4), isUrgent(place));
  for (let second = 0; second < 200; second += 1) await timers.pass(1_000);
  const within = spent.map(({ at }) =>
    spent
      .filter((other) => other.at >= at && other.at < at + MINUTE_MS)
      .reduce((sum, { cost }) => sum + cost, 0),
  );
  expect(Math.max(...within)).toBeLessThanOrEqual(120 + 1e-6);
  expect(Math.max(...within)).toBeGreaterThan(70);
});

test('V8 what others of the address have spent is not there, and what is urgent has the last of what is left', async () => {
  const { timers, budget, made, ask } = budgetOf();
  budget.heed(30);
  expect(budget.left).toBeCloseTo(10 / 25);
  budget.heed(90);
  expect(budget.left).toBeCloseTo(10 / 25);
  budget.heed(5);
  expect(budget.left).toBe(0);
  ask('a', 1);
  ask('stop', 5, true);
  await timers.pass(0);
  expect(made).toEqual(['stop@0']);
  budget.heed(-40);
  ask('cancel', 1, true);
  await timers.pass(600);
  expect(made).toEqual(['stop@0']);
  await timers.pass(MINUTE_MS);
  expect(made.slice(1).map((each) => each.replace(/@.*/, ''))).toEqual(['cancel', 'a']);
});
