export type StorageFault =
  | 'locked'
  | 'read-only'
  | 'newer-version'
  | 'changed-migration'
  | 'corrupt'
  | 'wrong-mode'
  | 'unusable';

/** Storage that cannot be used as it is. The message is one line: what is wrong and what to do. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly fault: StorageFault;

  constructor(fault: StorageFault, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.fault = fault;
  }
}
