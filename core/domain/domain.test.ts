import { expect, test } from 'vitest';
import { LedgerError, SILENT_LOGGER, TraderError, VenueError } from './index.ts';

test.each([
  ['rate-limited', true],
  ['unavailable', true],
  ['uncertain', false],
  ['rejected', false],
  ['unauthorised', false],
] as const)('a venue fault "%s" may be retried blindly: %s', (fault, retryable) => {
  const cause = new Error('socket closed');
  expect(new VenueError(fault, 'no answer', { cause })).toMatchObject({
    name: 'VenueError',
    fault,
    retryable,
    cause,
  });
  expect(new VenueError(fault, 'no answer').cause).toBeUndefined();
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

test.each([
  ['one line', 'one', ['one'], 'one'],
  ['several faults', ['one', 'two'], ['one', 'two'], 'one\ntwo'],
] as const)('an error for the trader has a kind and %s', (_, given, lines, message) => {
  const cause = new Error('inside');
  const error = new TraderError('failure', given, { cause });
  expect(error).toMatchObject({ name: 'TraderError', kind: 'failure', lines, message, cause });
  expect(new TraderError('bad-input', given).cause).toBeUndefined();
});
