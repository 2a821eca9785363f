import { expect, test } from 'vitest';
import { DirectRunner } from './direct-runner.ts';
import { checkParity } from './parity.ts';
import { temporarySets } from './testing/temporary-sets.ts';

const sets = temporarySets();

test('models that answer what their makers noted pass, each over all its rows', async () => {
  const results = await checkParity(sets.load(), sets.keep(new DirectRunner()));
  expect(results.map(({ model, rows }) => [model, rows])).toEqual([
    ['xgboost', 600],
    ['lightgbm', 600],
    ['lstm', 520],
    ['transformer', 520],
  ]);
  for (const { largestDifference } of results) expect(largestDifference).toBeLessThan(1e-6);
});
