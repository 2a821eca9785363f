import { expect, test } from 'vitest';
import { StateDocument } from '../../domain/index.ts';
import { temporaryDatabases } from '../testing/temporary-databases.ts';
import { SqliteStateStore } from './state-store.ts';

const { open } = temporaryDatabases();

test.each(['', '{', '{"documentVersion":1,"val'])('a document cut to "%s" is a damaged one', (left) => {
  const database = open();
  const store = new SqliteStateStore(database);
  store.write('breaker', { a: 1 });
  database.prepare('UPDATE state SET document = ?').run(left);
  expect(store.read('breaker')).toBe(left);
  const parse = (stored: unknown) => (typeof stored === 'object' ? {} : undefined);
  const document = new StateDocument<object>(store, 'breaker', { version: 1, initial: {}, parse });
  expect(document.read()).toEqual({
    ok: false,
    fault: 'the stored breaker cannot be used: it is damaged',
  });
});
