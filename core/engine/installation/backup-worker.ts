import { parentPort, workerData } from 'node:worker_threads';
import { copyDatabase, StorageError } from '../../storage/index.ts';
import type { BackupTask, BackupWord } from './backups.ts';

/** A thread of its own: copying and reading again what was copied takes seconds where the books are large. */

if (parentPort !== null) {
  // The program starts this thread, with just this.
  const { database, file } = workerData as BackupTask;
  parentPort.postMessage(made(database, file));
}

function made(database: string, file: string): BackupWord {
  try {
    copyDatabase(database, file);
    return null;
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return { fault: error.fault, message: error.message };
  }
}
