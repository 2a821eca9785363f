import { TraderError } from '../domain/index.ts';

/** Why a model set is not used. For programs; the message says it to the trader, naming the file. */
export type RefusalCode =
  | 'no-set'
  | 'name-taken'
  | 'manifest-broken'
  | 'missing-file'
  | 'truncated'
  | 'hash-mismatch'
  | 'features-mismatch'
  | 'opset-mismatch'
  | 'operators-mismatch'
  | 'inputs-mismatch'
  | 'reference-broken'
  | 'parity-failed'
  | 'in-use'
  | 'no-runtime'
  | 'cannot-run';

/** A model set, or a file of it, that must not be used, in one line: which file, what is wrong. */
export class ModelRefusal extends TraderError {
  override readonly name = 'ModelRefusal';
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string, options: { cause?: unknown } = {}) {
    super('bad-input', message, options);
    this.code = code;
  }
}
