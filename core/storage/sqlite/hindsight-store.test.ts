import { expect, test } from 'vitest';
import { caseOf } from '../../../tests/contracts/hindsight-store-contract.ts';
import { HINDSIGHT_KEPT } from '../../domain/index.ts';
import { openDatabase } from './database.ts';
import { SqliteHindsightStore } from './hindsight-store.ts';

test('the newest cases are kept, oldest first, and the oldest go', () => {
  const database = openDatabase({ file: ':memory:', owner: 'demo' });
  const store = new SqliteHindsightStore(database);
  database.exec('BEGIN');
  for (let number = 1; number <= HINDSIGHT_KEPT + 2; number += 1) store.append(caseOf(`${number}`));
  database.exec('COMMIT');
  const all = store.all();
  expect([all.length, all[0]?.decisionId, all.at(-1)?.decisionId]).toEqual([
    HINDSIGHT_KEPT,
    '3',
    `${HINDSIGHT_KEPT + 2}`,
  ]);
  database.close();
});
