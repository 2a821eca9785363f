import { expect, test } from 'vitest';
import { VirtualTimers } from '../../../../tests/contracts/virtual-timers.ts';
import { RateBudget } from './rate-budget.ts';

/** Ten units, one back every 100 ms, three of them kept for what is urgent. */
function budgetOf() {
  const timers = new VirtualTimers();
  const budget = new RateBudget({ timers, unitMs: 100, burst: 10, reserve: 0.3 });
  const made: string[] = [];
  const ask = (name: string, cost: number, isUrgent = false): void => {
    void budget.take(cost, isUrgent).then(() => made.push(`${name}@${timers.monotonicMs()}`));
  };
  return { timers, budget, made, ask };
}

test('what there is may be spent at once, and the rest comes back with time', async () => {
  const { timers, budget, made, ask } = budgetOf();
  ask('a', 7);
  ask('b', 1);
  await timers.pass(50);
  expect(made).toEqual(['a@0']);
  await timers.pass(100);
  expect(made).toEqual(['a@0', 'b@100']);
  expect(budget.left).toBeCloseTo(0.35);
  await timers.pass(60_000);
  expect(budget.left).toBe(1);
});

test('#24 V8 C28 what is urgent waits for nobody, and the others wait until it is paid back', async () => {
  const { timers, budget, made, ask } = budgetOf();
  ask('a', 7);
  ask('b', 1);
  await timers.pass(0);
  ask('stop', 5, true);
  await timers.pass(0);
  expect(made).toEqual(['a@0', 'stop@0']);
  expect(budget.left).toBeCloseTo(-0.2);
  await timers.pass(1_000);
  expect(made).toEqual(['a@0', 'stop@0', 'b@600']);
});

test('the others take their turn', async () => {
  const { timers, made, ask } = budgetOf();
  ask('a', 7);
  ask('dear', 4);
  ask('cheap', 1);
  await timers.pass(2_000);
  expect(made).toEqual(['a@0', 'dear@400', 'cheap@500']);
});

test('a call that costs more than there ever is waits for all there is', async () => {
  const { timers, made, ask } = budgetOf();
  ask('a', 1);
  ask('huge', 50);
  await timers.pass(1_000);
  expect(made).toEqual(['a@0', 'huge@100']);
});

test('who only comes to get out may spend more at once, and no more than that', async () => {
  const { timers, budget, made, ask } = budgetOf();
  ask('a', 7);
  await timers.pass(0);
  budget.widen(10);
  ask('b', 8);
  await timers.pass(0);
  expect(made).toEqual(['a@0']);
  await timers.pass(60_000);
  expect(made).toEqual(['a@0', 'b@100']);
  expect(budget.left).toBe(1);
  ask('c', 14);
  await timers.pass(0);
  expect(made.at(-1)).toBe('c@60000');
});
