import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { BackupView } from '../../contract/index.ts';
import { type Clock, TraderError, utcText } from '../../domain/index.ts';
import { asStorageError, StorageError, type StorageFault } from '../../storage/index.ts';
import { booksOf } from './books-care.ts';
import type { BooksSettings } from './store-names.ts';

const FOLDER = 'backups';
const WORKER_FILE = new URL(
  import.meta.url.endsWith('.ts') ? './backup-worker.ts' : './backup-worker.js',
  import.meta.url,
);

export interface BackupTask {
  readonly database: string;
  readonly file: string;
}

/** What the thread says at its end; null: the copy is there. */
export type BackupWord = { readonly fault: StorageFault; readonly message: string } | null;

export interface BackupsOptions {
  readonly directory: string;
  readonly settings: BooksSettings;
  /** The wall's: it dates the files. */
  readonly clock: Clock;
}

/** Backups of a mode's books while its program trades, in a folder of the data directory, none over another. */
export class Backups {
  readonly #options: BackupsOptions;
  #isMaking = false;

  constructor(options: BackupsOptions) {
    this.#options = options;
  }

  /** The books as they are now. Nobody waits for it. @throws TraderError in one line; then there is no file. */
  async make(): Promise<BackupView> {
    if (this.#isMaking) throw new TraderError('failure', 'a backup is being made: wait for its end');
    this.#isMaking = true;
    try {
      const task = this.#task();
      await copyInThread(task);
      return { file: task.file, bytes: statSync(task.file).size };
    } finally {
      this.#isMaking = false;
    }
  }

  #task(): BackupTask {
    const { directory, settings, clock } = this.#options;
    const { file: database, owner } = booksOf(directory, settings);
    const folder = join(directory, FOLDER);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw asStorageError(error, folder);
    }
    const time = utcText(clock.now())
      .replaceAll(/[^0-9]+/g, '-')
      .replace(/-$/, '');
    const name = join(folder, `${owner}-${time}`);
    let file = `${name}.sqlite`;
    for (let number = 2; existsSync(file); number += 1) file = `${name}-${number}.sqlite`;
    return { database, file };
  }
}

function copyInThread(task: BackupTask): Promise<void> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(WORKER_FILE, { workerData: task });
    thread.on('message', (word: BackupWord) => {
      if (word === null) resolve();
      else reject(new StorageError(word.fault, word.message));
    });
    const failed = (cause: unknown): void =>
      reject(new TraderError('failure', `the backup was not made (${String(cause)}): try again`, { cause }));
    thread.on('error', failed);
    thread.on('messageerror', failed);
    // After its word this changes nothing.
    thread.on('exit', (code) => failed(`its thread ended with ${code}`));
  });
}
