import { chmodSync, closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
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
  #descriptor: number;
  #bytes: number;

  /** @throws an error of the file system when the folder cannot be written. */
  constructor(options: RotatingFileOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    this.#descriptor = openSync(this.#path(0), 'a', 0o600);
    chmodSync(this.#path(0), 0o600);
    this.#bytes = fstatSync(this.#descriptor).size;
  }

  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.#bytes > 0 && this.#bytes + bytes.length > this.#options.maxBytes) this.#rotate();
    this.#bytes += writeSync(this.#descriptor, bytes);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #rotate(): void {
    closeSync(this.#descriptor);
    for (let age = this.#options.keep; age > 0; age -= 1) {
      if (existsSync(this.#path(age - 1))) renameSync(this.#path(age - 1), this.#path(age));
    }
    this.#descriptor = openSync(this.#path(0), 'w', 0o600);
    this.#bytes = 0;
  }

  #path(age: number): string {
    const { folder, name } = this.#options;
    return join(folder, age === 0 ? `${name}.log` : `${name}.${age}.log`);
  }
}
