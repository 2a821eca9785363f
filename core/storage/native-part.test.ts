import { expect, test } from 'vitest';
import { missingDatabase, requireDatabase } from './native-part.ts';
import { asStorageError } from './sqlite/storage-fault.ts';

const coded = (code: string, message: string): Error => Object.assign(new Error(message), { code });

test.each([
  coded(
    'MODULE_NOT_FOUND',
    "Cannot find module '/x/better-sqlite3/build/Release/better_sqlite3.node'\nRequire stack:\n- a",
  ),
  coded('ERR_DLOPEN_FAILED', '/x/prebuilds/linux-x64.node: file too short'),
])('a database whose native part is missing is said so in one line with what to do: %o', (fault) => {
  const told = missingDatabase(fault);
  expect(told?.message).toMatch(/^the database cannot be loaded.*npm ci[^\n]*$/);
  expect(asStorageError(fault, 'demo.sqlite')).toEqual(told);
});

test.each([coded('MODULE_NOT_FOUND', "Cannot find module 'x'"), coded('ENOENT', 'x'), new Error('x'), 'x'])(
  'another fault is none of its own: %o',
  (fault) => {
    expect(missingDatabase(fault)).toBeNull();
  },
);

test('on a machine that has it, nothing is missing', () => {
  expect(() => requireDatabase()).not.toThrow();
});
