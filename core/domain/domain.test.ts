import { expect, test } from 'vitest';
import { faultOf, LedgerError, SILENT_LOGGER, TraderError, VenueError } from './index.ts';

test('a venue fault says what is known of the call, and how long to leave the venue alone', () => {
  const cause = new Error('socket closed');
  expect(new VenueError('rate-limited', 'no answer', { cause, retryAfterMs: 500 })).toMatchObject({
    name: 'VenueError',
    fault: 'rate-limited',
    retryAfterMs: 500,
    cause,
  });
  expect(new VenueError('rejected', 'no')).toMatchObject({ retryAfterMs: null, cause: undefined });
});

test('what is not the venue’s own refusal leaves the matter open', () => {
  expect(faultOf(new VenueError('rejected', 'no'))).toBe('rejected');
  expect(faultOf(new TypeError('a bug'))).toBe('uncertain');
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
