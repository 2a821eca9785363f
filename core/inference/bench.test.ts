import { expect, test } from 'vitest';
import { benchInference } from './bench.ts';
import { temporarySets } from './testing/temporary-sets.ts';

const sets = temporarySets();

test('the bench measures decisions, the engine thread and a history', async () => {
  const bench = await benchInference(sets.load(), { decisions: 20, bars: 300 });
  expect(bench).toMatchObject({ setId: 'small', models: 4, decision: { count: 20 }, history: { bars: 300 } });
  const { decision, longestBlockMs, history } = bench;
  expect(decision.p50Ms).toBeGreaterThan(0);
  expect(decision.p99Ms).toBeGreaterThanOrEqual(decision.p50Ms);
  expect(longestBlockMs).toBeGreaterThanOrEqual(0);
  expect(history.seconds).toBeGreaterThan(0);
});
