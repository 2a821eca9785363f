import {
  chmodSync,
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

export interface RotatingFileOptions {
  readonly folder: string;
  /** Name without ending: `tradebot` gives tradebot.log, tradebot.1.log, ... */
  readonly name: string;
  readonly maxBytes: number;
  /** Older files kept beside the current one. */
  readonly keep: number;
}

/**
 * A log file that makes room for a new one when it is full. Lines are written at once: what was logged before a
 * crash is in the file. Readable by the owner only.
 */
export class RotatingFile {
  readonly #options: RotatingFileOptions;
  /** Null between two files, and after closing. */
  #descriptor: number | null;
  #bytes = 0;
  #closed = false;
  #lostLines = 0;

  /** @throws an error of the file system when the folder cannot be written. */
  constructor(options: RotatingFileOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    this.#descriptor = this.#open();
  }

  /** Lines that could not be written: the disk was full, or the file closed. */
  get lostLines(): number {
    return this.#lostLines;
  }

  /** Never throws: what cannot be logged must not stop what was to be logged. */
  write(line: string): void {
    try {
      if (this.#closed) throw new Error('the log is closed');
      const bytes = Buffer.from(line);
      if (this.#bytes > 0 && this.#bytes + bytes.length > this.#options.maxBytes) this.#rotate();
      this.#descriptor ??= this.#open();
      this.#bytes += writeSync(this.#descriptor, bytes);
    } catch {
      // Counted, and shown to whoever asks.
      this.#lostLines += 1;
    }
  }

  /** Calling it twice does no harm. */
  close(): void {
    this.#closed = true;
    if (this.#descriptor === null) return;
    fsyncSync(this.#descriptor);
    this.#release();
  }

  #rotate(): void {
    this.#release();
    const { keep } = this.#options;
    rmSync(this.#path(keep), { force: true });
    for (let age = keep; age > 0; age -= 1) {
      if (existsSync(this.#path(age - 1))) renameSync(this.#path(age - 1), this.#path(age));
    }
  }

  /** Opens to append: should a rename have failed, nothing is lost but the limit on the size. */
  #open(): number {
    const descriptor = openSync(this.#path(0), 'a', 0o600);
    chmodSync(this.#path(0), 0o600);
    this.#bytes = fstatSync(descriptor).size;
    return descriptor;
  }

  #release(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = null;
    this.#bytes = 0;
    if (descriptor !== null) closeSync(descriptor);
  }

  #path(age: number): string {
    const { folder, name } = this.#options;
    return join(folder, age === 0 ? `${name}.log` : `${name}.${age}.log`);
  }
}
