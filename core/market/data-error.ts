import { TraderError } from '../domain/index.ts';

/** What can be wrong with a data file. For programs; the message says it to the trader. */
export type DataErrorCode =
  | 'not-found'
  | 'not-a-file'
  | 'unreadable'
  | 'unwritable'
  | 'empty'
  | 'damaged'
  | 'too-large'
  | 'unknown-format'
  | 'unknown-header'
  | 'wrong-columns'
  | 'wrong-cell'
  | 'unsound-candle'
  | 'wrong-order'
  | 'conflicting-duplicate'
  | 'too-short'
  | 'unknown-timeframe'
  | 'irregular-spacing'
  | 'different-timeframes'
  | 'different-symbols'
  | 'not-divisible';

/** Data that cannot be trusted, in one line: where, what is wrong, what to do. */
export class DataError extends TraderError {
  override readonly name = 'DataError';
  readonly code: DataErrorCode;

  constructor(code: DataErrorCode, message: string, options: { cause?: unknown } = {}) {
    super('bad-input', message, options);
    this.code = code;
  }
}

/** Text from a file, made fit for a one-line message: short, printable, in quotes. */
export function quoted(text: string): string {
  const printable = text.replace(/[^\x20-\x7e]+/g, '?');
  return printable.length > 40 ? `"${printable.slice(0, 40)}..."` : `"${printable}"`;
}
