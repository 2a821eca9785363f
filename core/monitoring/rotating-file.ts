import {
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
import { makePrivate } from '../platform/index.ts';

/** A file that is held is written on by this share of its limit before it is tried again. */
const ON_SHARE = 0.25;

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
  /** From so many bytes on the file makes room. */
  #fullAt: number;

  /** @throws an error of the file system when the folder cannot be written. */
  constructor(options: RotatingFileOptions) {
    this.#options = options;
    this.#fullAt = options.maxBytes;
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
      if (this.#bytes > 0 && this.#bytes + bytes.length > this.#fullAt) this.#rotate();
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

  /**
   * The full file goes out of the way first: where another program holds it, nothing has changed, and it is written on.
   * What cannot move on after that does when the next one is full.
   */
  #rotate(): void {
    this.#release();
    const { maxBytes } = this.#options;
    if (this.#moveOn() && rename(this.#path(0), this.#full)) this.#moveOn();
    this.#descriptor = this.#open();
    this.#fullAt = Math.max(maxBytes, this.#bytes + Math.ceil(maxBytes * ON_SHARE));
  }

  /** Each older file moves one number on, and the full one behind them. False: one of them is held. */
  #moveOn(): boolean {
    if (!existsSync(this.#full)) return true;
    const { keep } = this.#options;
    try {
      if (keep > 0) rmSync(this.#path(keep), { force: true });
    } catch {
      // Held: answered, not ignored.
      return false;
    }
    for (let age = keep; age > 0; age -= 1) {
      const younger = age === 1 ? this.#full : this.#path(age - 1);
      if (existsSync(younger) && !rename(younger, this.#path(age))) return false;
    }
    // With none to keep the full one goes.
    rmSync(this.#full, { force: true });
    return true;
  }

  /** Opens to append: should a rename have failed, nothing is lost but the limit on the size. */
  #open(): number {
    const descriptor = openSync(this.#path(0), 'a', 0o600);
    // Where that cannot be had, as on a stick in exFAT, the start of the program says so once.
    makePrivate(this.#path(0));
    this.#bytes = fstatSync(descriptor).size;
    return descriptor;
  }

  #release(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = null;
    this.#bytes = 0;
    if (descriptor !== null) closeSync(descriptor);
  }

  /** The full file between its name and its number. */
  get #full(): string {
    return join(this.#options.folder, `${this.#options.name}.full.log`);
  }

  #path(age: number): string {
    const { folder, name } = this.#options;
    return join(folder, age === 0 ? `${name}.log` : `${name}.${age}.log`);
  }
}

/** False where that cannot be had: another program holds one of the two. */
function rename(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch {
    // Answered, not ignored.
    return false;
  }
}
