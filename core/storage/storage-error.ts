import { TraderError } from '../domain/index.ts';

export type StorageFault =
  | 'locked'
  | 'read-only'
  | 'newer-version'
  | 'changed-migration'
  | 'corrupt'
  | 'no-room'
  | 'wrong-mode'
  | 'unusable';

/** Storage that cannot be used as it is, in one line: what is wrong and what to do. */
export class StorageError extends TraderError {
  override readonly name = 'StorageError';
  readonly fault: StorageFault;

  constructor(fault: StorageFault, message: string, options: { cause?: unknown } = {}) {
    super('bad-input', message, options);
    this.fault = fault;
  }
}
