import { CommanderError } from 'commander';

/** Exit codes: 0 done, 1 it failed, 2 what was asked for is wrong. */
export const EXIT = { done: 0, failed: 1, badInput: 2, interrupted: 130 } as const;

/** What the trader asked for cannot be done as asked: one line saying what is wrong and what to do. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
}

/** Errors of the core that mean bad input, by their class's name: the cli need not import every step. */
const BAD_INPUT_ERRORS: ReadonlySet<string> = new Set([
  'BadInput',
  'SettingsError',
  'DataError',
  'StorageError',
  'ModelRefusal',
]);

/** The lines to print and the code to exit with. `debug` adds the stack trace. */
export function describeFailure(error: unknown, debug: boolean): { lines: string[]; exitCode: number } {
  if (error instanceof CommanderError) {
    // Commander has printed its own line, or the help that was asked for.
    return { lines: [], exitCode: error.exitCode === 0 ? EXIT.done : EXIT.badInput };
  }
  if (!(error instanceof Error)) return { lines: [`error: ${String(error)}`], exitCode: EXIT.failed };
  const exitCode = BAD_INPUT_ERRORS.has(error.name) ? EXIT.badInput : EXIT.failed;
  const lines = error.message.split('\n').map((line) => `error: ${line}`);
  return { lines: debug && error.stack !== undefined ? [...lines, error.stack] : lines, exitCode };
}
