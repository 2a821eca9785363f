import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { TraderError } from '../domain/index.ts';
import { ModelRefusal } from '../inference/index.ts';
import { DataError } from '../market/index.ts';
import { StorageError } from '../storage/index.ts';
import { describeFailure } from './failure.ts';

describe('the end of a command that failed', () => {
  it.each([
    ['what was asked for is wrong', new TraderError('bad-input', 'a fault'), 2],
    ['a file cannot be trusted', new DataError('empty', 'a fault'), 2],
    ['a data directory cannot be used', new StorageError('locked', 'a fault'), 2],
    ['a model set must not be used', new ModelRefusal('no-set', 'a fault'), 2],
    ['it could not be done', new TraderError('failure', 'a fault'), 1],
    ['a bug', new TypeError('a fault'), 1],
  ])('%s: one line, and a code that tells the kinds apart', (_, error, exitCode) => {
    expect(describeFailure(error, false)).toEqual({ lines: ['error: a fault'], exitCode });
  });

  it('goes by the type of an error and not by what it calls itself', () => {
    const impostor = Object.assign(new Error('a fault'), { name: 'TraderError', kind: 'bad-input' });
    expect(describeFailure(impostor, false).exitCode).toBe(1);
  });

  it('has a line for every fault, and a stack trace only when asked for', () => {
    const error = new TraderError('bad-input', ['one', 'two']);
    expect(describeFailure(error, false).lines).toEqual(['error: one', 'error: two']);
    expect(describeFailure(error, true).lines.at(-1)).toContain('failure.test.ts');
  });

  it('says of what is no error what it is', () => {
    expect(describeFailure('gone', true)).toEqual({ lines: ['error: gone'], exitCode: 1 });
  });

  it('leaves the words to the parser of the command line where that has spoken', () => {
    const help = new CommanderError(0, 'commander.help', 'help');
    const unknown = new CommanderError(1, 'commander.unknownOption', 'unknown');
    expect([help, unknown].map((error) => describeFailure(error, false))).toEqual([
      { lines: [], exitCode: 0 },
      { lines: [], exitCode: 2 },
    ]);
  });
});
