import { expect, test } from 'vitest';
import { assertNever, LedgerError, SILENT_LOGGER } from './index.ts';

test('a value that cannot be is named', () => {
  // The cast stands for a value that slipped past the compiler.
  expect(() => assertNever({ kind: 'surprise' } as never)).toThrow('unexpected value: {"kind":"surprise"}');
});

test('a silent logger says nothing, nor do its children', () => {
  const child = SILENT_LOGGER.child({ correlationId: '1' });
  for (const level of ['debug', 'info', 'warn', 'error'] as const)
    expect(child[level]({}, 'text')).toBeUndefined();
});

test('a ledger error can be told from any other', () => {
  expect(new LedgerError('database locked')).toMatchObject({
    name: 'LedgerError',
    message: 'database locked',
  });
});
