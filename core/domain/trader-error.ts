/** What went wrong: what was asked for or given (a command ends with exit code 2), or the doing of it (1). */
export type TraderErrorKind = 'bad-input' | 'failure';

/**
 * A failure that is told to the trader as it is, in lines that say what is wrong and what to do. Known by its type:
 * any other error is a bug, or is turned into this one where it is expected.
 */
export class TraderError extends Error {
  override readonly name: string = 'TraderError';
  readonly kind: TraderErrorKind;
  readonly lines: readonly string[];

  /** @param message one line, or several faults found at once, a line each. */
  constructor(kind: TraderErrorKind, message: string | readonly string[], options: { cause?: unknown } = {}) {
    const lines = typeof message === 'string' ? [message] : message;
    super(lines.join('\n'), options);
    this.kind = kind;
    this.lines = lines;
  }
}
