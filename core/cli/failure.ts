import { CommanderError } from 'commander';
import { TraderError, type TraderErrorKind } from '../domain/index.ts';

/** Exit codes: 0 done, 1 it failed, 2 what was asked for is wrong, 3 it is not done yet and will be without us. */
export const EXIT = { done: 0, failed: 1, badInput: 2, waits: 3, interrupted: 130 } as const;

const EXIT_OF: Readonly<Record<TraderErrorKind, number>> = {
  'bad-input': EXIT.badInput,
  failure: EXIT.failed,
};

/** The lines to print and the code to exit with. `debug` adds the stack trace. */
export function describeFailure(error: unknown, debug: boolean): { lines: string[]; exitCode: number } {
  if (error instanceof CommanderError) {
    // Commander has printed its own line, or the help that was asked for.
    return { lines: [], exitCode: error.exitCode === 0 ? EXIT.done : EXIT.badInput };
  }
  if (!(error instanceof Error)) return { lines: [`error: ${String(error)}`], exitCode: EXIT.failed };
  const exitCode = error instanceof TraderError ? EXIT_OF[error.kind] : EXIT.failed;
  const lines = error.message.split('\n').map((line) => `error: ${line}`);
  return { lines: debug && error.stack !== undefined ? [...lines, error.stack] : lines, exitCode };
}
